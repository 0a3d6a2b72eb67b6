"""Turn a trained tagger into the pipeline that is shipped.

    python -m training.assemble MODEL --out extract/entities/model

What only training needs (paths, corpora, optimiser) is left behind.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import spacy
from spacy.language import Language

from . import components  # noqa: F401  (registers our components)

COMPONENTS = ("indonesian_sentences", "lexicon_hints")


def assemble(path: Path) -> Language:
    """The tokeniser, sentences, hints and the tagger with its own token vectors."""
    trained = spacy.load(path)
    trained.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
    tokenizer = {"tokenizer": trained.config["nlp"]["tokenizer"]}
    nlp = spacy.blank("id", vocab=trained.vocab, config={"nlp": tokenizer})
    for name in COMPONENTS:
        nlp.add_pipe(name)
    nlp.add_pipe("ner", source=trained)
    nlp.meta.update(
        {
            "name": "pantau_entities",
            "version": "2.0.0",
            "description": "PER, ORG and LOC in Indonesian news about the civil service",
            "license": "Apache-2.0 for the pipeline; data and their licences in training/README.md",
        }
    )
    return nlp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    if args.out.exists():
        shutil.rmtree(args.out)
    nlp = assemble(args.model)
    nlp.to_disk(args.out)
    size = sum(path.stat().st_size for path in args.out.rglob("*") if path.is_file())
    print(f"{args.out}: {size / 1e6:.1f} MB, {nlp.pipe_names}")


if __name__ == "__main__":
    main()
