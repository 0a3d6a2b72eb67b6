"""The day of the act."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from extract.mentions.dates import act_date

PUBLISHED = date(2024, 10, 14)  # a Monday


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Ia hadir di kampanye paslon, Sabtu (12/10/2024).", date(2024, 10, 12)),
        ("Pada 28 Agustus 2024 ia mengantar calon ke KPU.", date(2024, 8, 28)),
        ("Pada 19 Oktober tahun itu ia membagikan beras.", date(2023, 10, 19)),
        ("Sabtu (12/10) camat membagikan kaus.", date(2024, 10, 12)),
        ("Kemarin lurah itu naik panggung.", date(2024, 10, 13)),
        ("Sabtu pekan lalu ia membagikan kalender.", date(2024, 10, 12)),
        ("Selasa pekan lalu ia membagikan kalender.", date(2024, 10, 8)),
        ("Jumat malam ia berorasi.", date(2024, 10, 11)),
        ("Ia membagikan kaus paslon.", None),
        ("Camat membagikan kaus, kata Ketua Bawaslu, Senin (14/10/2024).", None),
        # what stands nearest before a day tells what happened on it
        ("Camat yang dilaporkan itu naik panggung Sabtu (12/10/2024).", date(2024, 10, 12)),
        ("Camat yang naik panggung itu diperiksa, Sabtu (12/10/2024).", None),
        ("Video tarian mereka beredar sejak Minggu siang.", None),
        ("Sabtu (12/10/2024), Bawaslu memeriksa camat yang berorasi itu.", None),
        ("NGADA, 12/10 – Camat membagikan kaus kepada staf.", None),
        ("Ia mengambil formulir bakal calon bupati, Sabtu (12/10/2024).", date(2024, 10, 12)),
        ("Lima hari lalu camat membagikan kaus.", date(2024, 10, 9)),
        ("Camat membagikan kaus 4 hari yang lalu.", date(2024, 10, 10)),
        ("Camat membagikan kaus minggu lalu.", None),
        ("Camat membagikan kaus pekan lalu.", None),
        ("wingi pak lurah teken surat dukungan", date(2024, 10, 13)),
    ],
)
def test_act_date(sentence: str, expected: date | None) -> None:
    assert act_date(sentence, near=(), published=PUBLISHED) == expected


def test_the_day_of_an_examination_is_not_the_day_of_the_act() -> None:
    told = "Ia diperiksa Bawaslu, Senin (14/10/2024)."
    act = "Ia naik panggung kampanye pada Sabtu (5/10/2024)."
    assert act_date(told, near=(act,), published=PUBLISHED) == date(2024, 10, 5)


def test_without_publication_nothing_relative_is_guessed() -> None:
    assert act_date("Kemarin ia berorasi.", near=(), published=None) is None


def test_nothing_after_publication() -> None:
    assert act_date("Pada 20 Oktober 2024 ia akan hadir.", near=(), published=PUBLISHED) is None


@pytest.mark.parametrize(
    ("act", "near", "expected"),
    [
        # the voting to come is no day of the act
        ("Ia mengantar beras.", ("PSU dijadwalkan 22 September.", "Itu Kamis (3/10)."), (10, 3)),
        # the first of several days
        ("Ia menyukai empat unggahan antara 2 sampai 9 Oktober.", (), (10, 2)),
        # the sentence beside the act rather than one far off
        ("Ia naik panggung.", ("Acara itu Sabtu (5/10).", *[""] * 5, "Jumat (4/10)."), (10, 5)),
    ],
)
def test_the_likeliest_of_several_days(
    act: str, near: tuple[str, ...], expected: tuple[int, int]
) -> None:
    found = act_date(act, near=near, published=PUBLISHED)
    assert found is not None
    assert (found.month, found.day) == expected


@pytest.mark.parametrize("published", [PUBLISHED + timedelta(days=n) for n in range(0, 370, 9)])
def test_relative_days_hold_on_any_day_of_publication(published: date) -> None:
    def told(words: str) -> date | None:
        return act_date(f"{words} camat membagikan kaus.", near=(), published=published)

    for words, back in (
        ("Kemarin", 1),
        ("Dua hari lalu", 2),
        ("Tiga hari lalu", 3),
        ("Tadi pagi", 0),
        ("td malam", 1),
    ):
        assert told(words) == published - timedelta(days=back)
    for number, day in enumerate(("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")):
        found, week_before = told(day), told(f"{day} pekan lalu")
        assert found is not None
        assert week_before is not None
        assert found.weekday() == week_before.weekday() == number
        assert 0 <= (published - found).days < 7
        assert (published - week_before).days - (published.weekday() - number) == 7
        written = f"{day} ({found.day}/{found.month}/{found.year})"
        assert told(written) == told(f"{day} ({found.day}/{found.month})") == found


@pytest.mark.parametrize(
    "step",
    [
        "Laporan atas kejadian itu dimasukkan warga, Senin (7/10/2024).",
        "Delapan pegawai mengadu ke BKN dan Bawaslu, Senin (7/10/2024).",
        "Kadis kemudian dibawa namanya ke kantor Bawaslu, Senin (7/10/2024).",
    ],
)
def test_the_day_of_a_report_is_not_that_of_the_act(step: str) -> None:
    act = "Camat itu membagikan kaus pasangan calon."
    assert act_date(act, near=[step], published=date(2024, 10, 8)) is None
