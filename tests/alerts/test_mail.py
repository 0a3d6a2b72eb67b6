"""What a mail says, what it never says, and that nothing from outside can bend its form."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.mail import render
from alerts.wording import Places, competent_office, notice
from pantau.config.models import Subscription
from pantau.records import NO_NAME, STAGES, Actor, Alert
from tests.alerts import world
from tests.alerts.sample import sample

PLACES = Places(world.region_name, world.archive_path)


def mail(alert: Alert, subscription: Subscription | None = None, **changes: Any) -> EmailMessage:
    told: dict[str, Any] = {
        "sender": "pantau@bawaslu.example",
        "recipient": "penanganan@bawaslu.example",
        "places": PLACES,
        "now": world.NOW,
    }
    made = render(alert, subscription or world.subscription(), **{**told, **changes})
    return message_from_bytes(made.as_bytes(), policy=default)  # type: ignore[return-value]


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    content: str = found.get_content()
    return content.replace("\r\n", "\n")


def squeezed(text: str) -> str:
    return " ".join(text.split())


def seen(html: str) -> str:
    """The words a reader of the HTML part sees, and the addresses its links lead to."""
    body = lxml.html.fromstring(html).find("body")
    assert body is not None
    return squeezed(body.text_content())


def test_the_order_is_the_one_a_watcher_needs() -> None:
    text = part(mail(sample()), "plain")
    labels = [
        *("KUTIPAN", "TANGGAPAN YANG DIMUAT SUMBER", "SIAPA", "JABATAN", "INSTANSI", "TEMPAT"),
        *("WAKTU PERISTIWA", "CALON ATAU PARTAI TERKAIT", "BENTUK MENURUT SKB", "PENANGANAN"),
        *("PERTAMA TERBACA SISTEM", "SUMBER", "LAPORAN LAIN", "KANTOR YANG BERWENANG"),
        *("MENGAPA SUREL INI DIKIRIM", "YANG PERLU DIINGAT"),
    ]
    places = [text.index(f"\n{label}\n") for label in labels]
    assert places == sorted(places)
    assert text.rstrip().endswith("Untuk keperluan pengawasan, tidak untuk disebarkan.")


def test_both_parts_say_the_same() -> None:
    message = mail(sample())
    html, text = part(message, "html"), squeezed(part(message, "plain"))
    shown = seen(html)
    told = notice(sample(), world.subscription(), PLACES, world.NOW)
    assert told.title in shown
    assert told.title in text
    for block in told.blocks:
        assert block.label in shown
        assert block.label.upper() in text
        for line in block.lines:
            assert squeezed(line.text) in shown
            assert squeezed(line.text) in text


def test_it_says_what_it_is_not_and_when_the_days_run() -> None:
    text = part(mail(sample()), "plain")
    assert "informasi awal" in text
    assert "bukan putusan" in text
    assert "Dugaan" in text
    assert "Batas tujuh hari dihitung sejak Bawaslu sendiri mengetahui peristiwa" in text
    assert "ab" * 32 in text
    assert world.archive_path("ab" * 32) in text


@pytest.mark.parametrize("stage", STAGES)
def test_our_own_words_never_call_anything_proven(stage: Any) -> None:
    case = world.case(stage=stage, stage_by="BKN")
    told = notice(
        replace(world.alert(), case=case, reports=(world.report(stage=stage, stage_by="BKN"),)),
        world.subscription(),
        PLACES,
        world.NOW,
    )
    handling = next(b for b in told.blocks if b.label == "Penanganan").lines[0].text
    assert "oleh BKN, menurut Kabar Tirta" in handling
    assert not re.search(r"(?<!tidak )terbukti", handling)


def test_a_stage_without_an_authority_says_so() -> None:
    reports = (world.report(stage="proven"),)
    alert = replace(world.alert(), case=world.case(stage="proven"), reports=reports)
    assert (
        "dinyatakan melanggar (pihak yang menyatakan tidak disebut), menurut Kabar Tirta"
        in part(mail(alert), "plain")
    )


def test_no_score_and_no_sanction_stands_in_it() -> None:
    text = part(mail(sample()), "plain").lower()
    assert "0.9" not in text
    assert "skor" not in text
    assert not re.search(r"sanksi|hukuman|penjara|denda|diberhentikan", text)


def test_a_citizens_handle_is_not_spread() -> None:
    message = mail(sample())
    assert "warga_tirta" not in message.as_string()
    assert "warga_tirta" not in part(message, "html") + part(message, "plain")
    quoting = replace(world.alert(), reports=(world.report(sentence="Kata @siti.88, camat pose."),))
    assert "siti.88" not in part(mail(quoting), "plain")


def test_a_citizens_words_are_not_those_of_the_paper_they_were_read_at() -> None:
    comment = world.report(kind="post", title="")
    text = part(mail(replace(world.alert(), reports=(comment,))), "plain")
    assert "disebut sebagai dugaan, menurut akun warga (dibaca lewat Kabar Tirta)" in text
    assert "\nKabar Tirta" not in text
    assert "tanpa judul" not in text
    official = replace(comment, official=True)
    assert "menurut Kabar Tirta" in part(mail(replace(world.alert(), reports=(official,))), "plain")


def test_numbers_of_persons_and_addresses_are_masked_wherever_words_are_quoted() -> None:
    secret = "NIK 3315012345678901, HP 0812-3456-7890, Jalan Melati No. 12 RT 03/RW 02"
    alert = Alert(
        case=world.case(answer=secret, beneficiary=secret, stage_by=secret),
        kind="new",
        subscription_id="x",
        reports=(world.report(sentence=secret, title=secret),),
    )
    told = part(mail(alert), "plain") + part(mail(alert), "html")
    for piece in ("3315012345678901", "0812", "Melati No", "RT 03"):
        assert piece not in told


def test_links_only_where_pages_are_served() -> None:
    without = part(mail(sample()), "html")
    assert "/arsip/" not in without
    served = mail(sample(), places=replace(PLACES, base_url="https://pantau.bawaslu.example/"))
    assert "https://pantau.bawaslu.example/arsip/" + "ab" * 32 in part(served, "html")
    assert "https://pantau.bawaslu.example/arsip/" + "ab" * 32 in part(served, "plain")
    assert "https://pantau.bawaslu.example/kasus/7" in part(served, "plain")


def test_nothing_is_fetched_when_it_is_opened() -> None:
    html = part(mail(sample(), places=replace(PLACES, base_url="https://pantau.example")), "html")
    tree = lxml.html.fromstring(html)
    assert not tree.xpath("//img|//script|//link|//iframe|//object|//@src|//@background")
    assert "url(" not in html
    assert "@import" not in html


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    alert = replace(world.alert(), reports=(world.report(url="javascript:alert(1)"),))
    html = part(mail(alert), "html")
    assert "javascript:" not in html


@pytest.mark.parametrize(
    ("act_date", "said"),
    [
        (date(2024, 10, 12), "Sabtu, 12 Oktober 2024\n"),
        (date(2024, 8, 3), "Sabtu, 3 Agustus 2024 – peristiwa lama?"),
        (None, "tidak disebut – peristiwa lama?"),
    ],
)
def test_an_old_or_undated_act_is_asked_about(act_date: date | None, said: str) -> None:
    alert = replace(world.alert(), case=world.case(act_date=act_date))
    assert said in part(mail(alert), "plain")


@pytest.mark.parametrize("act_date", [date(2024, 10, 12), None])
def test_the_phase_of_an_undated_act_is_said_to_be_that_of_the_report(
    act_date: date | None,
) -> None:
    alert = replace(world.alert(), case=world.case(act_date=act_date))
    hedged = "masa kampanye Pilkada 2024 (menurut tanggal terbit" in part(mail(alert), "plain")
    assert hedged == (act_date is None)


def test_each_person_is_named_once_by_the_fullest_name() -> None:
    reports = tuple(
        world.report(article_id=str(i), actor=Actor(name=name))
        for i, name in enumerate(["BS", "Bambang Sutikno", "Pak Bambang", "Endang Lestari"])
    )
    text = part(mail(replace(world.alert(), reports=reports)), "plain")
    assert "SIAPA\nBambang Sutikno\nEndang Lestari\n" in text


def test_what_is_not_known_is_said_so() -> None:
    bare = world.case(
        actor=Actor(), region_code=None, beneficiary="", act_date=None, phase="", skb_forms=()
    )
    report = world.report(actor=Actor(), region_code=None, skb_forms=(), act_date=None)
    text = part(mail(replace(world.alert(), case=bare, reports=(report,))), "plain")
    assert f"SIAPA\n{NO_NAME}" in text
    assert "TEMPAT\nbelum disebut" in text
    assert "Tidak dimuat dalam sumber yang dibaca." in text
    assert "kantor yang berwenang belum dapat ditentukan" in text


@pytest.mark.parametrize(
    ("code", "office"),
    [
        ("33.15", "Bawaslu Kabupaten Grobogan"),
        ("33.15.05", "Bawaslu Kabupaten Grobogan"),
        ("33.74", "Bawaslu Kota Semarang"),
        ("11.08", "Panwaslih Kabupaten Aceh Utara"),
        ("33", "Bawaslu Provinsi Jawa Tengah (tingkat kabupaten atau kota belum diketahui)"),
    ],
)
def test_the_competent_office(code: str, office: str) -> None:
    assert competent_office(code, PLACES) == office


def test_the_subject_has_act_office_and_place_and_no_name() -> None:
    position = "Camat Tirtawangi Bambang Sutikno"
    alert = replace(
        world.alert(),
        case=world.case(actor=Actor(name="Bambang Sutikno", position=position)),
    )
    subject = mail(alert)["subject"]
    assert subject == "Dugaan foto bersama calon: Camat Tirtawangi, Kab. Grobogan"


@pytest.mark.parametrize(
    ("forms", "position", "code", "subject"),
    [
        ((2,), "Kepala Dinas Komunikasi dan Informatika", "33.15",
         "Dugaan kampanye di media sosial: Kepala Dinas…, Kab. Grobogan"),
        ((12,), "", "33.74", "Dugaan dukungan calon perseorangan: ASN, Kota Semarang"),
        ((), "Lurah Sukarimba", None, "Dugaan berfoto bersama calon: Lurah Sukarimba"),
        ((5,), "Camat", "71.09", "Dugaan foto bersama calon: Camat, Kab. Kepulauan Siau…"),
    ],
)  # fmt: skip
def test_a_long_subject_keeps_act_office_and_place(
    forms: tuple[int, ...], position: str, code: str | None, subject: str
) -> None:
    case = world.case(skb_forms=forms, region_code=code, actor=Actor(position=position))
    alert = replace(world.alert(), case=case, reports=(world.report(skb_forms=forms),))
    assert mail(alert)["subject"] == subject
    assert len(subject) <= 70


def test_a_mail_is_known_by_what_it_tells_and_to_whom() -> None:
    again = mail(sample(), now=world.NOW.replace(day=17))
    assert mail(sample())["message-id"] == again["message-id"]
    others = {
        mail(sample(), recipient="lain@bawaslu.example")["message-id"],
        mail(replace(sample(), kind="update", changes=("Nama diketahui",)))["message-id"],
        mail(sample(), world.subscription(id="jateng"))["message-id"],
    }
    assert len(others | {again["message-id"]}) == 4


def test_mails_of_one_case_are_one_thread() -> None:
    update = mail(replace(sample(), kind="update", changes=("Nama diketahui",)))
    assert update["references"] == mail(sample())["references"]
    assert "Nama diketahui" in part(update, "plain")


def test_a_mail_made_twice_is_the_same_to_the_byte() -> None:
    assert mail(sample()).as_bytes() == mail(sample()).as_bytes()


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "Camat\r\nBcc: semua@korban.example",
            "\u202egnutik\u202c \u200fkanan ke kiri\u2066",
            "<script>alert(1)</script><img src=x onerror=alert(1)>",
            '"><a href="javascript:x">klik</a>',
            "{{ told }} {% raw %}",
            "X" * 10_000,
            "nama panjang " * 1_000,
            "\x00\x07\ud800 rusak",
            "=?utf-8?q?Subjek_palsu?=",
            "--=_batas\r\nContent-Type: text/html\r\n\r\n<b>x</b>",
            ".\r\n.\r\nQUIT",
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    name=HOSTILE,
    position=HOSTILE,
    agency=HOSTILE,
    sentence=HOSTILE,
    title=HOSTILE,
    source=HOSTILE,
    url=HOSTILE,
    answer=HOSTILE,
    by=HOSTILE,
    phase=HOSTILE,
    change=HOSTILE,
)
def test_whatever_stands_in_the_fields_the_mail_stays_well_formed(**words: str) -> None:
    actor = Actor(name=words["name"], position=words["position"], agency=words["agency"])
    report = world.report(
        actor=actor,
        sentence=words["sentence"],
        title=words["title"],
        source_name=words["source"],
        url=words["url"],
    )
    case = world.case(
        actor=actor,
        act=words["title"],
        answer=words["answer"],
        stage_by=words["by"],
        phase=words["phase"],
        beneficiary=words["answer"],
        skb_forms=(),
    )
    alert = Alert(
        case=case, kind="update", subscription_id="x", reports=(report,), changes=(words["change"],)
    )
    message = mail(alert)
    assert message.defects == []
    assert set(message.keys()) == {
        *("Subject", "From", "To", "Date", "Message-ID", "References", "Auto-Submitted"),
        *("Content-Language", "MIME-Version", "Content-Type", "X-Pantau-Kind"),
    }
    assert message["to"] == "penanganan@bawaslu.example"
    assert len(message["subject"]) <= 70
    assert "\n" not in message["subject"]
    assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]
    text, html = part(message, "plain"), part(message, "html")
    assert len(text) < 12_000
    for marks in ("\u202e", "\u2066", "\u200f", "\x00"):
        assert marks not in text + html + message["subject"]
    tree = lxml.html.fromstring(html)
    assert not tree.xpath("//script|//img|//@onerror|//a[starts-with(@href, 'javascript')]")
    told = notice(alert, world.subscription(), PLACES, world.NOW)
    shown = seen(html)
    for line in (line for block in told.blocks for line in block.lines):
        assert squeezed(line.text) in shown
        assert squeezed(line.text) in squeezed(text)
