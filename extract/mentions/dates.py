"""The day an act happened, where the text tells it, relative to publication.

Each date of the text is weighed by what stands before it: the day somebody spoke, an office took a
step or people vote is not the day of the act.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from extract.mentions.words import colloquial_days, days_ago, days_back, numbered

MONTHS = numbered("months", start=1)
WEEKDAYS = numbered("weekdays", start=0)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = "|".join(WEEKDAYS)
NUMERIC = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?\b")
WORDED = re.compile(rf"\b(\d{{1,2}})\s+({_MONTH})\b\.?(?:\s+(\d{{4}}))?", re.IGNORECASE)
RANGE = re.compile(
    rf"\b(\d{{1,2}})\s*(?:sampai|hingga|dan|–|-)\s*(\d{{1,2}})\s+({_MONTH})\b\.?(?:\s+(\d{{4}}))?",
    re.IGNORECASE,
)
WEEKDAY = re.compile(
    rf"\b({_DAY})\b(?:\s+(?:pagi|siang|sore|malam|petang|dini hari))?\s*(pekan lalu|lalu|kemarin)?",
    re.IGNORECASE,
)
RELATIVE = re.compile(
    r"\b(kemarin lusa|kemarin|kemaren|(?:tadi|td) (?:pagi|siang|sore|malam)|tadi|semalam|hari ini|"
    rf"pagi ini|malam ini|dua hari lalu|tiga hari lalu|{'|'.join(colloquial_days())})\b",
    re.IGNORECASE,
)
DAYS_AGO = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(days_ago())}) hari (?:yang )?(?:lalu|silam)\b", re.IGNORECASE
)
LAST_WEEK = re.compile(r"minggu\s+lalu\b")
"""In small letters "minggu" is a week, which tells no day."""
BACK = days_back() | colloquial_days()
DAYS_OF_WEEK = 7
_SAID = (
    r"kata|ujar|ucap|tutur|ungkap|jelas|tegas|pungkas|imbuh|tambah|papar|terang|beber|"
    r"mengatakan|menyatakan|menjelaskan|menegaskan|mengungkapkan|menuturkan|menambahkan|"
    r"menerangkan|dikonfirmasi|ditemui|dihubungi|dilansir|kepada wartawan|dikutip"
)
SPEECH = re.compile(rf"\b(?:{_SAID})\w*\b[^.;]*$", re.IGNORECASE)

REACH = 90
_STEPS = (
    r"diperiksa|memeriksa|dipanggil|memanggil|diklarifikasi|klarifikasi|dilaporkan|melaporkan|"
    r"melapor|diteruskan|meneruskan|dilimpahkan|pleno|rapat koordinasi|rakor|diserahkan|divonis|"
    r"putusan|sidang|diputus|memutus|dijatuhi|menjatuhkan|terbit|diumumkan|merilis|"
    r"dirilis|pemeriksaan|dimintai|surat panggilan|bersurat|diregistrasi|ditetapkan|"
    r"belum menjawab|didatangi|dibawa ke|menerjunkan|beredar|viral|menerima laporan|"
    r"menyurati|menyebut|mencatat|dimasukkan|disampaikan|mengadu|diadukan|memutuskan|mengusulkan|"
    r"menyimpulkan|dibacakan|keputusan|rekomendasi|"
    r"ke (?:kantor )?(?:bawaslu|panwas\w*|bkn|kasn|gakkumdu|inspektorat)"
)
STEP = re.compile(rf"\b(?:{_STEPS})\b[^.;]*$", re.IGNORECASE)
VOTE = re.compile(
    r"\b(?:pemungutan suara|pencoblosan|pilkada(?: ulang)?|pemilu|psu|dijadwalkan|digelar ulang|"
    r"penetapan|status calon|sebelum|jelang|menjelang|akan|supaya|"
    r"bakal(?! (?:pasangan )?(?:calon|cal\w+)))\b[^.;]*$",
    re.IGNORECASE,
)
HAPPENED = re.compile(
    r"\b(?:kejadian|peristiwa|acara|kegiatan|pertemuan|berlangsung|terjadi|direkam|diunggah|"
    r"mengunggah|foto|video|digelar|bermula|saat|ketika|waktu)\b[^.;]*$",
    re.IGNORECASE,
)
ACT = re.compile(
    r"\b(?:mengambil|mengembalikan|mengantar|membawa|menghadiri|hadir|dikumpulkan|mengumpulkan|"
    r"deklarasi|kampanye|pelatihan|membagi\w*|dibagi\w*|dilakukan|bertamu|mendatangi|memasang|"
    r"dipasang|menyerahkan|rapat tim|arisan|pengajian|hajatan|senam|jalan sehat|blusukan|konvoi|"
    r"ikut|naik|berpose|berfoto|mengirim|menulis|membentang\w*|mengajak|meminta|berpidato|berorasi|"
    r"bertemu|menemui|mendampingi|pasar murah|ditempel\w*|menempel\w*)\b[^.;]*$",
    re.IGNORECASE,
)
"""What is done or where; a day behind it is the day of that."""
SINCE = re.compile(r"\b(?:sejak|hingga|sampai|per|mulai|paling lambat)\s*$", re.IGNORECASE)
OPENING = 30
"""A date that begins within so many characters of its sentence opens it."""
OTHER_AFTER = re.compile(rf"[^.;]{{0,45}}?\b(?:{_STEPS}|{_SAID})\w*\b", re.IGNORECASE)
DATELINE = re.compile(r"[\d/.]+\)? [–—-] ")
FAR = 6
ENOUGH = 0.6
"""A date that weighs less is none of the act."""


def act_date(sentence: str, *, near: Sequence[str], published: date | None) -> date | None:
    """The likeliest day of the act that ``sentence`` tells; ``None`` where no day is told.

    ``near`` are the text's other sentences, the nearest first. A day in the act's own sentence
    counts most; one of a statement, of an office's step or of the voting itself hardly.
    """
    best: tuple[float, date] | None = None
    for step, text in enumerate((sentence, *near)):
        for found, place in _dates(text, published):
            if published is not None and found > published:
                continue
            weight = _weight(text, place) - min(step, FAR) / 2 + (1.0 if step == 0 else 0.0)
            if weight > ENOUGH and (best is None or weight > best[0]):
                best = (weight, found)
    return best[1] if best else None


def _weight(text: str, place: int) -> float:
    """How likely the date at ``place`` is that of what ``text`` tells: what stands nearest before
    it says what happened on that day; of a date that opens its sentence, what comes after it."""
    before = text[max(0, place - REACH) : place]
    weight = 3.5
    other = max(_last(pattern, before) for pattern in (SPEECH, STEP, VOTE))
    happened, act = _last(HAPPENED, before), _last(ACT, before)
    if max(other, happened, act) < 0 and place < OPENING:
        opened = OTHER_AFTER.match(text, place)
        if opened or DATELINE.match(text, place):
            weight -= 5.0
    elif other > max(happened, act):
        weight -= 5.0
    if happened >= 0:
        weight += 1.0
    if SINCE.search(before):
        weight -= 1.5
    if "(" in before[-2:]:
        weight += 0.5
    return weight


def _last(pattern: re.Pattern[str], before: str) -> int:
    """Where the last match that reaches to the end of ``before`` begins; -1 for none."""
    found = -1
    match = pattern.search(before)
    while match is not None:
        found = match.start()
        match = pattern.search(before, found + 1)
    return found


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
    for match in RANGE.finditer(text):
        found = _make(int(match[1]), MONTHS[match[3].lower()], match[4], published)
        if found:
            yield found, match.start()
    if taken or published is None:
        return
    for match in RELATIVE.finditer(text):
        yield published - timedelta(days=BACK.get(match[1].lower(), 0)), match.start()
    for match in DAYS_AGO.finditer(text):
        told = match[1].lower()
        days = int(told) if told.isdecimal() else days_ago()[told]
        yield published - timedelta(days=days), match.start()
    for match in WEEKDAY.finditer(text):
        if LAST_WEEK.match(text, match.start()):
            continue
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
