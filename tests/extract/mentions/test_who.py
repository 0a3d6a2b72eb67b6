"""Who the actors of a text are: name, office, agency and place (all texts karangan)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from extract.mentions import Judge
from extract.mentions.initials import initials_after, initials_in
from pantau.records import Actor, Article, Mention

PUBLISHED = datetime(2024, 10, 21, 9, 0, tzinfo=UTC)


def actors(judge: Judge, text: str, title: str = "", **more: object) -> list[Actor]:
    return [m.actor for m in mentions(judge, text, title, **more)]


def mentions(judge: Judge, text: str, title: str = "", **more: object) -> list[Mention]:
    article = replace(Article(id="t", title=title, text=text, published=PUBLISHED), **more)  # type: ignore[arg-type]
    return [m for m in judge.judge(article).mentions if m.subject == "asn"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Perempuan berinisial NJ itu membagikan stiker.", ["NJ"]),
        ("Inisialnya AR, SM dan KH, kata pengawas.", ["AR", "SM", "KH"]),
        ("Berkasnya lengkap. MT, yang lama mengabdi, akan banding.", ["MT"]),
        ("Orang itu HST, guru SD di Palangga.", ["HST"]),
        ("Yunita D. dan Fadil H. mengaku.", ["Yunita D", "Fadil H"]),
        ("Laporan masuk ke KPU, yang lalu bersurat. PNS, kata dia, harus netral.", []),
    ],
)
def test_initials_are_told_from_abbreviations(text: str, found: list[str]) -> None:
    assert initials_in(text) == found


def test_initials_close_an_office_but_an_abbreviation_of_its_unit_does_not() -> None:
    assert initials_after("Camat Tarumajaya SR") == "SR"
    assert initials_after("Kabid Dinas PUPR") == ""
    assert initials_after("pejabat eselon III") == ""


def test_an_unnamed_office_takes_the_name_the_text_gives_it_elsewhere(judge: Judge) -> None:
    (who,) = actors(
        judge,
        "KEBUMEN – Bawaslu Kebumen memeriksa Camat Karangwuni yang diduga mengajak warga memilih "
        "pasangan calon bupati nomor urut 2, Senin (21/10/2024).\n\n"
        '"Buktinya rekaman suara," kata anggota Bawaslu, Ratna Wulandari.\n\n'
        "Sarwono membantah telah berkampanye.",
        "Ajak Warga Pilih Paslon, Camat Karangwuni Diperiksa Bawaslu",
    )
    assert (who.name, who.agency) == ("Sarwono", "Pemerintah Kabupaten Kebumen")


def test_who_only_speaks_is_not_accused(judge: Judge) -> None:
    found = actors(
        judge,
        "KEBUMEN – Seorang penyuluh pertanian terbukti membagikan stiker pasangan calon bupati "
        "nomor urut 2 kepada kelompok tani.\n\n"
        "Kepala BKPSDM Kebumen, Yohanes Supriyadi, menyebut sanksinya teguran tertulis.\n\n"
        "Perempuan berinisial NJ itu menerima putusan.",
        "Penyuluh Pertanian di Kebumen Disanksi karena Bagikan Stiker Paslon",
    )
    assert [who.name for who in found] == ["NJ"]


def test_several_who_acted_together_are_all_told(judge: Judge) -> None:
    found = actors(
        judge,
        "TELUKDALAM – Dua guru PNS berjoget di panggung kampanye calon bupati Nias Selatan sambil "
        "mengangkat empat jari.\n\nKeduanya, Yunita Dakhi dan Faolala Halawa, guru SDN "
        "Hilisimaetano, dilaporkan ke Bawaslu.",
        "Dua Guru di Nias Selatan Joget di Kampanye",
    )
    assert {who.name for who in found} == {"Yunita Dakhi", "Faolala Halawa"}


def test_of_a_recap_each_case_has_its_own_actor_and_region(judge: Judge) -> None:
    found = mentions(
        judge,
        "JAKARTA – Bawaslu RI merangkum tiga kasus dugaan ketidaknetralan ASN.\n\n"
        "Pertama, foto berpose dua jari Camat Toroh, Grobogan, bersama calon bupati. Kedua, "
        "Sekcam Sukaraja, Kabupaten Bogor, yang terekam memasang spanduk pasangan calon. "
        "Terakhir, Kepala Dinas Perhubungan Kota Cirebon, Arif Kusnandar, yang meminjamkan bus "
        "untuk kampanye pasangan calon.",
        "Tiga Kasus ASN yang Disorot Bawaslu RI",
    )
    assert [m.region_code for m in found] == ["33.15", "32.01", "32.74"]
    assert found[2].actor.name == "Arif Kusnandar"


@pytest.mark.parametrize(
    ("office", "agency"),
    [
        ("Camat Karangwuni", "Pemerintah Kabupaten Kebumen"),
        ("Sekda", "Pemerintah Kabupaten Kebumen"),
        ("Kepala Dinas Perhubungan", "Dinas Perhubungan Kabupaten Kebumen"),
        ("Kepala SDN 3 Karangwuni", "SDN 3 Karangwuni Kabupaten Kebumen"),
        ("staf Kelurahan Panjunan", "Kelurahan Panjunan Kabupaten Kebumen"),
        ("guru PNS", "Pemerintah Kabupaten Kebumen"),
        ("guru SMA negeri", "Pemerintah Provinsi Jawa Tengah"),
        ("dosen", ""),
    ],
)
def test_the_agency_is_the_unit_named_else_the_government(
    judge: Judge, office: str, agency: str
) -> None:
    (who,) = actors(
        judge,
        f"KEBUMEN – Bawaslu Kebumen memeriksa seorang {office} yang diduga membagikan kaus "
        "pasangan calon bupati nomor urut 2 kepada warga, Sabtu (19/10/2024).",
        "Diduga Bagikan Kaus Paslon, Bawaslu Kebumen Periksa ASN",
    )
    assert who.agency == agency


def test_a_headline_ends_the_office_at_its_verb(judge: Judge) -> None:
    (who,) = actors(judge, "", "PNS Acungkan Satu Jari Bareng Caleg di Belu, Dilaporkan ke Bawaslu")
    assert who.position == "PNS"


def test_a_posts_hashtag_and_a_papers_own_region_tell_the_place(judge: Judge) -> None:
    text = "pak camat bagi2 beras trus bilang ingat paslon nomor 3 ya bapak ibu, ada rekaman nih"
    (tagged,) = mentions(judge, f"{text} #pilkadatemanggung", kind="post", platform="x")
    assert tagged.region_code == "33.23"
    (local,) = mentions(judge, text, kind="post", platform="x", source_region="53.11")
    assert local.region_code == "53.11"


def test_word_that_a_case_was_dismissed_is_told_of_its_actor(judge: Judge) -> None:
    article = Article(
        id="t",
        title="Bawaslu Kebumen Hentikan Perkara Camat Karangwuni, Tak Cukup Bukti",
        text="KEBUMEN – Bawaslu Kebumen menghentikan penanganan laporan terhadap Camat Karangwuni, "
        "Sarwono Budiarjo, karena tidak cukup bukti.",
        published=PUBLISHED,
    )
    judgement = judge.judge(article)
    (mention,) = [m for m in judgement.mentions if m.subject == "asn"]
    assert judgement.decision == "none"
    assert (mention.stage, mention.actor.name) == ("dismissed", "Sarwono Budiarjo")
    assert mention.stage_by == "Bawaslu Kebumen"


def test_initials_that_are_also_an_abbreviation_are_a_person_where_the_text_says_so(
    judge: Judge,
) -> None:
    (who,) = actors(
        judge,
        "TULUNGAGUNG – Seorang pengawas sekolah berinisial HP pada Selasa (22/10/2024) "
        "mengumpulkan puluhan guru dan mengarahkan agar mereka memilih pasangan calon bupati "
        "nomor urut 2.",
    )
    assert (who.name, who.position) == ("HP", "pengawas sekolah")


def test_a_headlines_list_of_offices_tells_each(judge: Judge) -> None:
    found = actors(
        judge, "", "Kadis dan Tiga Camat di Kebumen Dilaporkan ke Bawaslu, Diduga Dukung Paslon"
    )
    assert sorted(who.position for who in found) == ["Camat di Kebumen", "Kadis"]
