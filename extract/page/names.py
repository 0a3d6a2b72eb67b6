"""Names of people and desks, cleaned of what bylines set around them.

``names_in`` takes a byline apart; ``person`` and ``desk`` tell by its shape whether a piece
of text is a name at all. The words are data (``data/authors.toml``).
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from extract.page.decode import clean
from extract.page.language import COMMON

_DATA = Path(__file__).with_name("data") / "authors.toml"
WORDS: dict[str, Any] = tomllib.loads(_DATA.read_text(encoding="utf-8"))


def any_of(words: list[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(sorted((re.escape(w) for w in words), key=len, reverse=True))


_WRITER = re.compile(rf"^\W*(?:{any_of(WORDS['writer_labels'])})\b\s*[:：\-–]?\s*", re.I)
_OTHER_ROLE = re.compile(
    rf"(?:[|•,;/\-–]\s*|\s+|^)(?:{any_of(WORDS['other_labels'])})\s*[:：].*$", re.I
)
_OTHER_LABEL = re.compile(rf"\s*[/|,;•]\s*(?:{any_of(WORDS['other_labels'])})\s*$", re.I)
_CONTRIBUTOR = re.compile(r"\bkontributor\s+[\w.]+(?:\s[\w.]+)?\s*,\s*(?=[A-Z])", re.I)
_NOISE = re.compile(rf"\s*(?:[|•·\-–,/]\s*)?(?:{'|'.join(WORDS['noise'])})\s*.*$", re.I)
_DEGREE = rf"(?:{any_of(WORDS['degrees'])})"
_SPLIT = re.compile(
    rf"\s*(?:;|\s&\s|\s/\s|/(?=[A-Z])|\||\bdan\b|\band\b|,(?!\s*{_DEGREE}\b))\s*", re.I
)
_NOT_NAMES = frozenset(WORDS["not_names"])
_SECTIONS = frozenset(WORDS["section_words"])
_LABELS = any_of(WORDS["writer_labels"] + WORDS["other_labels"] + ["dan", "and", "serta"])
_FIRST_LABEL = re.compile(rf"\W*(?:{_LABELS})\b", re.I)
_ANY_LABEL = re.compile(rf"\b(?:{_LABELS})\b", re.I)
_LETTERS = re.compile(r"[^\W\d_]+")
_URL = re.compile(r"https?:|www\.|@|\.(?:com|co|id|net|org)(?:\b|/)", re.I)
_DATED = re.compile(r"\d{1,2}[:.]\d{2}|\b20\d\d\b|\d{1,2}/\d{1,2}")
_LONGEST = 300
_COLON = re.compile(r"[:：]|\boleh\b|\bby\b", re.I)
_ON_DAY = re.compile(
    r"[\s,|]+(?:pada|di|on|at|hari)(?:\s+(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?)?\s*$", re.I
)
_ROLES = any_of(WORDS["professions"])
_ROLE_AFTER = re.compile(
    rf"\s*(?:,|-|–|\(|\s)\s*(?:{_ROLES})\b\)?\s*$"
    r"|,\s*(?:[\w.]+\s){0,3}(?:staff(?: writer| reporter)?|correspondent|columnist)\s*$",
    re.I,
)
_FROM = re.compile(r"\s+(?:melaporkan\s+)?dari\s+[A-Z].*$")
_LEADS = re.compile(r"^[\W\d_]+|[\s,;:|/\-–—•·.(*)]+$")
_ASIDE = re.compile(r"\s*\([^)]*\)$|\s+[-–—]\s+\S+$")
_PARTICLE = r"(?:bin|binti|van|von|der|den|de|da|di|al|el|ibn|la|le|Dg\.?|H\.|Hj\.)"
_NAME_WORD = r"[A-Z][^\W\d_]*(?:[.'’`\-][^\W\d_]+)*\.?"
_PERSON = re.compile(
    rf"(?:{_NAME_WORD}|(?<= ){_PARTICLE})(?:\s+(?:{_NAME_WORD}|{_PARTICLE})){{0,5}}"
)
_DESK = re.compile(rf"(?:{any_of(WORDS['desks'])})(?:\s+[\w.&]+){{0,6}}", re.I)
_ROLE_WORDS = frozenset(word for role in WORDS["professions"] for word in role.split()) | {
    "verified",
    "senior",
    "staff",
}


def names_in(text: str, sites: set[str]) -> tuple[str, ...]:
    """The people or desks that a byline names, without labels, dates and reading times."""
    text = clean(text[:_LONGEST])
    text = _CONTRIBUTOR.sub("", _OTHER_LABEL.sub("", _OTHER_ROLE.sub("", text)))
    for _ in range(2):
        shorter = _WRITER.sub("", text)
        if _COLON.search(text) or shorter.count(" "):  # "Reporter Magang" is a desk
            text = shorter
    text = _ON_DAY.sub("", _ROLE_AFTER.sub("", _FROM.sub("", _NOISE.sub("", text))))
    found: list[str] = []
    for part in _SPLIT.split(text):
        name = _ASIDE.sub("", (part or "").strip())
        name = _ASIDE.sub("", _LEADS.sub("", name).strip()).strip()
        if _is_name(name, sites) and name.casefold() not in {f.casefold() for f in found}:
            found.append(name)
    return tuple(found[:8])


def _is_name(name: str, sites: set[str]) -> bool:
    letters = "".join(c for c in name.casefold() if c.isalnum())
    return (
        2 < len(name) <= 70
        and len(name.split()) <= 8
        and not _URL.search(name)
        and not _DATED.search(name)
        and name.casefold() not in _NOT_NAMES
        and letters not in sites
        and sum(c.isalpha() for c in name) >= 0.7 * len(name.replace(" ", ""))
    )


def person(name: str) -> bool:
    """Whether a text is written like the name of one person, of one word or more."""
    words = name.casefold().split()
    return (
        bool(_PERSON.fullmatch(name))
        and len(name) >= 4
        and _SECTIONS.isdisjoint(words)
        and COMMON.isdisjoint(words)
        and not _ROLE_WORDS.issuperset(words)
    )


def desk(name: str) -> bool:
    """Whether a text names a desk or office that signs articles."""
    return bool(_DESK.fullmatch(name))


def only_credits(text: str) -> bool:
    """Whether a line begins with a label ("Reporter") and holds nothing but labels and names."""
    if not _FIRST_LABEL.match(text) or text.endswith((".", "!", "?")):
        return False
    rest = _ANY_LABEL.sub(" ", text)
    return all(word[0].isupper() for word in _LETTERS.findall(rest))


def all_names(values: Any, sites: set[str]) -> tuple[str, ...]:
    """The names in several values, each once."""
    names: dict[str, None] = {}
    for value in values:
        names.update(dict.fromkeys(names_in(value, sites)))
    return tuple(names)
