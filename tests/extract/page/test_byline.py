"""Bylines as pages show them: told by what stands in the lines around the headline."""

from __future__ import annotations

import pytest

from extract.page import extract_page
from pantau.records import Article

TITLE = "Warga Dusun Menur Perbaiki Jembatan Gantung Secara Bergiliran"
TEXT = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "Warga Dusun Menur memperbaiki jembatan gantung secara bergiliran sejak awal pekan ini.",
        "Kepala dusun, Sumardi, mengatakan papan yang lapuk diganti dengan kayu dari kebun desa.",
        "Pekerjaan dihentikan setiap sore agar anak sekolah dapat menyeberang dengan tenang.",
        "Sisa uang iuran akan dipakai untuk membeli tali baja pada musim kemarau yang akan datang.",
    )
)
DATE = "Rabu, 21 Agustus 2024 19:05 WIB"


def author(make_page, head: str, foot: str = "", above: str = "") -> str:
    page = make_page(
        f"<html><head><title>{TITLE}</title></head><body><div>{above}<h1>{TITLE}</h1>"
        f"{head}<div>{TEXT}</div>{foot}</div></body></html>"
    )
    result = extract_page(page, source_region="33.26")
    assert isinstance(result, Article)
    return result.author


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (f"<div>Ratna Kinasih</div><div>{DATE}</div>", "Ratna Kinasih"),
        (f"<p>Sulastri • {DATE}</p>", "Sulastri"),
        (f"<div>{DATE}</div><div>Ratna Kinasih dan Bayu Aji</div>", "Ratna Kinasih, Bayu Aji"),
        ("<ul><li>Ratna Kinasih</li></ul>", ""),
        ("<span>Reporter</span><a>Ratna Kinasih</a>, <a>Bayu Aji</a><br><span>Editor</span>"
         "<a>Wahyu Linuwih</a>", "Ratna Kinasih, Bayu Aji"),
        ("<div><b>Penulis :</b><br>Ratna Kinasih</div><div><b>Editor :</b><br>Bayu Aji</div>",
         "Ratna Kinasih"),
        ("<table><tr><td>Penulis</td><td>:</td><td>Bidang Sarana</td></tr><tr><td>Tanggal</td>"
         "<td>:</td><td>21 Agustus 2024</td></tr></table>", "Bidang Sarana"),
        ("<span>Oleh :</span><ul><li><a>Ratna Kinasih</a></li><li><a>Bayu Aji</a></li></ul>",
         "Ratna Kinasih, Bayu Aji"),
        (f"<div><i class='fa fa-user'></i> adminweb <i class='fa fa-clock'></i> {DATE}</div>",
         "adminweb"),
        (f"<p>Editor: Wahyu Linuwih | {DATE}</p>", ""),
        (f"<div>Ratna Kinasih</div><div>Verified Writer</div><div>{DATE}</div>", "Ratna Kinasih"),
        (f"<p><a>Ratna Kinasih</a>, Jurnalis <b>{DATE}</b></p>", "Ratna Kinasih"),
        (f"<p>oleh relawan_menur pada {DATE}</p>", "relawan_menur"),
    ],
)  # fmt: skip
def test_what_a_reader_takes_for_the_byline(make_page, head, wanted):
    assert author(make_page, head) == wanted


@pytest.mark.parametrize(
    "head",
    [
        f"<div>Kabar Daerah</div><div>{DATE}</div>",  # a section
        f"<div>Dusun Menur</div><div>{DATE}</div>",  # the place that the text tells of
        f"<p>Sumardi • {DATE}</p>",  # a person of whom it tells
        f"<figure><img src=a.jpg></figure><p>Warga di atas jembatan.</p><p>{DATE}</p>",
        f"<div>1.204 Pembaca</div><div>{DATE}</div>",
        f"<div>No Comments</div><div>{DATE}</div>",
    ],
)
def test_what_stands_beside_a_date_and_is_no_author(make_page, head):
    assert author(make_page, head) == ""


def test_a_name_that_only_an_attribute_holds(make_page):
    head = (
        "<div><bdi class='nm' data-text='Ratna Kinasih'></bdi>"
        "<time data-text='Aug 21, 2024' datetime='2024-08-21T19:05:00+07:00'></time></div>"
    )
    assert author(make_page, head) == "Ratna Kinasih"


@pytest.mark.parametrize(
    ("foot", "wanted"),
    [
        ("<p>Penulis : Ratna Kinasih<br>Editor : Bayu Aji</p>", "Ratna Kinasih"),
        ("<p>Laporan: Ratna Kinasih dari Menur</p>", "Ratna Kinasih"),
        ("<p>(Humas Desa Menur/foto: Bayu)</p>", "Humas Desa Menur"),
        ("<p>(rat/bay)</p>", ""),
        ("<p>(Ratna Kinasih)</p>", "Ratna Kinasih"),
    ],
)
def test_lines_of_credit_below_the_text(make_page, foot, wanted):
    assert author(make_page, "", foot) == wanted


def test_a_line_above_the_headline(make_page):
    above = f"<div>Ratna Kinasih</div><div>{DATE}</div>"
    assert author(make_page, "", above=above) == "Ratna Kinasih"
