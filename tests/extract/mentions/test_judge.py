"""The judgement on short texts of our own (karangan), each about one thing that decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

import corpus
from extract.mentions import Judge
from extract.mentions.labelled import from_row
from pantau.records import NO_NAME, Article

PUBLISHED = datetime(2024, 10, 14, 9, 0, tzinfo=UTC)


def article(text: str, title: str = "", **more: object) -> Article:
    return replace(Article(id="t", title=title, text=text, published=PUBLISHED), **more)  # type: ignore[arg-type]


CASE = article(
    "KEBUMEN – Bawaslu Kebumen meneruskan berkas Camat Karangwuni, Sarwono Budiarjo, ke BKN, Senin "
    "(14/10/2024).\n\nSarwono diduga melanggar netralitas karena membagikan kaus pasangan calon "
    'bupati nomor urut 2 kepada ketua RT, Sabtu (5/10/2024).\n\nSarwono membantah. "Kaus itu bukan '
    'dari saya," katanya.',
    "Bagikan Kaus Paslon, Camat Karangwuni Diteruskan Bawaslu ke BKN",
)


def test_a_reported_act_carries_who_what_when_and_how_far(judge: Judge) -> None:
    judgement = judge.judge(CASE)
    assert judgement.decision == "likely_violation"
    (mention,) = [m for m in judgement.mentions if m.subject == "asn"]
    assert mention.actor.name == "Sarwono Budiarjo"
    assert "Camat Karangwuni" in mention.actor.position
    assert mention.region_code is not None
    assert mention.region_code.startswith("33.05")
    assert mention.stage == "under_examination"
    assert "2" in mention.beneficiary
    assert str(mention.act_date) == "2024-10-05"
    assert mention.phase == "masa kampanye Pilkada 2024"
    assert mention.denied
    assert "membantah" in mention.answer
    assert mention.skb_forms
    assert CASE.full_text[mention.start : mention.end] == mention.sentence


def test_every_reason_points_at_words_of_the_text(judge: Judge) -> None:
    for mention in judge.judge(CASE).mentions:
        assert any(reason.effect == "for" for reason in mention.reasons)
        for reason in mention.reasons:
            assert reason.span is not None
            start, end = reason.span
            assert 0 <= start < end <= len(CASE.full_text)


@pytest.mark.parametrize(
    "text",
    [
        "ASN dilarang membagikan kaus pasangan calon, tegas Sekda dalam apel pagi.",
        "Bawaslu mengingatkan seluruh ASN agar menjaga netralitas selama masa kampanye.",
        "Jika camat mengajak warga memilih calon, ia dapat dijatuhi sanksi disiplin berat.",
        "Para camat mengucapkan ikrar netralitas dan menandatangani pakta integritas.",
        "Kepala Desa Sumberjati diperiksa Bawaslu karena membagikan kaus pasangan calon nomor 2.",
        "Seorang anggota Polri diperiksa Propam karena berpose dua jari bersama caleg.",
        "PNS yang mengunggah dukungan untuk pasangan calon bupati bisa dikenai hukuman berat.",
        "Bawaslu menghentikan laporan terhadap Camat Karangwuni karena tidak terbukti.",
        "Harga cabai di pasar induk naik, kepala dinas perdagangan menggelar operasi pasar.",
    ],
)
def test_what_is_no_act_of_an_asn_gives_no_alarm(judge: Judge, text: str) -> None:
    assert judge.judge(article(text)).decision == "none"


def test_others_who_are_bound_are_kept_as_such(judge: Judge) -> None:
    text = (
        "Bawaslu memeriksa Kepala Desa Sumberjati yang diduga membagikan kaus pasangan calon "
        "bupati nomor urut 2 kepada warga."
    )
    judgement = judge.judge(article(text))
    assert judgement.decision == "none"
    assert [m.subject for m in judgement.mentions if m.subject != "asn"] == ["village_official"]


def test_lurah_is_a_village_head_in_yogyakarta_only(judge: Judge) -> None:
    text = "Bawaslu {} memeriksa lurah yang mengumpulkan ketua RT untuk mendukung paslon nomor 1."
    assert judge.judge(article(text.format("Gunungkidul"))).decision == "none"
    assert judge.judge(article(text.format("Makassar"))).decision == "likely_violation"


def test_a_pointer_to_another_article_is_no_part_of_this_one(judge: Judge) -> None:
    text = (
        "Calon bupati nomor urut 2 memborong cabai di pasar, Kamis (10/10/2024).\n\n"
        "Baca juga: Camat Karangwuni Dilaporkan Usai Bagikan Kaus Paslon"
    )
    assert judge.judge(article(text, "Cabup Borong Cabai")).decision == "none"


def test_the_same_whatever_the_order_and_company(judge: Judge) -> None:
    others = [
        article("Bawaslu memeriksa seorang camat yang berkampanye untuk paslon.", id="a"),
        article("Timnas menang dua gol.", id="b"),
    ]
    alone = judge.judge(CASE)
    assert next(iter(judge.pipe([CASE]))) == alone
    assert list(judge.pipe([*others, CASE]))[-1] == alone
    assert next(iter(judge.pipe([CASE, *others]))) == alone


def test_pipe_holds_one_article_at_a_time(judge: Judge) -> None:
    taken = 0

    def stream() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield CASE

    judgements = judge.pipe(stream())  # type: ignore[arg-type]
    next(judgements)
    assert taken == 1


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "???", "👆✌️", "a" * 20_000, "\u200b\ufeff", "\x00"]
)
def test_odd_texts_do_no_harm(judge: Judge, text: str) -> None:
    assert judge.judge(article(text)).decision == "none"


def test_without_publication_nothing_is_placed_in_time(judge: Judge) -> None:
    undated = replace(CASE, text=CASE.text.replace("(14/10/2024)", "").replace("(5/10/2024)", ""))
    mention = judge.judge(replace(undated, published=None)).mentions[0]
    assert mention.act_date is None
    assert mention.phase == ""


def test_an_unnamed_actor_says_so(judge: Judge) -> None:
    text = "Seorang camat diduga membagikan kaus pasangan calon bupati nomor urut 2 kepada warga."
    judgement = judge.judge(article(text))
    assert judgement.decision == "likely_violation"
    assert judgement.mentions[0].actor.name == NO_NAME


def test_the_threshold_decides(judge: Judge) -> None:
    strict = Judge.load(threshold=1.01)
    assert strict.judge(CASE).decision == "none"
    assert strict.judge(CASE).score == judge.judge(CASE).score


def test_a_likely_violation_is_never_dismissed_as_well(judge: Judge) -> None:
    """A side remark about another case must not keep the mail about this one from going out."""
    for row in corpus.texts("tune"):
        if row["label"] == "violation" and row["kind"] == "news" and len(row["text"]) > 400:
            told = judge.judge(from_row(row).article)
            if told.decision == "likely_violation":
                stages = {m.stage for m in told.mentions if m.subject == "asn"}
                assert "dismissed" not in stages, row["id"]


def test_a_name_is_told_with_the_office_another_sentence_gives_it(judge: Judge) -> None:
    told = article(
        "KEBUMEN – Camat Karangwuni, Drs. Sarwono Budiarjo, dilaporkan ke Bawaslu Kebumen.\n\n"
        "Dalam rapat bersama 30 kepala desa itu, Sarwono diduga meminta mereka memenangkan "
        "pasangan calon bupati nomor urut 2, Sabtu (5/10/2024).",
        "Camat Karangwuni Dilaporkan Usai Kumpulkan Kades untuk Paslon",
    )
    judgement = judge.judge(told)
    assert judgement.decision == "likely_violation"
    strongest = max((m for m in judgement.mentions if m.subject == "asn"), key=lambda m: m.score)
    assert strongest.actor.name == "Sarwono Budiarjo"
    assert "Camat" in strongest.actor.position


def test_an_office_that_handles_the_case_is_not_its_accused(judge: Judge) -> None:
    told = article(
        "TOBA – Kabid Disiplin BKPSDM Toba, Rahman Sitorus, menyebut staf Dinas Perpustakaan, "
        "Herlina Manurung, menghadiri kampanye pasangan calon bupati nomor urut 3 dan mengenakan "
        "kaus bergambar calon itu.\n\nHerlina dijatuhi sanksi penurunan jabatan.",
        "Staf Perpustakaan Toba Disanksi karena Hadiri Kampanye",
    )
    names = {m.actor.name for m in judge.judge(told).mentions if m.subject == "asn"}
    assert names == {"Herlina Manurung"}
