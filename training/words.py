"""The word lists of ``extract/entities/data``: ordinary words and words of names.

    python -m training.words POSTAG.txt.xz

Ordinary words are counted in nlp-id's part-of-speech corpus (kumparan, MIT): seen at least twice in
small letters, and at least four times as often so as with a capital inside a sentence. Words of
names are those of the candidates in ``config/candidates``; what stands in the list already is kept,
since names from other regions are added by hand.
"""

from __future__ import annotations

import argparse
import csv
import lzma
import re
from collections import Counter
from pathlib import Path

from extract.entities.candidates import name_words
from extract.entities.tokens import DATA, lines

from .domain import CANDIDATES

WORD = re.compile(r"[A-Za-z]{2,}(?:-[A-Za-z]+)?")
NAME = re.compile(r"[a-z']{3,}")


def ordinary(corpus: Path) -> list[str]:
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    first = True
    with lzma.open(corpus, "rt", encoding="utf-8") as file:
        for line in file:
            word = line.split("\t")[0].strip()
            if WORD.fullmatch(word):
                if word.islower():
                    small[word] += 1
                elif not first and word[1:].islower():
                    capital[word.lower()] += 1
            first = not word or word in '.!?"'
    return sorted(w for w, n in small.items() if n >= 2 and n > 4 * capital[w])


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
    parser.add_argument("corpus", type=Path)
    common = ordinary(parser.parse_args().corpus)
    write("common_words", common)
    write("name_words", of_names(frozenset(common)))


if __name__ == "__main__":
    main()
