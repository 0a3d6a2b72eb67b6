"""Regions as people write them; and counts by region as a tree: provinces, and in them their
kabupaten and kota. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extract.entities import regions
from pantau.documents import region_name


class UnknownRegion(ValueError):
    """What somebody wrote is no region, or may be several; its text, in Indonesian, says so."""


def code_of(said: str) -> str | None:
    """The code of a region given by code or name; None where none is given."""
    said = said.strip()
    if not said:
        return None
    table = regions.table()
    if said in table:
        return said
    plain = said.casefold()
    found = [
        region.code
        for region in table.values()
        if region.level != "district" and plain in (region.full.casefold(), region.name.casefold())
    ]
    if len(found) == 1:
        return found[0]
    if found:
        offered = ", ".join(f"{region_name(code)} ({code})" for code in found)
        raise UnknownRegion(f"“{said}” dapat berarti {offered}. Tulis kodenya.")
    raise UnknownRegion(f"“{said}” bukan wilayah yang dikenal. Tulis nama lengkap atau kodenya.")


@dataclass(frozen=True, slots=True)
class Branch:
    code: str
    count: int
    branches: tuple[Branch, ...] = ()


def tree(counts: Mapping[str, int]) -> list[Branch]:
    """Branches by count, most first. A region's count holds those of all that lie in it."""
    below: dict[str, list[str]] = {}
    for code in counts:
        upper, _, _ = code.rpartition(".")
        below.setdefault(upper if upper in counts else "", []).append(code)

    def grown(upper: str) -> tuple[Branch, ...]:
        made = [Branch(code, counts[code], grown(code)) for code in below.get(upper, ())]
        return tuple(sorted(made, key=lambda branch: (-branch.count, branch.code)))

    return list(grown(""))
