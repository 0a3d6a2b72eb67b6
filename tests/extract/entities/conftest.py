from __future__ import annotations

from pathlib import Path

import pytest

from extract.entities import Annotated, Recogniser
from pantau.records import Article

CANDIDATES = Path(__file__).parents[3] / "config" / "candidates"


@pytest.fixture(scope="session")
def recogniser() -> Recogniser:
    return Recogniser.load()


@pytest.fixture(scope="session")
def with_candidates() -> Recogniser:
    return Recogniser.load(CANDIDATES)


def read(recogniser: Recogniser, text: str, title: str = "", **more: str) -> Annotated:
    return recogniser.recognise(Article(id="t", title=title, text=text, **more))  # type: ignore[arg-type]
