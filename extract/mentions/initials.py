"""Initials by which papers call an accused: "berinisial EP", "Camat Sumber HW", "MT, yang ...".

An abbreviation of the field (SK, PNS, KPU) counts only where the text says what it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extract.entities.tokens import lexicon
from extract.mentions.words import word_set

_RUN = r"[A-Z]{1,4}\b(?:(?:\s*,\s*(?:dan\s+|serta\s+)?|\s+(?:dan|serta)\s+)[A-Z]{1,4}\b)*"
INTRODUCED = re.compile(rf"\b(?:ber)?[Ii]nisial(?:nya)?\b[\s:,\"“]*({_RUN})")
APPOSED = re.compile(
    r"\b([A-Z]{1,3}), (?:seorang )?(?:guru|pegawai|pejabat|staf|PNS|ASN|PPPK|dosen|bidan|perawat|"
    r"penyuluh|camat|lurah|kepala|sekretaris|analis|pengawas|operator)\b"
)
BARE = re.compile(r"(?:(?<=[,.“\"–—-] )|(?<=\n)|(?<=[“\"]))([A-Z]{2,3})(?=, | yang | [a-z]{4,})")
PARTIAL = re.compile(r"\b([A-Z][a-z]+(?:['’][a-z]+)? [A-Z])\.(?= (?:dan |[a-z]{4,}))")
ROMAN = re.compile(r"[IVX]+")
CLOSING = re.compile(r"(?<=[a-z]) ([A-Z]{2,4})$")
INITIALS = re.compile(r"[A-Z]{1,4}")


def initials_in(text: str, *, introduced: bool = False) -> list[str]:
    """The initials of persons in ``text``, in the order in which they are first told; also names
    cut to one ("Yunita D."). With ``introduced`` only those that the text says to be some, as in
    a post, where anything may stand in capitals."""
    found: dict[str, int] = {}
    for match in INTRODUCED.finditer(text):
        for one in INITIALS.finditer(match[1]):
            found.setdefault(one.group(), match.start(1) + one.start())
    if introduced:
        return sorted(found, key=lambda name: found[name])
    for match in APPOSED.finditer(text):
        found.setdefault(match[1], match.start(1))
    for match in PARTIAL.finditer(text):
        found.setdefault(match[1], match.start(1))
    for match in BARE.finditer(text):
        if not stands_for_thing(match[1]):
            found.setdefault(match[1], match.start(1))
    return sorted(found, key=lambda name: found[name])


def initials_after(office: str) -> str:
    """Initials at the end of an office's words: "Camat Tarumajaya SR", "Kabid Pasar NAP"."""
    match = CLOSING.search(office)
    return "" if match is None or stands_for_thing(match[1]) else match[1]


def stands_for_thing(word: str) -> bool:
    """Whether a word in capitals is an abbreviation of the field or a number."""
    return word in abbreviations() or ROMAN.fullmatch(word) is not None


@lru_cache(maxsize=1)
def abbreviations() -> frozenset[str]:
    """Words in capitals that stand for a thing of the field, not for a person."""
    named = lexicon("agencies")
    told = " ".join(
        [form for entry in named["named"] for form in (entry["full"], *entry["forms"])]
        + [head for entry in named["family"] for head in entry["heads"]]
        + [name for names in lexicon("places")["aliases"].values() for name in names]
    )
    return word_set("abbreviations") | frozenset(re.findall(r"\b[A-Z]{2,4}\b", told))
