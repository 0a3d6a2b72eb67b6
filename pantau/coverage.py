"""Which regions are watched by whom, and which by nobody: the table of ``docs/coverage.md``.

Ordered by Bawaslu's index of vulnerability (IKP, neutrality of civil servants, 21 September 2023)
where it gives a province a score; the others follow by their code.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.entities import regions
from pantau.config import Source

_SCORES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Place:
    """One kabupaten or kota, and how many sources write about it in particular."""

    code: str
    watched: int
    tried: int


@dataclass(frozen=True, slots=True)
class Covered:
    """One province."""

    code: str
    name: str
    score: float | None
    """Of the index of vulnerability."""
    watched: int
    """Sources that write about the province or one of its regions and were seen to answer."""
    tried: int
    """Sources never seen to answer."""
    places: tuple[Place, ...]
    """Its kabupaten and kota."""

    @property
    def without(self) -> int:
        """How many of them have no source of their own that was seen to answer."""
        return sum(not place.watched for place in self.places)


def coverage(sources: Iterable[Source], answered: Collection[str] = ()) -> list[Covered]:
    """The provinces, the most vulnerable first. ``answered``: ids of unverified sources that have
    answered since."""
    table = regions.table()
    watched: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for source in sources:
        if source.enabled and source.region:
            doubtful = source.unverified and source.id not in answered
            counted = tried if doubtful else watched
            counted.update({source.region[:2], source.region[:5]})
    found = []
    for code, region in table.items():
        if region.level != "province":
            continue
        below = [one for one in table if len(one) == 5 and one.startswith(f"{code}.")]
        found.append(
            Covered(
                code=code,
                name=region.name,
                score=_SCORES["score"].get(code),
                watched=watched[code],
                tried=tried[code],
                places=tuple(Place(one, watched[one], tried[one]) for one in below),
            )
        )
    return sorted(found, key=lambda one: (-(one.score or 0), one.code))


def left(covered: Iterable[Covered]) -> str:
    """In words: in how many provinces a source is watched, and which have none."""
    lines = list(covered)
    blind = [one for one in lines if not one.watched]
    told = f"sources are watched in {len(lines) - len(blind)} of {len(lines)} provinces"
    if not blind:
        return told
    names = (f"{one.name} (index {one.score:g})" if one.score else one.name for one in blind)
    return f"{told}, in none of: {', '.join(names)}"


def markdown(covered: Iterable[Covered], *, national: int) -> str:
    """The table of the provinces with its totals, and every kabupaten and kota."""
    lines = list(covered)
    places = sum(len(one.places) for one in lines)
    told = sum(len(one.places) - one.without for one in lines)
    return "\n".join(
        [
            "# Coverage",
            "",
            "Made by `pantau sources coverage --markdown` from `config/sources`; do not edit.",
            "",
            f"{sum(one.watched for one in lines)} regional sources were seen to answer, "
            f"{sum(one.tried for one in lines)} are tried until they do, {national} write about "
            f"the whole country. Of {places} kabupaten and kota {told} have a source of their own "
            "that was seen to answer; the others are reached only through papers of their "
            "province.",
            "",
            f"Order: {_SCORES['source']}; then by code.",
            "",
            "| province | index | watched | tried | kabupaten and kota without their own |",
            "|---|---|---|---|---|",
            *map(_row, lines),
            "",
            "## Kabupaten and kota",
            "",
            "In bold those that no source writes about in particular; with a number those that "
            "have sources, `?` after the number of sources that are only tried.",
            "",
            *(f"- {one.name}: {', '.join(map(_place, one.places))}" for one in lines),
            "",
        ]
    )


def _row(one: Covered) -> str:
    score = f"{one.score:g}" if one.score is not None else ""
    none = " **(none)**" if not one.watched else ""
    return (
        f"| {one.name} ({one.code}) | {score} | {one.watched}{none} | {one.tried} "
        f"| {one.without} of {len(one.places)} |"
    )


def _place(place: Place) -> str:
    region = regions.table()[place.code]
    name = f"Kota {region.name}" if region.level == "city" else region.name
    numbers = [str(place.watched)] if place.watched else []
    numbers += [f"{place.tried}?"] if place.tried else []
    return f"{name} {'+'.join(numbers)}" if numbers else f"**{name}**"
