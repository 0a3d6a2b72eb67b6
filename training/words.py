"""The word lists of ``extract/entities/data``: ordinary words and words of names.

    python -m training.words POSTAG.txt.xz

Ordinary words are counted in nlp-id's part-of-speech corpus (kumparan, MIT) and in the train part
of the project's own texts: seen at least twice in small letters, and at least four times as often
so as with a capital inside a sentence. What only our own texts show and a person or a region is
called by, too, is left out. Words of
names are those of the candidates in ``config/candidates``. What stands in a list already is kept:
both are added to by hand.
"""

from __future__ import annotations

import argparse
import csv
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.vocab import Vocab

import corpus
from extract.entities.candidates import name_words
from extract.entities.regions import table
from extract.entities.tokens import DATA, lines, make_tokenizer

from .domain import CANDIDATES

WORD = re.compile(r"[A-Za-z]{2,}(?:-[A-Za-z]+)?")
NAME = re.compile(r"[a-z']{3,}")


def ordinary(postag: Path) -> list[str]:
    news = counted(tagged(postag))
    names = lines("name_words") | {
        word for region in table().values() for word in region.name.casefold().split()
    }
    return sorted(lines("common_words") | news | (counted(own()) - names))


def counted(words: Iterable[str]) -> frozenset[str]:
    """The ordinary ones among running words; "" parts sentences."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    first = True
    for word in words:
        if WORD.fullmatch(word):
            if word.islower():
                small[word] += 1
            elif not first and word[1:].islower():
                capital[word.lower()] += 1
        first = not word or word in '.!?"'
    return frozenset(w for w, n in small.items() if n >= 2 and n > 4 * capital[w])


def tagged(postag: Path) -> Iterator[str]:
    """The words of nlp-id's corpus."""
    with lzma.open(postag, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.split("\t")[0].strip()


def own() -> Iterator[str]:
    """The words of our own texts."""
    tokenizer = make_tokenizer(Vocab())
    for row in (*corpus.texts("train"), *corpus.passages("train")):
        for paragraph in row["text"].split("\n"):
            yield ""
            yield from (token.text for token in tokenizer(paragraph))


def of_names(common: frozenset[str]) -> list[str]:
    words = set(lines("name_words"))
    with CANDIDATES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for person in (row["head"], row["deputy"]):
                words.update(w for w in name_words(person) if NAME.fullmatch(w))
    return sorted(words - common - {"dan", "bin", "binti"})


def write(name: str, words: list[str]) -> None:
    path = DATA / f"{name}.txt"
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] == "#"]
    path.write_text("\n".join([*head, *words, ""]), encoding="utf-8")
    print(f"{len(words)} words in {path}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("postag", type=Path)
    common = ordinary(parser.parse_args().postag)
    write("common_words", common)
    write("name_words", of_names(frozenset(common)))


if __name__ == "__main__":
    main()
