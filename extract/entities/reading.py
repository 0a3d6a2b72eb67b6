"""From texts to tagged Docs, whatever their length.

A Doc's arrays grow with its tokens; a text of a megabyte is therefore tagged in pieces that end
with a sentence, and the entities are put into the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span

_SURROGATE = re.compile("[\ud800-\udfff]")
PIECE = 4000
"""Tokens tagged at once at most."""


def read(nlp: Language, texts: Iterable[str]) -> Iterator[Doc]:
    """Tokenise, split into sentences and tag each text, in order."""
    docs = [nlp.tokenizer(_SURROGATE.sub("\ufffd", text)) for text in texts]
    for doc in docs:
        nlp.get_pipe("indonesian_sentences")(doc)
    pieces = [(number, start, end) for number, doc in enumerate(docs) for start, end in cut(doc)]
    whole = [(n, 0, len(docs[n])) for n in range(len(docs))]
    with nlp.select_pipes(disable=["indonesian_sentences"]):
        if pieces == whole:
            yield from nlp.pipe(docs)
            return
        found: dict[int, list[Span]] = {}
        tagged = nlp.pipe(docs[n][start:end].as_doc() for n, start, end in pieces)
        for (number, start, _), piece in zip(pieces, tagged, strict=True):
            spans = found.setdefault(number, [])
            for entity in piece.ents:
                spans.append(
                    Span(docs[number], start + entity.start, start + entity.end, entity.label_)
                )
    for number, doc in enumerate(docs):
        doc.set_ents(found.get(number, []))
        yield doc


def cut(doc: Doc) -> Iterator[tuple[int, int]]:
    """Token ranges of at most ``PIECE`` that end with a sentence where one ends in time."""
    start = 0
    while len(doc) - start > PIECE:
        end = start + PIECE
        back = end
        while back > start + PIECE // 2 and not doc[back].is_sent_start:
            back -= 1
        end = back if back > start + PIECE // 2 else end
        yield start, end
        start = end
    yield start, len(doc)
