"""Short texts that tell, or do not tell, which region they and the act in them are about.

Each ``*.txt`` file holds cases that begin with ``=== id | source | article | act``: the code of
the source's own region, the full names of the article's regions (parted by ``;``, the first the one
that counts) and of the act's; ``-`` stands for none. Then comes the title's line (``-`` for none)
and the text, in which ``^`` stands before the words that tell the act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
_HEAD = re.compile(r"^=== (\S+) \| (\S+) \| (.+?) \| (.+)$")


@dataclass(frozen=True, slots=True)
class RegionCase:
    """One text; ``act`` counts code points of title, newline and text."""

    id: str
    source: str
    """Code of the source's region, "" for none."""
    regions: tuple[str, ...]
    """Full names, () where the text tells none."""
    act_region: str
    """Full name, "" where the text tells none."""
    title: str
    text: str
    act: int


def read(folder: Path = HERE) -> Iterator[RegionCase]:
    """All cases of ``folder``. Raises ValueError for one that is not written as above."""
    for path in sorted(folder.glob("*.txt")):
        blocks = path.read_text(encoding="utf-8").split("\n=== ")[1:]
        for block in blocks:
            yield _case(path, f"=== {block}")


def _case(path: Path, block: str) -> RegionCase:
    first, title, text = (block.strip("\n") + "\n\n").split("\n", 2)
    head = _HEAD.match(first)
    if head is None or text.count("^") != 1:
        raise ValueError(f"{path}: {first!r}: write === id | source | article | act, and one ^")
    number, source, regions, act_region = ("" if g == "-" else g for g in head.groups())
    title = "" if title == "-" else title
    text = text.strip("\n")
    names = tuple(name.strip() for name in regions.split(";")) if regions else ()
    act = len(title) + 1 + text.index("^")
    return RegionCase(number, source, names, act_region, title, text.replace("^", ""), act)
