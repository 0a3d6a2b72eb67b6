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
"""Tokens tagged at once at most: the nets' memory grows with them."""


def read(nlp: Language, texts: Iterable[str]) -> Iterator[Doc]:
    """Tokenise, split into sentences and tag each text, in order."""
    docs = [nlp.tokenizer(_SURROGATE.sub("\ufffd", text)) for text in texts]
    for doc in docs:
        nlp.get_pipe("indonesian_sentences")(doc)
    pieces = [(number, start, end) for number, doc in enumerate(docs) for start, end in cut(doc)]
    found: list[list[Span]] = [[] for _ in docs]
    with nlp.select_pipes(disable=["indonesian_sentences"]):
        for group in _groups(pieces):
            tagged = nlp.pipe([_piece(docs[n], start, end) for n, start, end in group])
            for (number, start, _), piece in zip(group, tagged, strict=True):
                found[number].extend(
                    Span(docs[number], start + entity.start, start + entity.end, entity.label_)
                    for entity in piece.ents
                )
    for doc, spans in zip(docs, found, strict=True):
        doc.set_ents(spans)
        yield doc


def _groups(pieces: list[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """Pieces to be tagged together: at most ``PIECE`` tokens in all."""
    group: list[tuple[int, int, int]] = []
    size = 0
    for piece in pieces:
        length = piece[2] - piece[1]
        if group and size + length > PIECE:
            yield group
            group, size = [], 0
        group.append(piece)
        size += length
    if group:
        yield group


def _piece(doc: Doc, start: int, end: int) -> Doc:
    """The tokens ``start`` to ``end`` as a Doc, in time that grows with the piece alone.

    ``Span.as_doc`` copies the arrays of the whole text.
    """
    if end - start == len(doc):
        return doc
    part = doc[start:end]
    return Doc(
        doc.vocab,
        words=[token.text for token in part],
        spaces=[bool(token.whitespace_) for token in part],
        sent_starts=[bool(token.is_sent_start) for token in part],
    )


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
