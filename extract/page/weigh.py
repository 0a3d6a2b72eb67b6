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
_LONG, _OWN, _OPENING = 25, 120, 50
_APART, _TOGETHER = 0.4, 0.6
_WEAK = frozenset(
    (
        "outside the article",
        "before the first sentence",
        "below the text and apart from it",
        "a box without a sentence",
        "closing line without a sentence",
        "heading without text",
    )
)
"""Why a block falls for where it stands, and neither for its own words nor its box's name."""


def squeeze(text: str) -> str:
    """Words without case, spaces and marks, so that two readings can be compared."""
    return "".join(_WORD.findall(text.casefold()))


def vote(verdicts: list[Verdict], name: str, paragraphs: Iterable[str]) -> None:
    """Note for each block whether the witness ``name`` has it, as a line or part of one; a
    longer block may stand on several of its lines."""
    lines = [squeeze(paragraph) for paragraph in paragraphs]
    parted, whole = "\n".join(lines), "".join(lines)
    for verdict in verdicts:
        words = squeeze(verdict.text)
        long = len(words) >= _LONG
        verdict.votes[name] = len(words) >= 3 and (words in parted or (long and words in whole))


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
    if follow_the_agreed(verdicts, said, heard):
        return
    names = list(said)
    for verdict in verdicts:
        votes = sum(verdict.votes.get(name, False) for name in names)
        if (
            not verdict.kept
            and votes == len(names) > 1
            and verdict.reasons == ["outside the article"]
            and is_prose(verdict.block)
            and not verdict.block.cues
            and why_cut(verdict.text) is None
        ):
            verdict.kept = True
            verdict.reasons.append("all witnesses have it")
    drop_unseconded(verdicts, names)


def follow_the_agreed(
    verdicts: list[Verdict], said: dict[str, list[str]], heard: dict[str, float]
) -> bool:
    """Take what most witnesses have, where none agrees with the reading and they agree with
    each other; whether that was so."""
    names = list(said)
    if len(names) < 2 or max(heard.values()) >= _APART or _alike(said) <= _TOGETHER:
        return False
    for verdict in verdicts:
        votes = sum(verdict.votes.get(name, False) for name in names)
        _follow(verdict, votes * 2 > len(names))
    return True


def settle_by_majority(
    verdicts: list[Verdict], names: list[str], title_at: int | None, title: str
) -> None:
    """Of three readings, ours and two witnesses', the two that agree are right: for languages
    whose pages our rules know less well than the libraries do.

    What fell by its own words or its box's name stays out, and so does what stands above the
    headline or repeats it; a long sentence that we have stays in.
    """
    headline = squeeze(title)
    run: list[Verdict] = []
    began = False
    for position, verdict in enumerate(verdicts):
        began = began or (verdict.kept and is_prose(verdict.block))
        theirs = [verdict.votes.get(name, False) for name in names]
        if verdict.kept and not any(theirs):
            run.append(verdict)
            continue
        if (
            not verdict.kept
            and all(theirs)
            and _fell_by_place(verdict)
            and (began or is_prose(verdict.block))
            and position > (-1 if title_at is None else title_at)
            and squeeze(verdict.text) != headline
        ):
            verdict.kept = True
            verdict.reasons.append("both witnesses have it")
        if verdict.kept:
            _drop_but_sentences(run)
            run = []
    _drop_but_sentences(run)


def _drop_but_sentences(run: list[Verdict]) -> None:
    """Of what only we have, what stands before the first long sentence and its heading falls."""
    sentence = next(
        (i for i, v in enumerate(run) if is_prose(v.block) and len(v.text) >= _OWN), len(run)
    )
    if 0 < sentence < len(run) and run[sentence - 1].block.is_heading:
        sentence -= 1
    for verdict in run[:sentence]:
        verdict.fall("neither witness has it")


def _fell_by_place(verdict: Verdict) -> bool:
    why = verdict.reasons[-1] if verdict.reasons else ""
    return why in _WEAK or why.startswith("after “")


def prefer_described(verdicts: list[Verdict], description: str) -> None:
    """Where all that was kept are items of a list (a chat beside a live page's player), and the
    page describes itself with a paragraph that was not, that paragraph is the text."""
    kept = [verdict for verdict in verdicts if verdict.kept]
    opening = squeeze(description)[:_OPENING]
    if not kept or len(opening) < _OPENING or any(v.block.tag != "li" for v in kept):
        return
    for verdict in verdicts:
        if is_prose(verdict.block) and squeeze(verdict.text).startswith(opening):
            for other in kept:
                other.fall("a list beside what the page says of itself")
            verdict.kept = True
            verdict.reasons.append("the page's own description")
            return


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
