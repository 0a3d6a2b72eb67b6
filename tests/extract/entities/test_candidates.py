"""Candidates from files, and KPU's region codes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from extract.entities import Recogniser
from extract.entities.candidates import CandidateError, Candidates, kepmendagri_code, name_words
from extract.entities.regions import table

from .conftest import CANDIDATES, read

ELECTED_2024 = {
    # who is known to have run where, one or two for each province whose codes were ever renumbered
    "11.06": "Muharram Idris",
    "21.71": "Amsakar Achmad",
    "32.05": "Abdusy Syakur Amin",
    "32.73": "M. Farhan",
    "64.74": "Neni Moerniaeni",
    "65.01": "Syarwani",
    "65.71": "Khairul",
    "74.06": "Burhanuddin",
    "75.01": "Sofyan Puhi",
    "75.71": "Adhan Dambea",
    "91.71": "Abisai Rollo",
    "93.01": "Yoseph B. Gebze",
    "94.01": "Mesak Magai",
    "94.04": "Johannes Rettob",
    "95.01": "Atenius Murip",
    "96.01": "Johny Kamuru",
    "96.71": "Septinus Lobat",
}


def pairs() -> list[dict[str, str]]:
    path = CANDIDATES / "pilkada-2024.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_every_pair_has_a_known_region_and_a_number() -> None:
    rows = pairs()
    assert len(rows) == 1557
    assert all(row["region_code"] in table() for row in rows)
    regions = {row["region_code"] for row in rows}
    assert len({code for code in regions if len(code) == 5}) == 508
    assert len({code for code in regions if len(code) == 2}) == 37


@pytest.mark.parametrize(("code", "name"), ELECTED_2024.items())
def test_kpu_codes_stand_for_the_right_regions(code: str, name: str) -> None:
    wanted = set(name_words(name))
    heads = [set(name_words(row["head"])) for row in pairs() if row["region_code"] == code]
    assert any(wanted <= head for head in heads), heads


def test_an_unknown_kpu_code_is_an_error() -> None:
    assert kepmendagri_code("3205") == "32.05"
    with pytest.raises(KeyError):
        kepmendagri_code("9999")


def test_a_candidate_is_known_by_name_in_its_own_region(with_candidates: Recogniser) -> None:
    row = next(r for r in pairs() if r["region_code"] == "32.73" and "FARHAN" in r["head"])
    there = read(with_candidates, "Kota Bandung ramai. Muhammad Farhan bertemu warga Kota Bandung.")
    assert row["number"]
    found = [p for p in there.persons if p.name.endswith("Farhan")]
    assert found
    elsewhere = read(with_candidates, "Kabupaten Nabire ramai. Abdusy Syakur Amin bertemu warga.")
    assert all("candidate" not in p.roles for p in elsewhere.persons)


def test_without_files_nobody_is_a_candidate_by_name(recogniser: Recogniser) -> None:
    text = "GARUT - Abdusy Syakur Amin meninjau pasar di Kabupaten Garut."
    assert all("candidate" not in p.roles for p in read(recogniser, text).persons)


def test_with_files_the_name_is_enough(with_candidates: Recogniser) -> None:
    text = "GARUT - Abdusy Syakur Amin meninjau pasar di Kabupaten Garut."
    annotated = read(with_candidates, text)
    found = [p for p in annotated.persons if "candidate" in p.roles]
    assert [p.name for p in found] == ["Abdusy Syakur Amin"]
    norm = next(e.norm for e in annotated.entities if e.label == "PER")
    assert norm.startswith("pilkada-2024/32.05/")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("32.99,1,SI A,SI B,", "no Kepmendagri code"),
        ("32.05,satu,SI A,SI B,", "needs region_code"),
    ],
)
def test_a_bad_line_names_file_line_and_mend(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "x.toml").write_text('id = "x"\n')
    (tmp_path / "x.csv").write_text(f"region_code,number,head,deputy,aliases\n{line}\n")
    with pytest.raises(CandidateError, match=rf"x\.csv:2: .*{says}"):
        Candidates.load(tmp_path)


def test_a_table_without_its_description_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("region_code,number,head,deputy,aliases\n")
    with pytest.raises(CandidateError, match=r"x\.toml is missing"):
        Candidates.load(tmp_path)


ELECTION = """region_code,number,head,deputy,aliases
32.05,1,"H. SUJANA WIRATMA, S.H.",RODIAH PUSPITA,
32.05,2,DADANG KARSONO,"Dra. ERNI LASMANA",JURAGAN DESA
32,2,BRATA SENJAYA,DODI MULYAWAN,
33.25,1,DADANG SUKAMTO,ERNI WIJAYANTI,
"""


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Recogniser:
    folder = tmp_path_factory.mktemp("candidates")
    (folder / "x.toml").write_text('id = "x"\n')
    (folder / "x.csv").write_text(ELECTION)
    return Recogniser.load(folder)


@pytest.mark.parametrize(
    ("text", "said", "pair"),
    [
        ("GARUT - Lurah memakai kaus paslon 02 calon bupati.", "paslon 02", "x/32.05/2"),
        ("GARUT - Ia memilih calon bupati nomor urut 2.", "nomor urut 2", "x/32.05/2"),
        ("GARUT - Ia memilih calon gubernur nomor urut 2.", "nomor urut 2", "x/32/2"),
        ("GARUT - Ia berkata, cabupnya pilih nomor loro.", "nomor loro", "x/32.05/2"),
        ("GARUT - Camat ikut kampanye Dadang-Erni.", "Dadang-Erni", "x/32.05/2"),
        ("BATANG - Camat ikut kampanye Dadang-Erni.", "Dadang-Erni", "x/33.25/1"),
        ("GARUT - Camat ikut relawan SURO di pasar.", "SURO", "x/32.05/1"),
        ("GARUT - Camat memuji Juragan Desa.", "Juragan Desa", "x/32.05/2"),
        ("Camat itu memilih paslon 02.", "paslon 02", ""),
        ("NABIRE - Camat ikut kampanye Dadang-Erni.", "Dadang-Erni", ""),
        ("GARUT - Rumah nomor urut 12 di gang itu.", "nomor urut 12", ""),
    ],
)
def test_what_means_a_pair(invented: Recogniser, text: str, said: str, pair: str) -> None:
    found = {ticket.text: ticket.pair for ticket in read(invented, text).tickets}
    assert found.get(said, "") == pair


def test_the_names_of_a_fused_pair_are_its_candidates(invented: Recogniser) -> None:
    annotated = read(invented, "GARUT - Camat ikut kampanye Dadang-Erni.")
    norms = {e.text: e.norm for e in annotated.entities if e.label == "PER"}
    assert norms == {"Dadang": "x/32.05/2/head", "Erni": "x/32.05/2/deputy"}


def test_without_files_a_number_keeps_its_region(recogniser: Recogniser) -> None:
    (ticket,) = read(recogniser, "GARUT - Ia memilih calon bupati nomor urut 2.").tickets
    assert (ticket.number, ticket.region, ticket.pair) == (2, "32.05", "")


def test_without_files_a_joined_pair_is_two_candidates(recogniser: Recogniser) -> None:
    found = read(recogniser, "GARUT - Camat ikut kampanye Dadang-Erni di pasar.").persons
    assert [(p.name, p.roles) for p in found] == [
        ("Dadang", ("candidate",)),
        ("Erni", ("candidate",)),
    ]


def test_a_known_alias_of_2024(with_candidates: Recogniser) -> None:
    text = "JAKARTA – Seorang lurah di Jakarta Selatan ikut relawan RIDO."
    assert [t.pair for t in read(with_candidates, text).tickets] == ["pilkada-2024/31/1"]


@pytest.mark.parametrize("text", ["PDI Perjuangan", "PDIP", "Partai Golkar", "PAN", "PKS"])
def test_parties_in_full_and_short(recogniser: Recogniser, text: str) -> None:
    annotated = read(recogniser, f"Camat itu hadir dalam rapat {text} di Garut.")
    assert [e.roles for e in annotated.entities if e.label == "ORG"] == [("party",)]
