"""What is told beside the act: for whom, by whom decided, and what the accused answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.entities.tokens import is_common
from extract.law import load as load_law
from extract.mentions.frames import Frame
from extract.mentions.sentences import Sentence

_NUMBER = r"(?:0?\d{1,2}|satu|dua|tiga|empat|lima|enam|siji|loro|telu|papat|hiji|settong|ampat)"
_NAME = r"(?:[A-Z][\w'’.]+(?:\s*[-–—&]\s*|\s+(?:dan\s+)?)?){1,5}"
_OFFICE = (
    r"(?:bupati|wali\s?kota|gubernur|presiden|wakil\s+\w+(?:\s+kota)?|anggota\s+\w+|legislatif)"
)
BENEFICIARY = re.compile(
    rf"\b(?P<who>(?:(?:salah\s+satu|seorang|sebuah|bakal|(?i:bakal))\s+)*"
    rf"(?i:pasangan(?:\s+calon)?|paslon|bapaslon|calon|kandidat|cabup|cawabup|cagub|cawagub|cawali|"
    rf"cawawali|caleg|capres|cawapres|bacabup|bacaleg|balon|petahana|tim\s+sukses|tim\s+pemenangan|"
    rf"parpol|partai)"
    rf"(?:\s+(?i:{_OFFICE})(?:\s+dan\s+(?i:{_OFFICE}))?)?"
    rf"(?:\s+(?i:nomor\s+urut|nomor|nomer|no\.?|nmr)\s*(?i:{_NUMBER})|\s+0\d\b)?"
    rf"(?:,?\s+{_NAME})?)"
)
TICKET = re.compile(rf"\b(?i:nomor\s+urut|nomor|nomer|no\.?|nmr)\s*(?i:{_NUMBER})\b")
AUTHORITY_STAGES = {
    "proven": ("bkn", "kasn", "court", "ppk", "bawaslu"),
    "dismissed": ("court", "bawaslu", "bkn", "kasn", "police", "ppk"),
    "under_examination": ("bawaslu", "bkn", "kasn", "police", "ppk"),
    "reported": ("bawaslu",),
    "alleged": (),
}


def beneficiary(frames: Sequence[Frame], index: int) -> str:
    """Who gains: from the act's sentence, else the nearest one that names a candidate's side; the
    title, whose capitals hide where a name ends, comes last."""
    order = [index, index - 1, index + 1, 0, index - 2, index + 2, *range(len(frames))]
    for place in sorted(order, key=lambda i: 0 <= i < len(frames) and frames[i].sentence.is_title):
        if 0 <= place < len(frames):
            text = frames[place].sentence.text
            found = sorted(
                (m["who"].strip(" ,.-–—") for m in BENEFICIARY.finditer(text)),
                key=len,
                reverse=True,
            )
            if found:
                return found[0]
            ticket = TICKET.search(text)
            if ticket:
                return ticket.group()
    return ""


def stage_by(stage: str, frames: Sequence[Frame], order: Sequence[int]) -> str:
    """The authority named where the stage is told: looked for in the frames in ``order`` that
    hold the stage's cues; ``""`` where the text names none."""
    wanted = AUTHORITY_STAGES[stage]
    group = {"under_examination": "examined"}.get(stage, stage)
    for index in order:
        sentence = frames[index].sentence
        if group in sentence.groups:
            named = _authority(sentence, wanted)
            if named:
                return named
    return ""


def _authority(sentence: Sentence, wanted: Sequence[str]) -> str:
    """The first wanted authority in the sentence, with the place it serves where named."""
    by_id = {a.id: a for a in load_law().authorities}
    best: tuple[int, str] | None = None
    for authority in (by_id[i] for i in wanted):
        for alias in authority.aliases:
            match = re.search(
                rf"\b{re.escape(alias)}\b(?:\s+(?:Kabupaten|Kota|Provinsi))?(?:\s+[A-Z][a-z]+){{0,2}}",
                sentence.text,
            )
            if match and (best is None or match.start() < best[0]):
                best = (match.start(), _without_verbs(match.group(), alias))
        if best:
            return best[1]
    return ""


def _without_verbs(named: str, alias: str) -> str:
    """The authority's name with its place, without what a headline goes on with: "Bawaslu Palu
    [Setop]"."""
    kept = alias.split()
    for word in named.split()[len(kept) :]:
        if is_common(word.lower()) and word not in {"Kabupaten", "Kota", "Provinsi"}:
            break
        kept.append(word)
    return " ".join(kept).removesuffix(" Kabupaten").removesuffix(" Kota")


def answer(frames: Sequence[Frame], names: Sequence[str]) -> tuple[bool, str]:
    """Whether the accused denies it, and the sentence that says so.

    ``names`` are words by which the accused is called. A denial told by an authority or another
    person does not count.
    """
    parts = {part.lower() for name in names for part in name.split() if len(part) > 2}
    for place, frame in enumerate(frames):
        sentence = frame.sentence
        if "denial" not in sentence.groups or sentence.noise:
            continue
        words = set(sentence.lower)
        mine = bool(words & parts) or bool(words & {"ia", "dia", "terlapor", "beliau"})
        if "watchdog" in sentence.groups and not words & parts:
            continue
        if mine or frame.carried:
            text = sentence.text
            if (
                not sentence.quoted
                and place + 1 < len(frames)
                and frames[place + 1].sentence.quoted
            ):
                text = f"{text} {frames[place + 1].sentence.text}"
            return True, text
    return False, ""
