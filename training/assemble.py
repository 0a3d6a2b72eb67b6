"""Put the trained taggers and their vote into the one pipeline that is shipped.

python -m training.assemble MODEL [MODEL ...] --out extract/entities/model
"""

from __future__ import annotations

import argparse
from pathlib import Path

import spacy

from extract.entities.voting import convert

from . import components  # noqa: F401  (registers our components)
from .domain import blank


def assemble(models: list[Path]) -> spacy.Language:
    """The last of the models is the arbiter, read only where the others differ."""
    nlp = blank()
    nlp.add_pipe("indonesian_sentences")
    for number, path in enumerate(models):
        voter = chr(ord("a") + number)
        source = spacy.load(path, vocab=nlp.vocab)
        source.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
        nlp.add_pipe("ner", source=source, name=f"ner_{voter}")
        if number < len(models) - 1:
            nlp.add_pipe("set_aside", name=f"set_aside_{voter}", config={"voter": voter})
    nlp.disable_pipe(f"ner_{voter}")
    nlp.add_pipe("majority", config={"arbiter": f"ner_{voter}"})
    nlp.meta.update(
        {
            "name": "pantau_entities",
            "version": "1.0.0",
            "description": "PER, ORG and LOC in Indonesian news about the civil service",
            "license": "Apache-2.0 for the pipeline; data and their licences in training/README.md",
        }
    )
    return nlp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    nlp = assemble(args.models)
    convert(nlp, "float16")
    nlp.to_disk(args.out)
    size = sum(path.stat().st_size for path in args.out.rglob("*") if path.is_file())
    print(f"{args.out}: {size / 1e6:.1f} MB, {nlp.pipe_names}")


if __name__ == "__main__":
    main()
