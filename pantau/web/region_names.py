"""Regions as people write them: "Garut", "Kab. Garut", "DI Yogyakarta", "32.05". Pure."""

from __future__ import annotations

from functools import cache

from extract.entities.regions import Region, table
from pantau.documents import region_name

_SHORT = (("kab. ", "kabupaten "), ("prov. ", "provinsi "), ("di ", "daerah istimewa "))


class UnknownRegion(ValueError):
    """What somebody wrote is no region, or may be several; its text, in Indonesian, says so."""


def code_of(said: str) -> str | None:
    """The code of a region given by code or name; None where none is given.

    A kecamatan goes by its code only: too many share a name. Raises UnknownRegion.
    """
    said = said.strip()
    if not said:
        return None
    if said in table():
        return said
    asked = " ".join(said.casefold().split())
    for short, long in _SHORT:
        if asked.startswith(short):
            asked = long + asked.removeprefix(short)
    full, bare = _by_name()
    found = full.get(asked) or bare.get(asked) or []
    if len(found) == 1:
        return found[0].code
    if found:
        offered = ", ".join(f"{region_name(one.code)} ({one.code})" for one in found)
        raise UnknownRegion(f"“{said}” dapat berarti {offered}. Tulis lengkap atau kodenya.")
    raise UnknownRegion(f"“{said}” bukan wilayah yang dikenal. Tulis nama lengkap atau kodenya.")


@cache
def _by_name() -> tuple[dict[str, list[Region]], dict[str, list[Region]]]:
    """Provinces, kabupaten and kota by their names with and without their level."""
    full: dict[str, list[Region]] = {}
    bare: dict[str, list[Region]] = {}
    for region in table().values():
        if region.level != "district":
            full.setdefault(region.full.casefold(), []).append(region)
            for name in {region.name, region.full.removeprefix("Provinsi ")}:
                bare.setdefault(name.casefold(), []).append(region)
    return full, bare
