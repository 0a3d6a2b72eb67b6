"""How witnesses are heard on a reading.

Each witness gives paragraphs; a block has a witness's vote when its words stand in one of
them. Agreement is the share of characters that both readings keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extract.page.blocks import is_prose
from extract.page.cut import why_cut
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


def drop_unseconded(verdicts: list[Verdict], name: str) -> None:
    """Short lines without a sentence that the one witness asked does not have are furniture
    of a make that the rules do not know."""
    for verdict in verdicts:
        if (
            verdict.kept
            and not verdict.votes.get(name)
            and verdict.block.tag in ("p", "div", "li", "span", "section", "article")
            and len(verdict.text) < 60
            and not verdict.text.endswith((".", "!", "?", ":", "”", '"', "’"))
        ):
            verdict.kept = False
            verdict.reasons.append(f"no sentence, and {name} has it not")


def settle(verdicts: list[Verdict], said: dict[str, list[str]], heard: dict[str, float]) -> None:
    """Decide each block by its witnesses where readings differ.

    - If no witness agrees with the reading but they agree with each other, the reading took
      the wrong part of the page: what most of them have is the text.
    - Else a block that the reading keeps falls when it is no sentence and no witness has it;
      one that fell for being outside comes back when all witnesses have it and neither its
      place nor its wording speaks against it.
    """
    names = list(said)
    outvoted = len(names) > 1 and max(heard.values()) < 0.4 and _alike(said) > 0.6
    for verdict in verdicts:
        votes = sum(verdict.votes.get(name, False) for name in names)
        if outvoted:
            _follow(verdict, votes * 2 > len(names))
        elif verdict.kept and votes == 0 and not is_prose(verdict.block):
            verdict.kept = False
            verdict.reasons.append("no witness has it")
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
