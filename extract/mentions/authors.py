"""A post's author who names an office beside the name: "Hendri Sapto — Kasi Ekbang Kelurahan".

So may the profile that is told beside a post ("Bio: Staf Dishub Kota Pekalongan"). Such an author's
"siap kawal" is the act of whoever holds that office. An account without an office is nobody's here,
and a handle ("@pak.lurah") names no person.
"""

from __future__ import annotations

import re

from extract.mentions.frames import ACTING
from extract.mentions.lexicon import lexicon
from extract.mentions.patterns import words
from pantau.records import NO_NAME, Actor

SIGNED = re.compile(
    r"(?P<name>[^\W\d_@][\w.'’]*(?:\s+[^\W\d_][\w.'’]*){0,4})\s*(?:[—–|,(\[]|\s-\s)\s*"
    r"(?P<office>[^)\]]{3,80})[)\]]?\s*"
)
""" "Name — office", "Name (office)", "Name, office"."""


PROFILE = re.compile(
    r"\b(?:bio|tentang|profil|deskripsi)(?: \w+){0,2}\s*:\s*(?P<office>[^.\n|]{3,90})",
    re.IGNORECASE,
)
""" "Bio: Staf Dishub Kota Pekalongan. Cuitan pribadi.", told beside the post."""


def described(author: str, thread: str) -> Actor | None:
    """The person whose profile, told with what a post answers, names an ASN's office."""
    match = PROFILE.search(thread)
    if match is None:
        return None
    office = match["office"].strip()
    if not any(found.group in ACTING for found in lexicon().find(words(office))):
        return None
    name = author.strip()
    plain = all(word.replace(".", "").isalpha() and word[0].isupper() for word in name.split())
    return Actor(
        name=name if name and plain else NO_NAME, position=office.partition(",")[0].strip()
    )


def signed(author: str) -> Actor | None:
    """The person and office that an account's name tells; None where it tells no ASN's office."""
    match = SIGNED.fullmatch(author.strip())
    if match is None or not match["name"][:1].isalpha():
        return None
    office = match["office"].strip()
    if not any(found.group in ACTING for found in lexicon().find(words(office))):
        return None
    if any(found.group in ACTING for found in lexicon().find(words(match["name"]))):
        return None
    return Actor(name=match["name"].strip(), position=office.partition(",")[0].strip())
