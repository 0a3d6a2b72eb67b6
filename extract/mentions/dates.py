"""The day an act happened, where the text tells it, relative to publication.

A date beside a speech verb is the day somebody spoke, not the day of the act, and is passed over
unless nothing else is told in the act's own sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from extract.mentions.words import days_back, numbered

MONTHS = numbered("months", start=1)
WEEKDAYS = numbered("weekdays", start=0)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = "|".join(WEEKDAYS)
NUMERIC = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?\b")
WORDED = re.compile(rf"\b(\d{{1,2}})\s+({_MONTH})\b\.?(?:\s+(\d{{4}}))?", re.IGNORECASE)
WEEKDAY = re.compile(
    rf"\b({_DAY})\b(?:\s+(?:pagi|siang|sore|malam|petang|dini hari))?\s*(pekan lalu|lalu|kemarin)?",
    re.IGNORECASE,
)
RELATIVE = re.compile(
    r"\b(kemarin lusa|kemarin|kemaren|tadi (?:pagi|siang|sore|malam)|tadi|semalam|hari ini|"
    r"pagi ini|malam ini|dua hari lalu|tiga hari lalu)\b",
    re.IGNORECASE,
)
BACK = days_back()
DAYS_OF_WEEK = 7
SPEECH = re.compile(
    r"\b(?:kata|ujar|ucap|tutur|ungkap|jelas|tegas|pungkas|imbuh|tambah|papar|terang|beber|"
    r"mengatakan|menyatakan|menjelaskan|menegaskan|mengungkapkan|menuturkan|menambahkan|"
    r"menerangkan|dikonfirmasi|ditemui|dihubungi|dilansir|kepada wartawan|dikutip)\w*\b[^.;]*$",
    re.IGNORECASE,
)


REACH = 90
STEP = re.compile(
    r"\b(?:diperiksa|memeriksa|dipanggil|memanggil|diklarifikasi|klarifikasi|dilaporkan|melaporkan|"
    r"melapor|diteruskan|meneruskan|dilimpahkan|pleno|rapat koordinasi|rakor|diserahkan|divonis|"
    r"putusan|sidang|diputus|dijatuhi|menjatuhkan|terbit|diumumkan|diterima|menerima|merilis|"
    r"dirilis|pemeriksaan|dimintai|surat|bersurat|mendatangi|diregistrasi|ditetapkan)\b[^.;]*$",
    re.IGNORECASE,
)


def act_date(sentence: str, *, near: Sequence[str], published: date | None) -> date | None:
    """The date told in ``sentence``, else in the first of the sentences ``near`` that tells one;
    ``None`` where none does."""
    for text in (sentence, *near):
        for found, place in _dates(text, published):
            if published is not None and found > published:
                continue
            if not _spoken(text, place):
                return found
    return None


def _spoken(text: str, place: int) -> bool:
    """Whether the date at ``place`` is that of a statement or of an office's step."""
    before = text[max(0, place - REACH) : place]
    return SPEECH.search(before) is not None or STEP.search(before) is not None


def _dates(text: str, published: date | None) -> Iterator[tuple[date, int]]:
    taken: list[tuple[int, int]] = []
    for match in NUMERIC.finditer(text):
        day, month, year = match.groups()
        found = _make(int(day), int(month), year, published)
        if found:
            taken.append(match.span())
            yield found, match.start()
    for match in WORDED.finditer(text):
        found = _make(int(match[1]), MONTHS[match[2].lower()], match[3], published)
        if found:
            taken.append(match.span())
            yield found, match.start()
    if taken or published is None:
        return
    for match in RELATIVE.finditer(text):
        yield published - timedelta(days=BACK.get(match[1].lower(), 0)), match.start()
    for match in WEEKDAY.finditer(text):
        back = (published.weekday() - WEEKDAYS[match[1].lower()]) % 7
        if (match[2] or "").lower() == "pekan lalu":
            back = published.weekday() - WEEKDAYS[match[1].lower()] + DAYS_OF_WEEK
        yield published - timedelta(days=back), match.start()


def _make(day: int, month: int, year: str | None, published: date | None) -> date | None:
    """A date without year is the last such day not after publication."""
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        if published is None:
            return None
        found = date(published.year, month, day)
        return found if found <= published else date(published.year - 1, month, day)
    except ValueError:
        return None
