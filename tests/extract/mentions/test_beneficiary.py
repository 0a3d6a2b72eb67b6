"""Who gains from an act: in the words of the text, and by the table of candidates."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.entities import Recogniser
from extract.entities.candidates import Candidates
from extract.mentions.beneficiary import beneficiary
from extract.mentions.judge import Judge
from extract.mentions.reading import read_article
from pantau.records import Article

RUNNING = datetime(2024, 10, 14, 9, 0, tzinfo=UTC)
ELECTION = """id = "pilkada-2024"\nname = "Pilkada"\ndate = 2024-11-27\nsource = "karangan"\n"""
TABLE = """region_code,number,head,deputy,aliases
33.05,1,"Drs. SUWARTO HADI, M.M.",TIURMA ROSALIN,
33.05,2,ANDI BASO PATURUSI,"Hj. MAIMUNAH SALIM, S.Sos.",ANDALAN
33,2,YOHANA WENDA,LAMBERTUS KADI,
"""
SECOND = (
    "calon bupati Kebumen nomor urut 2 (Andi Baso Paturusi – Maimunah Salim menurut daftar calon)"
)


@pytest.fixture(scope="module")
def knowing(judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """The judge with a table of candidates, on the models that are loaded already."""
    folder: Path = tmp_path_factory.mktemp("candidates")
    (folder / "pilkada.toml").write_text(ELECTION, encoding="utf-8")
    (folder / "pilkada.csv").write_text(TABLE, encoding="utf-8")
    other = copy(judge)
    other._recogniser = Recogniser(judge._recogniser._nlp, Candidates.load(folder))
    return other


def told(judge: Judge, text: str, *, published: datetime | None = RUNNING, form: int = 1) -> str:
    article = Article(id="t", title="", text=text, published=published)
    reading = read_article(article, judge._recogniser)
    index = next(i for i, f in enumerate(reading.frames) if f.acts or f.actor)
    day = published.date() if published else None
    return beneficiary(reading, index, forms=(form,), day=day)


@pytest.mark.parametrize(
    "words",
    ["pasangan calon bupati nomor urut 2", "paslon 02", "pasangan Andalan", "Andi Baso Paturusi"],
)
def test_pair_of_the_table_is_named_with_number_and_office(knowing: Judge, words: str) -> None:
    text = f"Camat Karangwuni, Kebumen, membagikan beras dan mengajak warga memilih {words}."
    assert told(knowing, text) == SECOND


def test_number_means_the_province_where_its_election_is_told(knowing: Judge) -> None:
    text = "Camat di Kebumen membagikan kaus calon gubernur nomor urut 2 kepada warga."
    assert told(knowing, text).startswith("calon gubernur Jawa Tengah nomor urut 2 (Yohana Wenda")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("capres nomor urut 2", "capres nomor urut 2"),
        ("caleg nomor urut 2", "caleg nomor urut 2"),
        ("pasangan nomor urut 5", "pasangan nomor urut 5"),
    ],
)
def test_number_of_another_election_or_of_nobody_stays_a_number(
    knowing: Judge, words: str, said: str
) -> None:
    assert told(knowing, f"Camat di Kebumen membagikan kaus {words} kepada warga.") == said


def test_who_the_text_names_goes_before_the_table(knowing: Judge) -> None:
    text = (
        "Camat di Kebumen membagikan kaus pasangan nomor urut 2, Bambang Sutejo dan Rini Astuti, "
        "kepada warga."
    )
    said = told(knowing, text)
    assert "Bambang Sutejo" in said
    assert "Paturusi" not in said


@pytest.mark.parametrize("published", [None, datetime(2026, 3, 1, tzinfo=UTC)])
def test_no_table_is_asked_outside_its_election(knowing: Judge, published: datetime | None) -> None:
    text = "Camat di Kebumen membagikan kaus paslon 02 kepada warga."
    assert told(knowing, text, published=published) == "paslon nomor urut 2"


def test_number_told_later_goes_before_bare_words_at_the_act(judge: Judge) -> None:
    text = (
        "Camat Karangwuni membagikan kaus paslon kepada warga.\n\nKaus itu bertuliskan ajakan "
        "memilih pasangan nomor urut tiga."
    )
    assert told(judge, text) == "pasangan nomor urut 3"


@pytest.mark.parametrize(
    ("form", "text", "said"),
    [
        (
            8,
            "Kepala Dinas Sosial mengambil formulir bakal calon bupati tanpa cuti.",
            "dirinya sebagai bakal calon bupati",
        ),
        (9, "Seorang guru PNS menjadi bendahara partai, dan pernah maju sebagai caleg.", "partai"),
    ],
)
def test_own_candidacy_and_membership(judge: Judge, form: int, text: str, said: str) -> None:
    assert told(judge, text, form=form) == said


@pytest.mark.parametrize(
    "text",
    [
        "Camat menyambut calon jemaah haji di RT 02 dan kloter 03.",
        "Camat meresmikan jembatan nomor 4/2024.",
    ],
)
def test_what_only_sounds_like_a_candidate_gains_nothing(judge: Judge, text: str) -> None:
    assert told(judge, text) == ""


def test_mention_carries_it(knowing: Judge) -> None:
    text = (
        "KEBUMEN – Bawaslu memeriksa Camat Karangwuni yang diduga membagikan kaus paslon 02 kepada "
        "ketua RT, Sabtu (12/10/2024)."
    )
    article = Article(id="t", title="Camat Bagi Kaus Paslon", text=text, published=RUNNING)
    (mention,) = knowing.judge(article).mentions
    assert mention.beneficiary == SECOND
    undated = knowing.judge(replace(article, published=None, text=text.partition(", Sabtu")[0]))
    assert {m.beneficiary for m in undated.mentions} == {"paslon nomor urut 2"}
