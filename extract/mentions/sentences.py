"""A text as sentences with their cues: what every later step of the judgement reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from extract.mentions.lexicon import groups, lexicon
from extract.mentions.patterns import Word, words

NOISE = re.compile(
    r"^\W*(?:baca juga|baca selengkapnya|berita lain|berita terkait|artikel terkait|simak juga|"
    r"lihat juga|tonton juga|saksikan|advertisement|iklan|scroll|gulir|editor|penulis|pewarta|"
    r"reporter|tags?|foto|copyright|hak cipta|gambas|bagikan|terkini|terpopuler|pilihan editor)\b"
    r"(?:\s*[:|\]–-]|$|\s+(?:to continue|untuk melanjutkan))",
    re.IGNORECASE,
)
INLINE_NOISE = re.compile(r"(?:baca juga|berita lain(?:nya)?|simak juga)\s*:", re.IGNORECASE)
OPENING, CLOSING, STRAIGHT = "“«", "”»", '"'
EMOJI = 0x2600


@dataclass(frozen=True, slots=True)
class Cue:
    """One lexicon match: group, its words' numbers within the sentence, its place in the text."""

    group: str
    first: int
    last: int
    start: int
    end: int


@dataclass
class Sentence:
    """One sentence; ``number`` 0 is the title where there is one."""

    number: int
    start: int
    end: int
    text: str
    paragraph: int
    tokens: list[Word]
    quoted: bool = False
    """Whether most of it stands inside a quotation."""
    noise: bool = False
    """A pointer to another article or a line of the page's furniture."""
    is_title: bool = False
    cues: list[Cue] = field(default_factory=list)

    @cached_property
    def groups(self) -> frozenset[str]:
        return frozenset(cue.group for cue in self.cues)

    @cached_property
    def lower(self) -> list[str]:
        return [token.text.lower() for token in self.tokens]

    def of_kind(self, kind: str) -> list[Cue]:
        table = groups()
        return [cue for cue in self.cues if table[cue.group].kind == kind]


def read(full_text: str, spans: Iterable[tuple[int, int]], title_end: int) -> list[Sentence]:
    """Sentences of ``full_text`` (title, newline, text) from their spans, with cues found.

    ``title_end`` is the length of the title; offsets are code points of ``full_text``.
    """
    sentences: list[Sentence] = []
    open_quote = False
    paragraph, last_end = 0, 0
    pointing = False
    for start, cut in _cut_noise(full_text, spans):
        text = full_text[start:cut].rstrip()
        end = start + len(text)
        if "\n" in full_text[last_end:start]:
            paragraph += 1
            open_quote = False
        last_end = end
        tokens = words(full_text, start, end)
        inside, open_quote = _quoted(text, open_quote)
        if not any(char.isalnum() for char in text) and not any(ord(c) > EMOJI for c in text):
            continue
        noise = start >= title_end and NOISE.match(text) is not None
        sentence = Sentence(
            number=len(sentences),
            start=start,
            end=end,
            text=text,
            paragraph=paragraph,
            tokens=tokens,
            quoted=inside,
            noise=noise or pointing,
            is_title=end <= title_end < len(full_text.rstrip()),
        )
        if not sentence.noise:
            sentence.cues = list(_cues(tokens))
        pointing = noise and text.endswith(":")
        sentences.append(sentence)
    return sentences


def _cues(tokens: list[Word]) -> Iterator[Cue]:
    seen: set[tuple[str, int]] = set()
    for match in lexicon().find(tokens):
        key = (match.group, match.first)
        if key not in seen:
            seen.add(key)
            yield Cue(
                match.group,
                match.first,
                match.last,
                tokens[match.first].start,
                tokens[match.last].end,
            )


def _cut_noise(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans, cut where a pointer to another article begins inside one."""
    for start, end in spans:
        pointer = INLINE_NOISE.search(text, start, end)
        if pointer and pointer.start() > start:
            yield start, pointer.start()
            yield pointer.start(), end
        else:
            yield start, end


def _quoted(text: str, open_quote: bool) -> tuple[bool, bool]:
    """Whether more than half of ``text`` is quoted, and whether a quotation stays open."""
    inside = 0
    for char in text:
        if char == STRAIGHT:
            open_quote = not open_quote
        elif char in OPENING:
            open_quote = True
        elif char in CLOSING:
            open_quote = False
        elif open_quote:
            inside += 1
    return inside * 2 > len(text), open_quote
