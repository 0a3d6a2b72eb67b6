"""How witnesses are heard on a reading.

Each witness gives paragraphs; a block has a witness's vote when its words stand in one of
them. Agreement is the share of characters that both readings keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extract.page.blocks import is_prose
from extract.page.judge import Verdict

_WORD = re.compile(r"\w+")


def squeeze(text: str) -> str:
    """Words without case, spaces and marks, so that two readings can be compared."""
    return "".join(_WORD.findall(text.casefold()))


def vote(verdicts: list[Verdict], name: str, paragraphs: Iterable[str]) -> None:
    """Note for each block whether the witness ``name`` has it."""
    whole = "\n".join(squeeze(paragraph) for paragraph in paragraphs)
    for verdict in verdicts:
        words = squeeze(verdict.text)
        verdict.votes[name] = len(words) >= 3 and words in whole


def agreement(verdicts: list[Verdict], name: str, paragraphs: Iterable[str]) -> float:
    """Characters kept by both over characters kept by either, 0 to 1."""
    kept = sum(len(squeeze(v.text)) for v in verdicts if v.kept)
    both = sum(len(squeeze(v.text)) for v in verdicts if v.kept and v.votes.get(name))
    theirs = sum(len(squeeze(p)) for p in paragraphs)
    either = kept + theirs - both
    return both / either if either > 0 else 1.0


def settle(verdicts: list[Verdict], names: list[str]) -> None:
    """Decide each block by its witnesses where readings differ.

    A block that the reading keeps falls when it is no sentence and no witness has it; one
    that fell for being outside comes back when all witnesses have it and neither its place
    nor its wording speaks against it.
    """
    for verdict in verdicts:
        in_favour = sum(verdict.votes.get(name, False) for name in names)
        if verdict.kept and in_favour == 0 and not is_prose(verdict.block):
            verdict.kept = False
            verdict.reasons.append("no witness has it")
        elif (
            not verdict.kept
            and in_favour == len(names) > 1
            and verdict.reasons == ["outside the article"]
            and is_prose(verdict.block)
            and not verdict.block.cues
        ):
            verdict.kept = True
            verdict.reasons.append("all witnesses have it")
