"""Labelled texts for measuring, whatever set they come from, in one shape."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from pantau.records import STAGES, Article, Kind, Stage

Label = Literal["violation", "not_violation", "borderline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One text with what a reader found in it; empty fields were not labelled."""

    article: Article
    label: Label
    class_: str
    forms: tuple[int, ...]
    stage: Stage | None
    subject: str
    actors: tuple[tuple[str, str, str], ...]
    """(name, position, agency)."""
    region: str
    """A Kepmendagri code, or a kabupaten's or kota's name where the set gives names."""
    act_date: str
    beneficiary: tuple[str, ...] = ()
    """Names or descriptions, any of which counts as right."""
    stage_by: str = ""
    """The authority that decided the stage."""
    denied: bool | None = None
    """Whether the accused denies it in the text."""
    dated: bool = False
    """Whether the set says of each text when the act was done, or that it does not tell."""


def read(path: Path) -> Iterator[Labelled]:
    """Rows of a JSON lines file, plain or gzipped; a header that holds no text is passed over.

    Raises ``ValueError`` naming file and line where a row has no text or label.
    """
    opening = gzip.open if path.suffix == ".gz" else open
    with opening(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            if row.get("karangan") is True and "text" not in row:
                continue
            try:
                yield from_row(row)
            except KeyError as error:
                raise ValueError(f"{path}:{number}: no {error} in the row") from error


def from_row(row: dict[str, Any]) -> Labelled:
    """A row of the corpus, or of a set with ``asn`` and a region by name.

    A set of headlines gives title and text in one; its first line is the title.
    """
    title, text = row.get("title") or "", row["text"]
    if "title" not in row and "\n" in text:
        title, _, text = text.partition("\n")
    kind: Kind = "post" if row.get("kind") == "post" else "news"
    stage = str(row.get("stage") or "").partition("/")[0]
    region = row.get("region") or ""
    if isinstance(region, dict):
        region = region.get("kabupaten_kota") or ""
    people = row.get("actors") if "actors" in row else row.get("asn")
    return Labelled(
        article=Article(
            id=row["id"],
            title=title,
            text=text,
            kind=kind,
            author=row.get("author") or "",
            context=row.get("context") or "",
            platform=row.get("platform") or "",
            published=_time(row.get("published")),
            source_region=row.get("source_region") or None,
        ),
        label=cast(Label, row.get("label", "not_violation")),
        class_=row.get("class") or ("act" if row.get("label") == "violation" else "unlabelled"),
        forms=tuple(form for form in row.get("skb") or () if isinstance(form, int)),
        stage=stage if stage in STAGES else None,
        subject=row.get("subject") or "",
        actors=tuple(
            (p.get("name") or "", p.get("position") or "", p.get("agency") or "")
            for p in people or ()
        ),
        region=region,
        act_date=row.get("act_date") or "",
        beneficiary=tuple(told for told in row.get("beneficiary") or () if told),
        stage_by=row.get("stage_by") or "",
        denied=row.get("denied"),
        dated="act_date" in row,
    )


def _time(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None
