"""What the lexicons know of single words, as a hint for the trained taggers.

A tagger sees few of the names and ordinary words of the language in training. The component writes
into each token's ``tag_`` in which lists the word stands, and the taggers read it as a feature, so
that a name from a list is known although no training sentence holds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy
from spacy.language import Language
from spacy.tokens import Doc

from .regions import table
from .tokens import fold, is_common, lexicon, lines


@Language.factory("lexicon_hints")
class LexiconHints:
    """Sets ``tag_`` of every token; words already met are looked up by their hash."""

    def __init__(self, nlp: Language, name: str) -> None:
        self._strings = nlp.vocab.strings
        self._known: dict[int, int] = {}

    def __call__(self, doc: Doc) -> Doc:
        orths = doc.to_array("ORTH").tolist()
        known = self._known
        if len(known) > LARGEST:
            known.clear()
        for orth in set(orths).difference(known):
            known[orth] = self._strings.add(  # type: ignore[call-arg]
                hint(self._strings[orth]), allow_transient=False
            )
        tags = numpy.array([known[orth] for orth in orths], dtype="uint64")
        doc.from_array(["TAG"], tags.reshape(-1, 1))  # type: ignore[arg-type]
        return doc


LARGEST = 50_000
"""Words remembered at most, so that memory stays flat over a stream."""


def hint(word: str) -> str:
    """The lists that hold ``word``, a letter for each; "-" for a word in none of them."""
    folded = fold(word)
    if not folded[:1].isalpha():
        return "-"
    letters = "c" if is_common(folded) else ""
    letters += "".join(letter for letter, words in _lists().items() if folded in words)
    return letters or "-"


@cache
def _lists() -> dict[str, frozenset[str]]:
    regions: set[str] = set()
    districts: set[str] = set()
    for region in table().values():
        words = districts if region.level == "district" else regions
        words.update(region.name.casefold().split())
    offices = (form for office in lexicon("positions")["office"] for form in office["forms"])
    agencies = (form for entry in lexicon("agencies")["named"] for form in entry["forms"])
    return {
        "n": lines("name_words"),
        "r": frozenset(regions),
        "d": frozenset(districts),
        "o": _words(offices),
        "a": _words(agencies),
    }


def _words(forms: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for form in forms for word in form.split())
