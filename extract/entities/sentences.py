"""Sentence starts for Indonesian news.

A line break ends a sentence; an abbreviation's full stop does not, nor does one before a small
letter; a closing quote and its attribution (``." tegasnya``) stay with the quoted sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy
from spacy.language import Language
from spacy.tokens import Doc

from .tokens import fold, is_common, lexicon

_ENDS = frozenset({".", "!", "?", "…"})
_CLOSING = frozenset({"”", "’", ")", "]", "»", "'"})
_OPENING = frozenset({"“", "‘", "(", "[", "«"})
_STRAIGHT = frozenset({'"', "``", "''"})
_INITIALS = re.compile(r"(?:[A-Z]\.){1,2}")
"""May stand before a name, which may look like an ordinary word: "A.M. Indah"."""


@Language.component("indonesian_sentences")
def indonesian_sentences(doc: Doc) -> Doc:
    """Set ``is_sent_start`` of every token."""
    signs = _signs()
    before: list[str] = []  # words of the line so far
    quoted = False  # inside straight quotes, which look alike at both ends
    new_line = True
    marks = numpy.full(len(doc), -1, dtype=numpy.int64)  # setting a token's own flag scans the Doc
    for token in doc:
        text = token.text
        if text.isspace():
            marks[token.i] = 1 if token.i == 0 else -1
            if "\n" in text or "\r" in text or "\u2028" in text or "\u2029" in text:
                new_line = True
            continue
        if new_line:
            before, quoted = [], False
        closes = text in _CLOSING or (text in _STRAIGHT and quoted)
        starts = new_line or (not closes and _starts(text, before, signs))
        marks[token.i] = 1 if starts else -1
        if text in _STRAIGHT:
            quoted = not quoted
        new_line = False
        before.append("“" if text in _STRAIGHT and quoted else text)
        if len(before) > 6:
            del before[0]
    if len(doc):
        doc.from_array(["SENT_START"], marks.view(numpy.uint64).reshape(-1, 1))  # type: ignore[arg-type]
    return doc


@dataclass(frozen=True, slots=True)
class _Signs:
    never: frozenset[str]
    """Abbreviations that end no sentence."""
    lists: frozenset[str]
    """Abbreviations that end a list."""
    numbered: frozenset[str]
    openers: frozenset[str]


@cache
def _signs() -> _Signs:
    data = lexicon("tokens")
    names = ("open", "ends_list", "numbered", "openers")
    return _Signs(*(frozenset(data[name]) for name in names))


def _starts(text: str, before: list[str], signs: _Signs) -> bool:
    """Whether ``text`` begins a sentence after the words ``before`` it on its line."""
    if not before or text in _ENDS or text[0] in ",;:%/-–—":
        return False
    if text[0].islower() and text not in signs.never:  # "dr. Hesti" may open a sentence
        return False
    k = len(before) - 1
    while k > 0 and (before[k] in _CLOSING or before[k] in _STRAIGHT):
        k -= 1
    after_quote = k < len(before) - 1
    last = before[k]
    if last in _ENDS or (len(last) > 1 and set(last) <= _ENDS):
        if last == "." and k == 1 and len(before[0]) < 3 and not after_quote:
            return not (before[0].isdigit() or before[0].isalpha())  # "1. Objektivitas"
        return not (text[0].isdigit() and k > 0 and fold(before[k - 1]) in signs.numbered)
    if last[-1] == "." and len(last) > 1 and last not in signs.never:
        if after_quote or text in signs.openers or text in _OPENING or text in _STRAIGHT:
            return True
        if last in signs.lists or (k > 0 and before[k - 1][0].isdigit()):
            return True  # "dsb. Hasilnya", "Rp4,7 M. Kejaksaan"
        return _INITIALS.fullmatch(last) is None and is_common(fold(text))
    return False
