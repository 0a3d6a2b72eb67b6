"""The role an office gives, the agency a person serves, and the candidate a person is."""

from __future__ import annotations

from collections.abc import Sequence

from .agencies import Organisation
from .candidates import Candidates
from .figures import Figure
from .linking import Linker
from .positions import Position
from .regions import government, table
from .tokens import Words, lexicon
from .workplaces import meant, only, staffed_by


def role_of(
    words: Words, position: Position, linker: Linker, agencies: Sequence[Organisation]
) -> str:
    """The role of a position's holder, "" where nothing tells it."""
    role = position.role(linker.settle(position.codes) or next(iter(linker.codes), None))
    if role:
        return role
    sentence = words.sent[position.start]
    if position.agency is None and position.office.name in ("Ketua", "Komisioner"):
        near = [
            a for a in agencies if a.start < position.start and sentence - words.sent[a.start] <= 2
        ]
        if near and near[-1].kind.role == "election_body":
            return "election_body"
    served = any(
        a.kind.role == "agency" and a.start < position.start and words.sent[a.start] == sentence
        for a in agencies
    )
    return "asn" if position.office.sure or served or civil_nearby(words, position) else ""


def civil_nearby(words: Words, position: Position) -> bool:
    """Whether the sentence of a position or one beside it speaks of civil servants."""
    civil = frozenset(lexicon("persons")["civil_servant"]["words"]) | {"negeri"}
    contract = frozenset(lexicon("persons")["contract"])
    sentence = words.sent[position.start]
    near = {
        fold for fold, sent in zip(words.fold, words.sent, strict=True) if abs(sent - sentence) <= 1
    }
    return bool(near & civil) and not near & contract


def serves(
    words: Words,
    figure: Figure,
    linker: Linker,
    agencies: Sequence[Organisation],
) -> str:
    """The name of the agency the person serves, as the text gives it, with its region."""
    for position in figure.offices:
        alone = not (position.agency or position.place or position.office.agency)
        if alone and figure.agencies and _behind(words, position, agencies) is None:
            continue  # "Perawat berinisial YL, PPPK di Puskesmas Marlasi"
        if role_of(words, position, linker, agencies) == "asn":
            name = agency_of(words, position, linker, agencies)
            if name:
                return name
    for agency in figure.agencies:
        return agency_name(words, agency, linker, agencies)
    return figure.served


def agency_of(
    words: Words, position: Position, linker: Linker, agencies: Sequence[Organisation]
) -> str:
    """The agency a position belongs to."""
    if position.agency is not None:
        return agency_name(words, position.agency, linker, agencies)
    office = position.office
    here = linker.settle(position.codes) or linker.region_at(words.start[position.start])
    if office.agency == "village":
        return ""
    house = staffed_by(" ".join(words.fold[position.start : position.head]))
    if house is not None and position.place is None:  # "Kepala sekolah itu, Elfi"
        found = only(words, agencies, house) or meant(words, agencies, house, position.start)
        if found is not None:
            return agency_name(words, found, linker, agencies)
    if office.agency == "government":
        if here is None:
            return ""
        region = here[:2] if "gubernur" in words.fold[position.start : position.head] else here
        return government(region)
    for agency in agencies:  # "Kadisdikpora" where the text names "Disdikpora Buleleng"
        if agency.full and office.agency == f"{agency.full} {{place}}" and agency.end > agency.head:
            return words.slice(agency.start, agency.end)
    place = words.slice(*position.place) if position.place else ""
    if position.level not in ("district", "local", "village"):
        place = table()[here[:5]].full if here else place
    if office.agency:
        wanted = words.slice(*position.field) if position.field else ""
        if "{field}" in office.agency:
            if not wanted:
                return _nearest(words, position, linker, agencies, here)
            region = f" {table()[here[:5]].full}" if here else ""
            service = wanted.casefold().startswith(("dis", "din", "dik"))  # "Kadis Dikbud"
            return (wanted if service else office.agency.format(field=wanted)) + region
        named = office.agency.format(place=place).strip()
        papuan = "distrik" in words.fold[position.start : position.head]
        return named.replace("Kecamatan", "Distrik") if papuan else named
    if position.level in ("district", "village") and position.place is not None:
        if place.startswith("Kel"):
            return place
        return place if place.startswith(("Kec", "Distrik")) else f"Kecamatan {place}"
    return _nearest(words, position, linker, agencies, here)


def _nearest(
    words: Words,
    position: Position,
    linker: Linker,
    agencies: Sequence[Organisation],
    here: str | None,
) -> str:
    """The agency of a position that names none: one right behind it, else the last one named."""
    behind = _behind(words, position, agencies)
    if behind is not None:
        return agency_name(words, behind, linker, agencies)
    before = [
        a
        for a in agencies
        if a.start < position.start and a.kind.role == "agency" and a.kind.tail != "none"
    ]
    if before:
        return agency_name(words, before[-1], linker, agencies)
    return government(here) if here else ""


def _behind(
    words: Words, position: Position, agencies: Sequence[Organisation]
) -> Organisation | None:
    """The agency right behind a position: "Penyuluh pertanian pada Dinas Pertanian"."""
    for agency in agencies:
        near = 0 <= agency.start - position.end <= 2
        if near and agency.kind.role == "agency" and words.joined(position.start, agency.start):
            return agency
    return None


def agency_name(
    words: Words,
    agency: Organisation,
    linker: Linker,
    agencies: Sequence[Organisation],
) -> str:
    """An agency's name as written, with its region where the text leaves that to the reader."""
    written = words.slice(agency.start, agency.end)
    if agency.kind.tail != "region" or agency.end > agency.head:
        return written
    for other in agencies:
        if other.full == agency.full and other.codes:
            return words.slice(other.start, other.end)
    here = linker.region_at(words.start[agency.start])
    if here and agency.full.startswith("Biro"):
        here = here[:2]  # only a province's secretariat has one
    return f"{written} {table()[here[:5]].full}" if here else written


def candidate_id(
    words: Words, figure: Figure, candidates: Candidates, regions: Sequence[str]
) -> str:
    """Id of the candidate the person is, "" for none."""
    longest = max(figure.names, key=lambda n: n.end - n.start)
    match = candidates.match(words.text[longest.start : longest.end], regions)
    return match.id if match else ""
