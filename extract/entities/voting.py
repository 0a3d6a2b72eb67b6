"""Several taggers, one opinion: a span stands where most of them mark it.

The taggers are trained on different mixtures of data; what two of three agree on is right more
often than what the best of them says alone. The third is asked only where two differ. Their
weights are shipped in half precision, which halves the package and changes no decision; they are
widened when the pipeline is loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans, minibatch

PREFIX = "opinion:"


def convert(nlp: Language, dtype: str) -> None:
    """Give all weights of a pipeline the type ``dtype`` ("float16" to ship, "float32" to run)."""
    for _, pipe in nlp.components:
        model = getattr(pipe, "model", None)
        for node in model.walk() if model is not None else ():
            for name in node.param_names:
                if node.has_param(name):
                    node.set_param(name, node.get_param(name).astype(dtype))


@Language.factory("set_aside", default_config={"voter": "a"})
class SetAside:
    """Moves one tagger's entities into ``doc.spans`` so that the next begins afresh."""

    def __init__(self, nlp: Language, name: str, voter: str) -> None:
        self._key = PREFIX + voter

    def __call__(self, doc: Doc) -> Doc:
        doc.spans[self._key] = list(doc.ents)
        doc.set_ents([], default="missing")
        return doc


@Language.factory("majority", default_config={"arbiter": "ner_c"})
class Majority:
    """Gives the document the entities that most of the taggers marked; last in the pipeline.

    Where the taggers before it agree on a sentence there is nothing to decide; the ``arbiter``, a
    tagger that is otherwise disabled, reads only the sentences they dispute.
    """

    def __init__(self, nlp: Language, name: str, arbiter: str) -> None:
        self._nlp = nlp
        self._arbiter = arbiter

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Decide for each document, reading the disputed sentences of a batch together."""
        arbiter: Any = self._nlp.get_pipe(self._arbiter)
        for docs in minibatch(stream, batch_size):  # type: ignore[no-untyped-call]
            votes = [_votes(doc) for doc in docs]
            disputed = [
                (number, sentence)
                for number, doc in enumerate(docs)
                for sentence in _disputed(doc, votes[number])
            ]
            read = arbiter.pipe([sentence.as_doc() for _, sentence in disputed])
            for (number, sentence), piece in zip(disputed, read, strict=True):
                for entity in piece.ents:
                    key = (
                        sentence.start + entity.start,
                        sentence.start + entity.end,
                        entity.label_,
                    )
                    votes[number][key] += 1
            for doc, count in zip(docs, votes, strict=True):
                chosen = [Span(doc, s, e, label=n) for (s, e, n), k in count.items() if k > 1]
                doc.set_ents(filter_spans(chosen))
                for key in [key for key in doc.spans if key.startswith(PREFIX)]:
                    del doc.spans[key]
                yield doc

    def to_disk(self, path: Path, *, exclude: tuple[str, ...] = ()) -> None:
        """Nothing of its own."""

    def from_disk(self, path: Path, *, exclude: tuple[str, ...] = ()) -> Majority:
        """Loaded last, when the taggers before it have their weights."""
        convert(self._nlp, "float32")
        return self


def _votes(doc: Doc) -> Counter[tuple[int, int, str]]:
    groups = [key for key in doc.spans if key.startswith(PREFIX)]
    return Counter((span.start, span.end, span.label_) for key in groups for span in doc.spans[key])


def _disputed(doc: Doc, votes: Counter[tuple[int, int, str]]) -> Iterator[Span]:
    """The sentences that hold a span only one tagger marked."""
    alone = sorted(start for (start, _, _), count in votes.items() if count == 1)
    if not alone:
        return
    at = 0
    for sentence in doc.sents:
        if at < len(alone) and alone[at] < sentence.end:
            yield sentence
            while at < len(alone) and alone[at] < sentence.end:
                at += 1
