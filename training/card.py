"""Measure a pipeline and write its scores into the model card, ``README.md``.

    python -m training.card MODEL IDNER_TEST

The table between the two marks of the card is made anew; the scores also go into the model's
``meta.json``, where spaCy's tools look for them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import spacy

from extract.entities import Recogniser, evaluate
from extract.entities.candidates import Candidates
from extract.entities.evaluate import Report

CARD = Path(__file__).parent / "README.md"
OPEN, CLOSE = "<!-- scores -->", "<!-- end of scores -->"
COLUMNS = {
    "PER": "PER",
    "ORG": "ORG",
    "LOC": "LOC",
    "all": "PER ORG LOC",
    "POSITION": "POSITION",
    "role": "role of PER",
    "agency": "agency",
    "region": "region",
}


def table(reports: dict[str, Report]) -> str:
    """The scores as a table in Markdown, in per cent."""
    lines = [
        "| set | texts | " + " | ".join(COLUMNS) + " |",
        "|---" * (len(COLUMNS) + 2) + "|",
    ]
    for name, report in reports.items():
        scores = {score.what: f"{100 * score.f1:.1f}" for score in report.scores}
        cells = [scores.get(what, "") for what in COLUMNS.values()]
        lines.append(f"| {name} | {report.texts} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("idner_test", type=Path)
    args = parser.parse_args()
    recogniser = Recogniser(spacy.load(args.model), Candidates.load(None))
    sets = {
        "own gold, tune part": "own:tune",
        "own gold, report part": "own:report",
        "idner-news-2k test": str(args.idner_test),
    }
    reports = {
        name: evaluate.measure(name, list(evaluate.cases(where)), recogniser)
        for name, where in sets.items()
    }
    card = CARD.read_text(encoding="utf-8")
    before, rest = card.split(OPEN)
    after = rest.split(CLOSE)[1]
    made = table(reports)
    CARD.write_text(f"{before}{OPEN}\n{made}\n{CLOSE}{after}", encoding="utf-8")
    meta = json.loads((args.model / "meta.json").read_text(encoding="utf-8"))
    meta["performance"] = {
        name: {score.what.strip(): round(score.f1, 4) for score in report.scores}
        for name, report in reports.items()
    }
    (args.model / "meta.json").write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")
    print(made)


if __name__ == "__main__":
    main()
