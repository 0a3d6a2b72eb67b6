"""Words and their stems, as both indices see them: a text is cut up here and nowhere else.

Stems follow Nazief and Adriani with the extensions of Asian (ECS), as PySastrawi has them,
mended by ``data/stems.toml``; names of places and people (``data/names.txt``) are left as
they are, so that Pemalang is not found by Malang. Change one of the two files and an
index that was made before asks to be made anew (``version``).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary  # type: ignore[import-untyped]
from Sastrawi.Stemmer.Stemmer import Stemmer  # type: ignore[import-untyped]
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # type: ignore[import-untyped]

LONGEST = 64
"""Characters of a word; a longer one is cut up here, the same for every engine."""
MARKS = "\u0300-\u036f"
DATA = Path(__file__).with_name("data")

Span = tuple[str, int, int]
"""A word as it is searched, and where it stands in its text."""

_WORD = re.compile(rf"[^\W_]{{1,{LONGEST}}}")
_WORD_AS_WRITTEN = re.compile(rf"(?:[^\W_][{MARKS}]*){{1,{LONGEST}}}")
_ASCII_BORDERS = {code: " " for code in range(128) if not chr(code).isalnum()}
_MARK = re.compile(f"[{MARKS}]")
_BEGINNINGS = re.compile(
    r"be|te|me|pe|di|ke|se|ku|kau|[bcdfghjklmnpqrstvwxyz](?:el|em|er|in)[aiueo]"
)
_ENDINGS = ("is", "isme", "isasi", "i", "an", "ku", "mu", "nya", "lah", "kah", "tah", "pun")


def tokens(text: str) -> list[str]:
    """The words of a text: letters and digits, in lower case, without accents."""
    folded = _folded(text)
    if folded.isascii():  # the same, in half the time
        found = folded.translate(_ASCII_BORDERS).split()
        if not found or max(map(len, found)) <= LONGEST:
            return found
    return _WORD.findall(folded)


def spans(text: str) -> Iterator[Span]:
    """Each word of a text as it is searched, with where it stands."""
    folded = _folded(text)
    if len(folded) == len(text):  # nothing moved
        for match in _WORD.finditer(folded):
            yield match[0], match.start(), match.end()
    else:
        for match in _WORD_AS_WRITTEN.finditer(text):
            yield _folded(match[0]), match.start(), match.end()


def runs(text: str, part: str, length: int) -> Iterator[list[Span]]:
    """Each word that holds ``part``, with those behind it: up to ``length`` words in a row.

    Only these words are cut out, so that looking for few words in a long text is cheap.
    """
    folded = _folded(text)
    if not part or len(folded) != len(text):
        every = list(spans(text))
        yield from (every[at : at + length] for at, (word, *_) in enumerate(every) if part in word)
        return
    reached = -1
    for match in re.finditer(re.escape(part), folded):
        if match.start() < reached:
            continue
        start = match.start()
        while start and folded[start - 1].isalnum():
            start -= 1
        words = _WORD.finditer(folded, start)
        first = next(word for word in words if word.end() > match.start())
        reached = first.end()
        yield [(word[0], word.start(), word.end()) for word in (first, *islice(words, length - 1))]


def stems(words: Iterable[str]) -> list[str]:
    """The stems of words that came from ``tokens``, one for each."""
    return list(map(_stems().__getitem__, words))


def inflected(word: str) -> bool:
    """Whether a rule of the stemmer may touch a word, by how it begins and ends.

    Asked first, as the stemmer tries all its rules on names and whatever else it does not know.
    """
    return word.endswith(_ENDINGS) or _BEGINNINGS.match(word) is not None


@cache
def version() -> str:
    """Changes when the same text would be indexed otherwise."""
    told = hashlib.sha256(b"5")
    for name in ("stems.toml", "names.txt"):
        told.update((DATA / name).read_bytes())
    return told.hexdigest()[:12]


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return _MARK.sub("", unicodedata.normalize("NFD", text.casefold()))


class _Stems(dict[str, str]):
    """Stems by word, found once: the words of a language are far fewer than those of its texts."""

    MOST = 500_000

    def __init__(self) -> None:
        super().__init__()
        supplement = tomllib.loads((DATA / "stems.toml").read_text(encoding="utf-8"))
        self._mended: dict[str, str] = supplement["stems"]
        dictionary = ArrayDictionary(StemmerFactory().get_words())
        dictionary.add_words(supplement["roots"])
        self._stemmer = Stemmer(dictionary)
        names = (DATA / "names.txt").read_text(encoding="utf-8").splitlines()
        self._names = {name for name in names if not name.startswith("#")}

    def __missing__(self, word: str) -> str:
        if len(self) >= self.MOST:
            self.clear()
        found = self[word] = self._find(word)
        return found

    def _find(self, word: str) -> str:
        if word in self._names or not (word.isascii() and word.isalpha()):
            return word
        if word in self._mended:
            return self._mended[word]
        found: str = self._stemmer.stem_word(word) if inflected(word) else word
        return self._mended.get(found, found)


@cache
def _stems() -> _Stems:
    return _Stems()
