"""What an accused is called where the sentence of the act gives no name.

Papers often tell the act of "Camat Sumber" or "seorang penyuluh" and give the name or the initials
in another sentence. A name is taken from there only where it can be nobody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract.mentions.frames import Frame, Party
from extract.mentions.who import Named, may_be_name
from extract.mentions.words import word_set

HONORIFIC = re.compile(r"\b(?:[Pp]ak|[Bb]u|[Bb]apak|[Ii]bu|[Mm]as|[Mm]bak)\s+$")
OPENS = re.compile(r"(?:^|[.!?\n\"“”]\s*)(?:(?:[A-Z]\w{0,3}\.|[Pp]ak|[Bb]u|[Bb]apak|[Ii]bu)\s*)*$")
SPEECH = word_set("speech_verbs")
MANY = word_set("numbers") | word_set("generic_leads") | {"sejumlah", "beberapa"}
APPOSED = re.compile(r",\s+(?:para |sesama |ketiganya |keduanya |sama-sama )?[a-z]+\s")
REACH = 12
LIST_GAP = 50
"""Characters that part two names of one list at most."""
HEADLINE = 3
"""A text of fewer sentences names nobody a second time."""


def is_many(party: Party, frame: Frame) -> bool:
    """Whether several are meant: "lima ASN", "dua guru", "para camat"."""
    before = frame.sentence.lower[max(0, party.first - 2) : party.first]
    before = before[:-1] if before[-1:] in (["orang"], ["oknum"]) else before[-1:]
    return party.how == "plural" or not MANY.isdisjoint([*before, party.text.lower().split()[0]])


def only_other(frames: Sequence[Frame], persons: Sequence[Named], text: str, *, post: bool) -> str:
    """The one person of the text who has no role of another and of whom something is told; ``""``
    where there are several or none."""
    names = {p.name for p in persons if p.group == "" and _spoken_of(p, frames, text, post=post)}
    return names.pop() if len(names) == 1 else ""


def _spoken_of(person: Named, frames: Sequence[Frame], text: str, *, post: bool) -> bool:
    """Whether the person opens a sentence as one who does or suffers something, or a post speaks
    of "pak Slamet"; not where only his words are told, or he is said to be something else."""
    if not may_be_name(person, text):
        return False
    for start, end in person.spans:
        if post and HONORIFIC.search(text, max(0, start - REACH), start):
            return True
        if post or len(frames) < HEADLINE:
            continue
        following = text[end : end + 2 * REACH].split()
        if not text[end : end + 1].isspace() or not OPENS.search(text, max(0, start - 9), start):
            continue
        if not following or following[0].lower() in SPEECH or not following[0].islower():
            continue
        frame = next((f for f in frames if f.sentence.start <= start < f.sentence.end), None)
        if frame is not None and not frame.sentence.is_title and following[0] not in {"dari"}:
            return True
    return False


def listed_with(
    first: Named, persons: Sequence[Named], text: str, *, several: bool
) -> Iterator[Named]:
    """Civil servants named in one breath with ``first``: "Yunita Dakhi dan Faolala Halawa".

    Where the text tells of ``several``, those whose office it does not tell count as well.
    """
    joined = re.compile(r",?\s+(?:dan|serta|&)\s+|,\s+")
    for other in persons:
        if other is first or other.group not in ("", "asn_office"):
            continue
        if not other.group and not several and not _shares_office(other, first, text):
            continue
        pairs = [(end, start) for _, end in first.spans for start, _ in other.spans]
        pairs += [(end, start) for _, end in other.spans for start, _ in first.spans]
        for end, start in pairs:
            between = text[end:start] if 0 < start - end <= LIST_GAP else "."
            match = joined.match(between)
            rest = between[match.end() :] if match else "."
            if match and (not rest or re.fullmatch(r"(?:[A-Z][\w.]*\s+){1,4}", rest)):
                yield other
                break


def _shares_office(other: Named, first: Named, text: str) -> bool:
    """Whether the office told behind ``first`` is that of all who are listed before: "Ai, Tuti, dan
    Neng Sarah, guru madrasah"."""
    behind = any(APPOSED.match(text, end) for _, end in first.spans)
    return behind and any(end <= start for _, end in other.spans for start, _ in first.spans)
