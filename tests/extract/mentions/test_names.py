"""What is a name and what only looks like one; whose account speaks (all texts karangan)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.mentions import Judge
from extract.mentions.authors import signed
from extract.mentions.reading import is_place
from extract.mentions.who import Named, may_be_name
from pantau.records import NO_NAME, Actor, Article, Entity

PUBLISHED = datetime(2024, 10, 21, 9, 0, tzinfo=UTC)


def actors(judge: Judge, title: str, text: str, author: str = "") -> list[Actor]:
    article = Article(
        id="t",
        title=title,
        text=text,
        published=PUBLISHED,
        kind="post" if author else "news",
        author=author,
    )
    return [m.actor for m in judge.judge(article).mentions if m.subject == "asn"]


@pytest.mark.parametrize(
    ("author", "name", "office"),
    [
        ("Hendri Sapto — Kasi Ekbang Kelurahan", "Hendri Sapto", "Kasi Ekbang Kelurahan"),
        ("Gunawan S. (guru, SDN 2 Wonosekar)", "Gunawan S.", "guru"),
        ("dr. Mega | Dokter RSUD, ASN", "dr. Mega", "Dokter RSUD"),
    ],
)
def test_account_tells_who_holds_which_office(author: str, name: str, office: str) -> None:
    assert signed(author) == Actor(name=name, position=office)


@pytest.mark.parametrize(
    "author",
    ["@pak.lurah.kreatif", "Forum ASN Jatim", "Info Camat - Kabar ASN", "Warga Pasar (Jember)", ""],
)
def test_account_without_person_and_office_is_nobody(author: str) -> None:
    assert signed(author) is None


def test_own_account_is_the_actor_and_anothers_is_not(judge: Judge) -> None:
    account = "Hendri Sapto — Kasi Ekbang Kelurahan"
    own = (
        "Siap kawal pasangan nomor 2 sampai menang, kami satu kelurahan solid, tanggal 27 coblos 2"
    )
    assert [a.name for a in actors(judge, "", own, account)] == ["Hendri Sapto"]
    other = "Pak camat Karangwuni tadi bagi-bagi kaus paslon nomor 2 ke ketua RT, parah"
    assert {a.name for a in actors(judge, "", other, account)} <= {NO_NAME}


def test_word_that_is_written_small_elsewhere_is_no_name() -> None:
    text = "Perajin itu menyerahkan angka dua. Dua perajin lain heran, kata Desti."
    assert not may_be_name(Named("Perajin", "", "", "", ((0, 7),)), text)
    place = text.index("Desti")
    assert may_be_name(Named("Desti", "", "", "", ((place, place + 5),)), text)


def test_part_of_a_places_name_is_no_person() -> None:
    place = Entity(start=0, end=11, text="Kulon Progo", label="LOC", norm="34.01")
    assert is_place("Progo", [place], [])
    assert is_place("Garut", [], ["32.05"])
    assert not is_place("Sarwono", [place], ["32.05"])


def test_all_of_a_list_share_the_office_told_behind_it(judge: Judge) -> None:
    found = actors(
        judge,
        "Rebana Pengiring Deklarasi Paslon, Guru Diperiksa Bawaslu",
        "SOREANG – Tiga personelnya, Ai Kurniasih, Tuti Alawiyah, dan Neng Sarah, guru madrasah "
        "negeri berstatus PNS, diperiksa Bawaslu Kabupaten Bandung karena tampil dan meneriakkan "
        "slogan dalam deklarasi pasangan calon nomor urut 1, Minggu (29/9/2024).",
    )
    assert {a.name for a in found} == {"Ai Kurniasih", "Tuti Alawiyah", "Neng Sarah"}


def test_offices_told_in_one_breath_are_all_accused(judge: Judge) -> None:
    found = actors(
        judge,
        "",
        "KENDAL – Bawaslu Kendal memeriksa Kepala Dinkes dan tiga kepala puskesmas yang diduga "
        "mengumpulkan kader posyandu untuk kampanye pasangan calon bupati nomor urut 1.",
    )
    assert {a.position.lower() for a in found} == {"kepala dinkes", "kepala puskesmas"}
