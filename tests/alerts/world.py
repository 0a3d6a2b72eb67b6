"""Karangan: invented reports, people and places for the tests of alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pantau.config.models import Subscription
from pantau.records import Actor, Alert, Article, Case, Mention, Reason, Report

NOW = datetime(2024, 10, 16, 2, 0, tzinfo=UTC)
REGIONS = {
    "33": "Provinsi Jawa Tengah",
    "33.15": "Kabupaten Grobogan",
    "33.74": "Kota Semarang",
    "33.22": "Kabupaten Semarang",
    "71.09": "Kabupaten Kepulauan Siau Tagulandang Biaro",
    "11": "Provinsi Aceh",
    "11.08": "Kabupaten Aceh Utara",
}


def region_name(code: str) -> str:
    return REGIONS.get(code, code)


def archive_path(sha256: str) -> str:
    return f"archive/{sha256[:2]}/{sha256}.gz"


def mention(**changes: Any) -> Mention:
    told = Mention(
        sentence="Camat Tirtawangi, Bambang Sutikno, berpose dua jari bersama calon bupati.",
        start=10,
        end=83,
        subject="asn",
        actor=Actor(
            name="Bambang Sutikno",
            position="Camat Tirtawangi",
            agency="Pemerintah Kabupaten Grobogan",
        ),
        act="berfoto bersama calon",
        skb_forms=(5,),
        act_date=date(2024, 10, 12),
        region_code="33.15",
        score=0.9,
        phase="masa kampanye Pilkada 2024",
        reasons=(
            Reason(cue="pejabat ASN berfoto dengan calon", effect="for"),
            Reason(cue="berita belum memuat tanggapan lembaga", effect="against"),
        ),
    )
    return replace(told, **changes)


def report(**changes: Any) -> Report:
    of_mention = {key: changes.pop(key) for key in list(changes) if key in Mention.__slots__}
    told = Report(
        article_id="a1",
        title="Foto Dua Jari Camat Tirtawangi Beredar",
        url="https://kabartirta.example/berita/foto-dua-jari",
        source_name="Kabar Tirta",
        published=datetime(2024, 10, 14, 6, 40, tzinfo=UTC),
        first_seen=datetime(2024, 10, 14, 6, 55, tzinfo=UTC),
        page_sha256="ab" * 32,
        mention=mention(**of_mention),
    )
    return replace(told, **changes)


def case(**changes: Any) -> Case:
    told = mention()
    made = Case(
        id=7,
        subject="asn",
        actor=told.actor,
        act=told.act,
        skb_forms=told.skb_forms,
        region_code=told.region_code,
        beneficiary="calon bupati nomor urut 2",
        act_date=told.act_date,
        stage="alleged",
        stage_by="",
        denied=False,
        answer="",
        phase=told.phase,
        first_seen=datetime(2024, 10, 14, 6, 55, tzinfo=UTC),
        score=0.9,
    )
    return replace(made, **changes)


def alert(**changes: Any) -> Alert:
    made = Alert(case=case(), kind="new", subscription_id="grobogan", reports=(report(),))
    return replace(made, **changes)


def subscription(**changes: Any) -> Subscription:
    told: dict[str, Any] = {
        "id": "grobogan",
        "name": "Bawaslu Kabupaten Grobogan",
        "recipients": ("penanganan@bawaslu.example",),
        "regions": ("33.15",),
    }
    return Subscription(**{**told, **changes})


def article(**changes: Any) -> Article:
    told = Article(
        id="a1",
        title="Foto Dua Jari Camat Tirtawangi Beredar",
        text="Camat Tirtawangi, Bambang Sutikno, berpose dua jari bersama calon bupati.",
        published=datetime(2024, 10, 14, 6, 40, tzinfo=UTC),
    )
    return replace(told, **changes)
