"""Which reports are one event: invented events with the traps real ones set (karangan)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.cases import OpenCase, join
from alerts.evaluate import score
from alerts.grouping import arrive, group, group_tellings
from alerts.telling import Telling, tellings_of
from pantau.records import NO_NAME, Actor, Article, Judgement
from tests.alerts import world

DAY = datetime(2024, 10, 14, 3, 0, tzinfo=UTC)


def told(
    article_id: str,
    title: str,
    sentence: str,
    *,
    name: str = NO_NAME,
    position: str = "",
    agency: str = "",
    days: int = 0,
    **changes: Any,
) -> Telling:
    """One report of an act in Grobogan, ``days`` after the first."""
    usual: dict[str, Any] = {"act_date": None, "skb_forms": (10,)}
    mention = world.mention(
        sentence=sentence,
        start=len(title) + 1,
        end=len(title) + 1 + len(sentence),
        actor=Actor(name=name, position=position, agency=agency),
        **{**usual, **changes},
    )
    when = DAY + timedelta(days=days)
    [telling] = tellings_of(
        Article(id=article_id, title=title, text=sentence + " " + FILLER, published=when), [mention]
    )
    return telling


FILLER = (
    "Bawaslu setempat menyatakan akan menelusuri keterangan warga dan meminta semua pihak "
    "menunggu hasil kajian. Sejumlah tokoh masyarakat berharap perkara itu cepat selesai. " * 5
)

NOODLES = told(
    "n1",
    "Mi Instan Berstiker Dibagikan saat Penyaluran Bantuan",
    "Camat Sukarimba, Endang Lestari, menyuruh warga mengambil mi instan berstiker paslon.",
    name="Endang Lestari",
    position="Camat Sukarimba",
    agency="Pemerintah Kabupaten Grobogan",
)
PHOTO = told(
    "p1",
    "Foto Dua Jari Camat Tirtawangi di Resepsi Beredar",
    "Camat Tirtawangi, Bambang Sutikno, mengacungkan dua jari di resepsi pernikahan.",
    name="Bambang Sutikno",
    position="Camat Tirtawangi",
    skb_forms=(5,),
)


def joined(telling: Telling, *cases: Telling) -> int | None:
    """The place, from 1, of the case that a telling joins."""
    return join(telling, [OpenCase(i, (t,)) for i, t in enumerate(cases, 1)]).case_id


@pytest.mark.parametrize(
    "telling",
    [
        told("n2", "Bu Camat dan Mi Instan", "Camat EL mengaku mi instan itu titipan.", name="EL",
             position="Camat"),
        told("n3", "", "mi instan stiker paslon pas bantuan, bu Endang lagi", name="Bu Endang"),
        told("n4", "Kasus Mi Berstiker, BKN Minta Camat Disanksi",
             "Camat yang membagikan mi instan berstiker dinyatakan melanggar.", position="camat",
             stage="proven", stage_by="BKN", days=60),
        told("n5", "Camat Sukarimba Dicopot", "Camat Sukarimba dibebaskan dari jabatannya.",
             position="Camat Sukarimba", stage="proven", stage_by="Bupati", days=70),
        told("n6", "Bawaslu Periksa Camat Sukarimba", "Endang Lestary datang memenuhi panggilan.",
             name="Endang Lestary", stage="under_examination", days=4),
        told("n7", "Camat EL Diperiksa", "Camat EL mengaku mi instan itu titipan.",
             position="Camat EL"),
    ],
    ids=["initials", "one word", "title only, months later", "act not retold", "another spelling",
         "initials within the office"],
)  # fmt: skip
def test_reports_of_one_event_join(telling: Telling) -> None:
    assert joined(telling, PHOTO, NOODLES) == 2


@pytest.mark.parametrize(
    "telling",
    [
        told("x1", "Camat Lain Bagikan Mi Instan Berstiker",
             "Camat Wanakerta, Rudi Hartono, membagikan mi instan berstiker paslon.",
             name="Rudi Hartono", position="Camat Wanakerta"),
        told("x2", "Mi Instan Berstiker Muncul Lagi",
             "Camat Sukarimba, Endang Lestari, membagikan mi instan berstiker paslon.",
             name="Endang Lestari", position="Camat Sukarimba", region_code="33.22"),
        told("x3", "Camat Sukarimba Hadiri Senam Bersama Calon",
             "Camat Sukarimba Endang Lestari menari di panggung senam pasangan lain.",
             name="Endang Lestari", position="Camat Sukarimba", skb_forms=(3,),
             act_date=date(2024, 11, 2), days=20),
        told("x4", "Guru Bagikan Kalender", "Seorang guru membagikan kalender calon di kelas.",
             position="guru"),
        told("x5", "Kades Bagikan Mi Instan Berstiker",
             "Kepala desa membagikan mi instan berstiker paslon.", position="kepala desa",
             subject="village_official"),
        told("x6", "Camat Sukarimba Bagikan Mi Instan",
             "Camat Sukarimba, Endang Lestari, membagikan mi instan berstiker paslon.",
             name="Endang Lestari", position="Camat Sukarimba", days=900),
    ],
    ids=["another camat", "another region", "same camat, another act", "another act",
         "another route", "years later"],
)  # fmt: skip
def test_different_events_stay_apart(telling: Telling) -> None:
    noodles = told(
        "n0", "Mi Instan Berstiker", NOODLES.mention.sentence, name="Endang Lestari",
        position="Camat Sukarimba", act_date=date(2024, 10, 13),
    )  # fmt: skip
    assert joined(telling, noodles, PHOTO) is None


def test_a_province_goes_with_its_kabupaten_but_never_joins_two() -> None:
    province = told("s1", "Mi Instan", NOODLES.mention.sentence, name="Endang Lestari",
                    position="Camat Sukarimba", region_code="33")  # fmt: skip
    elsewhere = told("s2", "Mi Instan", NOODLES.mention.sentence, name="Endang Lestari",
                     position="Camat Sukarimba", region_code="33.22")  # fmt: skip
    assert joined(province, NOODLES) == 1
    assert join(elsewhere, [OpenCase(1, (province, NOODLES))]).case_id is None


def test_a_report_without_a_place_needs_a_sure_person_or_much_of_the_act() -> None:
    vague = told("v1", "Camat Bagi Mi", "Camat membagikan mi.", position="camat", region_code=None)
    named = told("v2", "Mi Instan Berstiker", "Endang Lestari membagikan mi instan berstiker.",
                 name="Endang Lestari", region_code=None)  # fmt: skip
    assert joined(vague, NOODLES) is None
    assert joined(named, NOODLES) == 1


def test_the_decision_tells_its_reasons() -> None:
    again = told("n7", "Mi Instan Berstiker", NOODLES.mention.sentence, name="Endang Lestari",
                 position="Camat Sukarimba")  # fmt: skip
    reasons = join(again, [OpenCase(1, (NOODLES,))]).reasons
    assert "nama sama: Endang Lestari" in reasons
    assert any(reason.startswith("kata yang sama: ") for reason in reasons)


def test_five_named_in_one_text_did_one_thing() -> None:
    sentence = "Guru AR dan staf kelurahan TW memberi jempol di grup pemenangan."
    both = [
        world.mention(sentence=sentence, start=20, end=83, actor=Actor(name=name, position=office))
        for name, office in (("AR", "guru"), ("TW", "staf kelurahan"))
    ]
    article = Article(id="g", title="Lima ASN Beri Jempol", text=sentence, published=DAY)
    assert group_tellings(tellings_of(article, both)) == [1, 1]


def test_two_heads_named_together_did_one_thing() -> None:
    """The second sentence names both again: it tells no second event."""
    first = "Hamka Surbakti, Camat Sukarimba, memakai kaus calon bersama Fenti Larasati."
    second = "Camat Tirtawangi Fenti Larasati mengaku kaus calon itu dibagikan di dermaga."
    usual: dict[str, Any] = {"act_date": None, "skb_forms": (3,)}
    mentions = [
        world.mention(
            sentence=sentence, start=start, end=start + len(sentence), actor=actor, **usual
        )
        for sentence, start, actor in (
            (first, 20, Actor(name="Hamka Surbakti", position="Camat Sukarimba")),
            (second, 400, Actor(name="Fenti Larasati", position="Camat Tirtawangi")),
        )
    ]
    article = Article(id="t1", title="Dua Camat", text=f"{first} {FILLER} {second}", published=DAY)
    tellings = tellings_of(article, mentions)
    assert all(telling.several for telling in tellings)
    assert len(set(group_tellings(tellings))) == 1


def test_a_recap_joins_each_of_its_cases() -> None:
    recap = Article(
        id="r",
        title="Dua Camat Diperiksa Sepekan",
        text="Camat Tirtawangi soal dua jari di resepsi. Camat Sukarimba soal mi instan berstiker.",
        published=DAY + timedelta(days=5),
    )
    parts = [
        world.mention(sentence=sentence, start=start, end=start + len(sentence), act_date=None,
                      actor=Actor(position=position), skb_forms=forms, stage="under_examination")
        for sentence, start, position, forms in (
            ("Camat Tirtawangi soal dua jari di resepsi.", 28, "Camat Tirtawangi", (5,)),
            ("Camat Sukarimba soal mi instan berstiker.", 71, "Camat Sukarimba", (10,)),
        )
    ]  # fmt: skip
    assert group_tellings([PHOTO, NOODLES, *tellings_of(recap, parts)]) == [1, 2, 1, 2]


def test_what_names_nobody_belongs_to_what_it_stands_below() -> None:
    above = "https://kabartirta.example/foto-dua-jari/"
    photo = replace(PHOTO, known_as=frozenset({above}))
    said = "Benar, saya lihat sendiri pose dua jari itu."
    below = replace(told("k1", "", said), answers=frozenset({above}))
    assert below.names_nobody
    assert joined(below, NOODLES, photo) == 2
    assert joined(photo, NOODLES, below) == 2  # and where it was read first
    assert joined(below, NOODLES, PHOTO) is None
    other = told("k2", "", "Guru di desa saya juga disuruh ikut.", position="Guru", agency="SDN 1")
    assert joined(replace(other, answers=frozenset({above})), photo) is None
    assert joined(below, replace(photo, several=True)) is None
    elsewhere = told("k3", "", said, region_code="32.05")
    assert joined(replace(elsewhere, answers=frozenset({above})), photo) is None


def test_an_answer_knows_what_it_answers() -> None:
    article = world.article(id="1", url="https://kabartirta.example/foto/")
    post = world.article(
        id="2", kind="post", platform="telegram", platform_id="a/2", reply_to="a/1", thread="a/1"
    )
    comment = world.article(id="3", kind="post", platform="wordpress", thread=article.url)
    above, answer, below = (
        tellings_of(one, [world.mention()])[0] for one in (article, post, comment)
    )
    assert not above.answers
    assert answer.answers == {"telegram a/1"}
    assert "telegram a/2" in answer.known_as
    assert not below.answers.isdisjoint(above.known_as)


def test_an_input_is_read_in_order_of_publication() -> None:
    first = world.article(id="1", published=DAY)
    later = world.article(id="2", published=DAY + timedelta(days=1))
    undated = world.article(id="3", published=None)
    judged = [
        (one, Judgement(id=one.id, decision="likely_violation", score=1, mentions=(mention,)))
        for one, mention in (
            (undated, world.mention()),
            (later, world.mention(actor=Actor(name="Endang Lestari", position="Camat Sukarimba"))),
            (first, world.mention()),
        )
    ]
    assert group(judged) == [[1], [2], [1]]
    assert group([(first, Judgement(id="1", decision="none", score=0))]) == [[]]


NAMES = st.sampled_from([NO_NAME, "Endang Lestari", "EL", "Endang", "Bambang Sutikno", "BS"])
POSITIONS = st.sampled_from(["", "camat", "Camat Sukarimba", "Camat Tirtawangi", "guru", "PNS"])
REGIONS = st.sampled_from([None, "33", "33.15", "33.22", "33.15.05", "32.05", "33.22.01"])
SENTENCES = st.sampled_from(
    [NOODLES.mention.sentence, PHOTO.mention.sentence, "Ia membagikan kalender di pasar."]
)


@st.composite
def histories(draw: st.DrawFn) -> list[Telling]:
    return [
        told(
            f"h{place}",
            "Dugaan Pelanggaran",
            draw(SENTENCES),
            name=draw(NAMES),
            position=draw(POSITIONS),
            region_code=draw(REGIONS),
            days=draw(st.integers(0, 30)),
        )
        for place in range(draw(st.integers(1, 7)))
    ]


@settings(max_examples=200, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_no_order_of_arrival_mixes_two_regions(history: list[Telling], random: Any) -> None:
    order = list(range(len(history)))
    random.shuffle(order)
    ids = arrive(history, order)
    assert ids == arrive(history, order)
    for a, b in itertools.combinations(range(len(history)), 2):
        one, other = history[a].mention.region_code, history[b].mention.region_code
        if ids[a] == ids[b] and one and other and len(one) >= 5 and len(other) >= 5:
            assert one[:5] == other[:5]


def test_the_score_counts_pairs() -> None:
    gold = {"a": frozenset("1"), "b": frozenset("1"), "c": frozenset("2"), "d": frozenset("12")}
    found = {"a": frozenset([1]), "b": frozenset([1]), "c": frozenset([1]), "d": frozenset([9])}
    # true: ab ad bd cd; found: ab ac bc; right: ab
    result = score(gold, found, {1: {"33.15", "33.22"}, 9: {"33.15"}})
    assert (result.precision, result.recall, result.mixed) == (1 / 3, 1 / 4, 1)
