"""How witnesses are heard on a reading.

Each witness gives paragraphs; a block has a witness's vote when its words stand in one of
them. Agreement is the share of characters that both readings keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extract.page.blocks import is_prose
from extract.page.cut import why_cut
from extract.page.verdict import Verdict

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


def drop_unseconded(verdicts: list[Verdict], names: list[str]) -> None:
    """Short lines without a sentence that no witness has are furniture of a make that the
    rules do not know; three or more in a row are a list, which witnesses like to drop."""
    run: list[Verdict] = []
    for verdict in [v for v in verdicts if v.kept]:
        if _is_loose_line(verdict) and not any(verdict.votes.get(name) for name in names):
            run.append(verdict)
            continue
        _drop_short_run(run)
        run = []
    _drop_short_run(run)


def _is_loose_line(verdict: Verdict) -> bool:
    text = verdict.text
    return (
        verdict.block.tag not in ("tr", "td", "th", "table")
        and not verdict.block.is_heading
        and not is_prose(verdict.block)
        and len(text) < 60
        and not text.endswith((".", "!", "?", ":", "”", '"', "’"))
    )


def _drop_short_run(run: list[Verdict]) -> None:
    if len(run) < 3:
        for verdict in run:
            verdict.kept = False
            verdict.reasons.append("no sentence, and no witness has it")


def settle(verdicts: list[Verdict], said: dict[str, list[str]], heard: dict[str, float]) -> None:
    """Decide each block by its witnesses where readings differ.

    - If no witness agrees with the reading but they agree with each other, the reading took
      the wrong part of the page: what most of them have is the text.
    - Else a line that the reading keeps falls when it is no sentence and no witness has it;
      one that fell for being outside comes back when all witnesses have it and neither its
      place nor its wording speaks against it.
    """
    names = list(said)
    outvoted = len(names) > 1 and max(heard.values()) < 0.4 and _alike(said) > 0.6
    for verdict in verdicts:
        votes = sum(verdict.votes.get(name, False) for name in names)
        if outvoted:
            _follow(verdict, votes * 2 > len(names))
        elif (
            not verdict.kept
            and votes == len(names) > 1
            and verdict.reasons == ["outside the article"]
            and is_prose(verdict.block)
            and not verdict.block.cues
            and why_cut(verdict.text) is None
        ):
            verdict.kept = True
            verdict.reasons.append("all witnesses have it")
    if not outvoted:
        drop_unseconded(verdicts, names)


def _follow(verdict: Verdict, wanted: bool) -> None:
    wanted = (
        wanted
        and not {"hidden", "cards"} & set(verdict.block.cues)
        and why_cut(verdict.text) is None
    )
    if wanted != verdict.kept:
        verdict.kept = wanted
        verdict.reasons.append("the witnesses agree against the reading")


def _alike(said: dict[str, list[str]]) -> float:
    """The share of their words that the first two witnesses have in common."""
    first, second = ({squeeze(p) for p in paragraphs} for paragraphs in list(said.values())[-2:])
    both = sum(map(len, first & second))
    return both / max(1, sum(map(len, first | second)))
