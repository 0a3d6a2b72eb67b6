"""Writings of names and offices. All people and units are invented (karangan)."""

from __future__ import annotations

import pytest

from alerts.names import Likeness, likeness
from alerts.offices import Fit, fit, office
from pantau.records import NO_NAME


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Bambang Sutikno", "Bambang Sutikno", Likeness.SAME),
        ("Drs. H. Bambang Sutikno, M.Si", "Bambang Sutikno", Likeness.SAME),
        ("Syaifuddin Hasballah", "Saifudin Hasbalah", Likeness.SAME),
        ("Moh. Arifin Lase", "Muhammad Arifin Lase", Likeness.SAME),
        ("Yunita D.", "Yunita Daeli", Likeness.SAME),
        ("Fa'olala Harefa", "Faolala Harefa", Likeness.SAME),
        ("Pak Bambang", "Bambang Sutikno", Likeness.PART),
        ("BS", "Bambang Sutikno", Likeness.INITIALS),
        ("B.S.", "Bambang Sutikno", Likeness.INITIALS),
        ("NJ", "Nurjanah", Likeness.INITIALS),
        ("BS", "BS", Likeness.INITIALS),
        ("BS", "BT", Likeness.DIFFERENT),
        ("EP", "Bambang Sutikno", Likeness.DIFFERENT),
        ("Endang Lestari", "Bambang Sutikno", Likeness.DIFFERENT),
        ("Bambang Lestari", "Bambang Sutikno", Likeness.DIFFERENT),
        ("Endang", "Bambang Sutikno", Likeness.DIFFERENT),
        (NO_NAME, "Bambang Sutikno", Likeness.UNKNOWN),
        ("", "", Likeness.UNKNOWN),
        ("Mangkir", "Bambang Sutikno", Likeness.UNKNOWN),
        ("Camat", "Bambang Sutikno", Likeness.UNKNOWN),
    ],
)
def test_names(one: str, other: str, expected: Likeness) -> None:
    assert likeness(one, other) is expected
    assert likeness(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("Camat Tirtawangi", ""), ("camat Tirtawangi", "Pemkab Grobogan"), Fit.SAME),
        (("Camat Tirtawangi", ""), ("Camat Sukarimba", ""), Fit.DIFFERENT),
        (("Camat Tirtawangi", ""), ("camat", "Pemerintah Kabupaten Grobogan"), Fit.TITLE),
        (("Camat Tirtawangi Diperiksa Bawaslu", ""), ("Camat Tirtawangi", ""), Fit.SAME),
        (("Kepala Distrik Wambeka", ""), ("Camat Wambeka", ""), Fit.SAME),
        (("Kadishub", ""), ("Kepala Dinas", "Dinas Perhubungan Kota Tegal"), Fit.SAME),
        (("Kadishub", ""), ("Kadis Pertanian", ""), Fit.DIFFERENT),
        (("Kepala sekolah", "SDN Rawajati 3"), ("Kepala SDN Rawajati 3", ""), Fit.SAME),
        (("Kepala SMPN Rawajati 1", ""), ("Kepala SMP negeri", ""), Fit.TITLE),
        (("Sekda", ""), ("Sekretaris Daerah Kabupaten Grobogan", ""), Fit.SAME),
        (("sekdakab", ""), ("Pj Bupati", ""), Fit.OTHER),
        (("Penjabat Bupati Maybrat", ""), ("Pj Bupati", ""), Fit.SAME),
        (("guru", "SDN Rawajati 3"), ("guru PNS di SDN Rawajati 3", ""), Fit.UNIT),
        (("guru", "SDN Rawajati 3"), ("guru", "SDN Kebonsari 9"), Fit.OTHER),
        (("guru", ""), ("guru", "SDN Kebonsari 9"), Fit.TITLE),
        (("PNS", ""), ("Camat Tirtawangi", ""), Fit.UNKNOWN),
        (("Kabid Pasar", "Dinas Perdagangan"), ("Kabid di Dinas Perdagangan", ""), Fit.SAME),
        (("Camat Tirtawangi", ""), ("guru", ""), Fit.OTHER),
    ],
)
def test_offices(one: tuple[str, str], other: tuple[str, str], expected: Fit) -> None:
    assert fit(office(*one), office(*other)) is expected
    assert fit(office(*other), office(*one)) is expected
