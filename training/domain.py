"""Sentences about civil servants, elections and ordinary news, made from patterns.

The patterns stand in ``domain/*.txt`` (``domain/README.md`` says how to read them); names are put
together anew from the words of candidates' names, so that nobody real is meant.

    python -m training.domain OUT.spacy --count 9000 --seed 7
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from extract.entities.candidates import name_words
from extract.entities.regions import Region, table
from extract.entities.tokens import make_tokenizer

HERE = Path(__file__).parent
CANDIDATES = HERE.parent / "config" / "candidates" / "pilkada-2024.csv"
SLOTS = tomllib.loads((HERE / "domain" / "slots.toml").read_text(encoding="utf-8"))
SLOT = re.compile(r"<(\w+)>")

Parts = list[tuple[str, str]]
"""Pieces of text with their label, "" for none."""


class Names:
    """New names from the words of old ones."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        first: list[str] = []
        last: list[str] = []
        with CANDIDATES.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for person in (row["head"], row["deputy"]):
                    words = [w.capitalize() for w in name_words(person) if len(w) > 1]
                    if words:
                        first.append(words[0])
                        last.extend(words[1:])
        self._first, self._last = first, last
        names = SLOTS["names"]
        self._own_first, self._own_last = names["first"], names["last"]

    def full(self) -> str:
        rng = self._rng
        size = rng.choices((1, 2, 3, 4), (10, 58, 27, 5))[0]
        own = rng.random() < 0.45
        words = [rng.choice(self._own_first if own else self._first)]
        for _ in range(size - 1):
            words.append(rng.choice(self._own_last if rng.random() < 0.45 else self._last))
        if size > 1 and rng.random() < 0.05:
            words.insert(0, rng.choice(("M.", "Muh.", "Moh.", "Abd.", "I", "Ni", "La", "Wa", "A.")))
        if size > 1 and rng.random() < 0.03:
            words.insert(1, rng.choice(("bin", "binti")))
        return " ".join(words)

    def short(self, full: str) -> str:
        words = [w for w in full.split() if w not in ("bin", "binti") and not w.endswith(".")]
        words = [w for w in words if len(w) > 2] or full.split()
        rng = self._rng
        if len(words) > 2 and rng.random() < 0.15:
            return " ".join(words[:2])
        return words[0] if rng.random() < 0.75 else words[-1]


class World:
    """Fills one pattern; what it says stays consistent within the pattern."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._names = Names(rng)
        self._data = SLOTS
        regions = table()
        self._upper = [r for r in regions.values() if r.level in ("regency", "city")]
        self._provinces = [r for r in regions.values() if r.level == "province"]
        self._districts = [r.name for r in regions.values() if r.level == "district"]
        self._persons: dict[str, str] = {}
        self._region: Region = self._upper[0]

    def fill(self, pattern: str) -> Parts:
        self._persons = {}
        self._region = self._rng.choice(self._upper)
        parts: Parts = []
        at = 0
        for match in SLOT.finditer(pattern):
            parts.append((pattern[at : match.start()], ""))
            parts.extend(self._slot(match.group(1)))
            at = match.end()
        parts.append((pattern[at:], ""))
        return [part for part in parts if part[0]]

    def _slot(self, name: str) -> Parts:
        lowered = name.endswith("l") and name[:-1] in _SMALL_SLOTS
        if lowered:
            return [(text.lower(), label) for text, label in self._slot(name[:-1])]
        special: dict[str, Callable[[], Parts]] = {
            "DATE": self._dateline,
            "kab": lambda: [(self._kab(), "LOC")],
            "kabname": lambda: [(self._region.name, "LOC")],
            "kotaname": lambda: [(self._rng.choice(self._upper).name, "LOC")],
            "kec": lambda: [(f"{self._pick('kec_level')} {self._local()}", "LOC")],
            "kecname": lambda: [(self._local(), "KEEP")],
            "desa": lambda: [(f"{self._pick('desa_level')} {self._local()}", "LOC")],
            "prov": lambda: [(self._rng.choice(self._provinces).name, "LOC")],
            "site": lambda: [(self._site(), "LOC")],
            "world": lambda: [(self._pick("world"), "LOC")],
            "perx": lambda: [(self._pick("foreign"), "PER")],
            "asn": lambda: self._position("asn"),
            "asnT": lambda: self._position("asn_short"),
            "elected": lambda: self._position("elected"),
            "village": lambda: self._position("village"),
            "watch": lambda: self._position("watch"),
            "guard": lambda: self._position("guard"),
            "num": lambda: [(str(self._rng.randint(2, 60)), "")],
            "rp": lambda: [(f"Rp{self._rng.randint(2, 900)} {self._pick('money')}", "")],
            "date": lambda: [(self._date(), "")],
            "day": lambda: [(f"{self._pick('days')} ({self._figures()})", "")],
            "ini": lambda: [(self._initials(), "PER")],
            "ini2": lambda: [(self._initials().lower(), "")],
        }
        if name in special:
            return special[name]()
        if name == "per0":  # a hospital is called after a doctor
            return [(self._names.full(), "")]
        if name.startswith("per"):
            return self._person(name[3:])
        if name.startswith("short"):
            return [(self._names.short(self._full(name[5:])), "PER")]
        if name in self._data["organisations"]:
            return self._organisation(name)
        if name == "local_first":
            return [(self._pick(name).strip(), "")]
        return [(self._pick(name), "")]

    def _pick(self, name: str) -> str:
        choice: str = self._rng.choice(self._data["words"][name])
        return choice

    def _full(self, number: str) -> str:
        return self._persons.setdefault(number, self._names.full())

    def _person(self, number: str) -> Parts:
        rng = self._rng
        full = self._full(number)
        parts: Parts = []
        if rng.random() < 0.16:
            parts.append((f"{self._pick('honorifics')} ", ""))
        parts.append((full.upper() if rng.random() < 0.02 else full, "PER"))
        if rng.random() < 0.12:
            parts.append((self._pick("degrees"), ""))
        return parts

    def _kab(self) -> str:
        region = self._rng.choice((self._region, self._rng.choice(self._upper)))
        return self._rng.choice((region.name, region.full, region.full))

    def _local(self) -> str:
        if self._rng.random() < 0.5:
            return self._rng.choice(self._districts)
        first, last = self._pick("local_first"), self._pick("local_last")
        if first.endswith(" "):
            return first + last.capitalize()
        return first + last.lower() if not last[0].isupper() else f"{first} {last}"

    def _site(self) -> str:
        tail = self._rng.choice((self._local(), self._names.full(), self._region.name))
        return f"{self._pick('sites')} {tail}"

    def _initials(self) -> str:
        letters = "ABDEFHIJKLMNPRSTWYZ"
        return "".join(self._rng.choice(letters) for _ in range(self._rng.choice((2, 2, 2, 3))))

    def _figures(self) -> str:
        rng = self._rng
        year = rng.choice(("", "/2024", "/2024", "/2023", "/2025"))
        return f"{rng.randint(1, 30)}/{rng.randint(1, 12)}{year}"

    def _date(self) -> str:
        return f"{self._rng.randint(1, 30)} {self._pick('months')} {self._rng.randint(2022, 2026)}"

    def _dateline(self) -> Parts:
        rng = self._rng
        place = rng.choice((self._region.name, self._local()))
        place = place.upper() if rng.random() < 0.7 else place
        dash = rng.choice((" – ", " - ", " — ", " -- "))
        kind = rng.random()
        if kind < 0.4:
            return [(place, "LOC"), (dash, "")]
        media = self._organisation("media")
        if kind < 0.65:
            return [(place, "LOC"), (rng.choice((", ", " | ")), ""), *media, (dash, "")]
        if kind < 0.8:
            return [*media, (", ", ""), (place, "LOC"), (dash, "")]
        return [*media, (dash, "")]

    def _position(self, kind: str) -> Parts:
        pattern: str = self._rng.choice(self._data["positions"][kind])
        parts: Parts = []
        at = 0
        for match in SLOT.finditer(pattern):
            parts.append((pattern[at : match.start()], ""))
            filled = self._slot(match.group(1))
            parts.extend((t, "LOC" if label == "KEEP" else label) for t, label in filled)
            at = match.end()
        parts.append((pattern[at:], ""))
        return [part for part in parts if part[0]]

    def _organisation(self, name: str) -> Parts:
        pattern: str = self._rng.choice(self._data["organisations"][name])
        text = SLOT.sub(lambda m: "".join(t for t, _ in self._slot(m.group(1))), pattern)
        return [(text, "ORG")]


_SMALL_SLOTS = frozenset({"asn", "per", "watchdog", "kab", "kec", "kecname", "school"})


def assemble(parts: Parts) -> tuple[str, list[tuple[int, int, str]]]:
    """Join the parts; a place takes the kind of thing before it along ("Puskesmas X")."""
    text = ""
    spans: list[tuple[int, int, str]] = []
    for piece, label in parts:
        start = len(text)
        text += piece
        if label in ("KEEP", "LOC"):
            label, start = _widened(text, start)
        if label:
            spans.append((start, len(text), label))
    return text, spans


_BEFORE = (
    *((f"{word} ", "ORG") for word in SLOTS["before"]["organisation"]),
    *((f"{word} ", "LOC") for word in SLOTS["before"]["place"]),
)


_HOSPITAL = re.compile(r"RSUD dr\. [^,]{3,40} $")


def _widened(text: str, start: int) -> tuple[str, int]:
    hospital = _HOSPITAL.search(text[:start])
    if hospital is not None:
        return "ORG", hospital.start()
    for word, label in _BEFORE:
        if text[:start].endswith(word):
            return label, start - len(word)
    return "LOC", start


def vary(
    text: str, spans: list[tuple[int, int, str]], rng: random.Random
) -> tuple[str, list[tuple[int, int, str]]]:
    """Now and then write a sentence as posts and shouting headlines do."""
    chance = rng.random()
    if chance < 0.05 and len(text.lower()) == len(text):
        return text.lower(), spans
    if chance < 0.065 and len(text.upper()) == len(text):
        return text.upper(), spans
    return text, spans


def generate(count: int, seed: int) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """``count`` labelled sentences, no two alike."""
    rng = random.Random(seed)
    world = World(rng)
    kinds = {"news": 0.66, "headlines": 0.14, "posts": 0.06, "other": 0.14}
    patterns = {
        kind: (HERE / "domain" / f"{kind}.txt").read_text(encoding="utf-8").splitlines()
        for kind in kinds
    }
    seen: set[str] = set()
    made: list[tuple[str, list[tuple[int, int, str]]]] = []
    while len(made) < count:
        kind = rng.choices(list(kinds), list(kinds.values()))[0]
        text, spans = assemble(world.fill(rng.choice(patterns[kind])))
        text, spans = vary(text, spans, rng)
        if text not in seen:
            seen.add(text)
            made.append((text, spans))
    return made


def as_doc(nlp: Language, text: str, spans: list[tuple[int, int, str]]) -> Doc:
    """A Doc with entities; spans that the tokeniser cuts differently shrink or grow to it."""
    doc = nlp.make_doc(text)
    found = [doc.char_span(s, e, label, alignment_mode="expand") for s, e, label in spans]
    doc.ents = spacy.util.filter_spans([span for span in found if span is not None])
    return doc


def blank() -> Language:
    nlp = spacy.blank("id")
    nlp.tokenizer = make_tokenizer(nlp.vocab)
    return nlp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=9000)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    nlp = blank()
    docs = [as_doc(nlp, text, spans) for text, spans in generate(args.count, args.seed)]
    DocBin(docs=docs).to_disk(args.out)
    print(f"{len(docs)} sentences, {sum(map(len, docs))} tokens in {args.out}")


if __name__ == "__main__":
    main()
