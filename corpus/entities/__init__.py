"""Gold for entity recognition: whole articles and posts, labelled in the text itself.

Each ``*.txt`` file holds texts that begin with ``=== id kind | region | topic``, or ``… | topic |
event`` where the text is about the event of an earlier one (both then stand in one split); then
comes the title's line and the text (a post has only a text). A line ``# labels: PER ORG …`` at the
top names the labels of a file that holds others than the first four. ``[[words|L]]`` labels words,
and labels nest:

    ``P`` a person, with the role's letter and the agency at the first mention
        (``[[Sugeng Prihanto|P a Pemerintah Kabupaten Batang]]``); later mentions give the name
        alone (``[[Sugeng|P]]``) and mean the person named before whose name holds it
    ``O`` an organisation with its role's letter, ``L`` a place, ``J`` a position, ``U`` a law or
        rule with its article and number, ``E`` an election or another named event
    ``X`` words where either answer is accepted

Role letters of persons: a asn, c candidate, e elected official, v village official, s security,
b election body, o other; of organisations: g agency, p party, b election body, s security,
m media, o other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
PERSON_ROLES = {
    "a": "asn",
    "c": "candidate",
    "e": "elected_official",
    "v": "village_official",
    "s": "security",
    "b": "election_body",
    "o": "other",
}
ORGANISATION_ROLES = {
    "g": "agency",
    "p": "party",
    "b": "election_body",
    "s": "security",
    "m": "media",
    "o": "other",
}
_LABELS = {
    "P": "PER",
    "O": "ORG",
    "L": "LOC",
    "J": "POSITION",
    "U": "LAW",
    "E": "EVENT",
    "X": "X",
}
_FIRST = ("PER", "ORG", "LOC", "POSITION")
_HEAD = re.compile(r"^=== (\S+) (news|post) \| (.*?) \| (\w+)(?: \| (\w+))?$")
_MARK = re.compile(r"\[\[|\|([POLJUEX])(?: ([a-z])(?: ([^\[\]|]+))?)?\]\]")


class MarkupError(ValueError):
    """A text whose labels do not close or name no one."""


@dataclass(frozen=True, slots=True)
class GoldEntity:
    start: int
    end: int
    text: str
    label: str
    """PER, ORG, LOC, POSITION, LAW, EVENT, or X where either answer is accepted."""
    role: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class GoldText:
    """One labelled text; offsets count code points of title, newline and text."""

    id: str
    kind: str
    title: str
    text: str
    region: str
    """Full name of the region ("Kabupaten Batang", "Provinsi Riau"), "" where it tells none."""
    entities: tuple[GoldEntity, ...] = field(default=())
    event: str = ""
    """What the split goes by; texts about one event share it."""
    labels: tuple[str, ...] = _FIRST
    """What is labelled in this text."""


def read(folder: Path = HERE) -> Iterator[GoldText]:
    """All texts of ``folder``, in the order of its files. Raises MarkupError."""
    for path in sorted(folder.glob("*.txt")):
        block: list[str] = []
        labels: tuple[str, ...] = _FIRST
        for line in [*path.read_text(encoding="utf-8").splitlines(), "=== "]:
            if line.startswith("=== "):
                if block:
                    yield _text(path, block, labels)
                block = [line]
            elif block:
                block.append(line)
            elif line.startswith("# labels:"):
                labels = tuple(line.split()[2:])


def _text(path: Path, block: list[str], labels: tuple[str, ...]) -> GoldText:
    head = _HEAD.match(block[0])
    if head is None:
        raise MarkupError(f"{path}: {block[0]!r} is no head; write === id kind | region | topic")
    marked = "\n".join(block[1:]).strip("\n")
    if head.group(2) == "post":
        marked = "\n" + marked
    elif _opens_with_dateline(marked):
        marked = "\n" + marked  # a release without a headline
    plain, entities = _parse(f"{path}: {head.group(1)}", marked)
    title, _, text = plain.partition("\n")
    region = "" if head.group(3) == "-" else head.group(3)
    number, kind, event = head.group(1, 2, 5)
    return GoldText(number, kind, title, text, region, tuple(entities), event or number, labels)


def _opens_with_dateline(marked: str) -> bool:
    first = marked.split("\n", 1)[0]
    return len(first) > 160


def _parse(where: str, marked: str) -> tuple[str, list[GoldEntity]]:
    plain = ""
    opened: list[int] = []
    found: list[GoldEntity] = []
    known: list[GoldEntity] = []
    at = 0
    for mark in _MARK.finditer(marked):
        plain += marked[at : mark.start()]
        at = mark.end()
        if mark.group() == "[[":
            opened.append(len(plain))
            continue
        if not opened:
            raise MarkupError(f"{where}: a label closes that was never opened near {plain[-30:]!r}")
        start = opened.pop()
        letter, code, agency = mark.group(1, 2, 3)
        entity = _entity(where, known, plain, start, letter, code or "", agency or "")
        found.append(entity)
    plain += marked[at:]
    if opened or "]]" in plain:
        raise MarkupError(f"{where}: a label is not closed")
    return plain, sorted(found, key=lambda e: (e.start, -e.end))


def _entity(
    where: str,
    known: list[GoldEntity],
    plain: str,
    start: int,
    letter: str,
    code: str,
    agency: str,
) -> GoldEntity:
    text = plain[start:]
    label = _LABELS[letter]
    if letter == "O":
        return GoldEntity(start, len(plain), text, label, ORGANISATION_ROLES[code])
    if letter != "P":
        return GoldEntity(start, len(plain), text, label)
    if code:
        entity = GoldEntity(start, len(plain), text, label, PERSON_ROLES[code], agency)
        known.append(entity)
        return entity
    words = set(text.casefold().split())
    for earlier in reversed(known):
        if words <= set(earlier.text.casefold().split()):
            return GoldEntity(start, len(plain), text, label, earlier.role, earlier.agency)
    raise MarkupError(f"{where}: nobody was introduced as {text!r}")
