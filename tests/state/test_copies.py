"""Agency copy in many papers is one text; two reports of one event are two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pantau import copies
from pantau.records import Article, Judgement
from pantau.state import State, articles, open_state
from pantau.state import copies as rows
from pantau.state.tables import ArticleRow, CopyBandRow

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
AGENCY = [
    "Camat Sukalindung dilaporkan ke pengawas pemilu karena membagikan beras sambil mengajak warga "
    "memilih pasangan calon nomor urut dua di lapangan desa pada Sabtu pagi.",
    "Warga yang hadir merekam kejadian itu dengan telepon genggam dan menyerahkan rekamannya "
    "kepada petugas pengawas kecamatan pada sore harinya.",
    "Petugas menyatakan laporan itu sudah diterima dan akan dibahas dalam rapat bersama kepolisian "
    "dan kejaksaan sebelum akhir pekan ini.",
    "Camat membantah tuduhan tersebut dan menyebut beras itu bantuan keluarganya untuk warga yang "
    "terkena banjir dua pekan sebelumnya.",
]
OTHER = [
    "Seorang camat di Garut membantah ajakan memilih yang beredar dalam rekaman warga, dan "
    "menyebut pembagian beras di lapangan desa sebagai bantuan keluarga bagi korban banjir.",
    "Pengawas pemilu kecamatan membenarkan adanya laporan atas peristiwa hari Sabtu itu dan "
    "meminta para saksi datang membawa bukti yang mereka punya.",
    "Sekretaris daerah belum memberi tanggapan ketika dihubungi melalui sambungan telepon.",
]


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


@pytest.mark.parametrize(
    "changed",
    [
        text(*AGENCY),
        text("GARUT, Kabar Lain – " + AGENCY[0], *AGENCY[1:]),
        text(*AGENCY[:3]),
        text(*AGENCY, "Pembaca dapat menyampaikan laporan serupa melalui posko terdekat."),
        text(*AGENCY).upper(),
    ],
)
def test_a_copy_is_one_however_a_paper_dresses_it(changed: str) -> None:
    original = text(*AGENCY)
    assert copies.is_copy(original, changed)
    assert any(a == b for a, b in zip(copies.bands(original), copies.bands(changed), strict=True))


@pytest.mark.parametrize(
    "other",
    [
        text(*OTHER),
        text(AGENCY[0], *OTHER),
        text(AGENCY[1], *OTHER, *[f"{part} Demikian ia menambahkan." for part in OTHER]),
        text("Cuaca cerah."),
    ],
)
def test_another_report_of_the_same_event_is_none(other: str) -> None:
    assert not copies.is_copy(text(*AGENCY), other)


def test_texts_too_short_to_tell_are_no_copies() -> None:
    assert copies.bands("Cuaca cerah berawan sepanjang hari.") == []
    assert not copies.is_copy("Cuaca cerah berawan.", "Cuaca cerah berawan.")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened = open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    yield opened
    opened.close()


def store(state: State, name: str, body: str, after: timedelta = timedelta(0)) -> str | None:
    """Store an article and return of which it is a copy."""
    article = Article(id=name, title=f"Judul {name}", text=body, page_sha256="0" * 64)
    judgement = Judgement(id=name, decision="none", score=0.0)
    with state.write() as session:
        articles.store(session, article, judgement, NOW + after)
    with state.read() as session:
        row = session.get_one(ArticleRow, name)
        assert articles.to_article(row).copy_of == (row.copy_of or "")
        return row.copy_of


def test_every_copy_points_at_the_article_that_was_seen_first(state: State) -> None:
    assert store(state, "a", text(*AGENCY)) is None
    assert store(state, "b", text(*AGENCY[:3])) == "a"
    assert store(state, "c", text("GARUT – " + AGENCY[0], *AGENCY[1:])) == "a"
    assert store(state, "d", text(*OTHER)) is None
    with state.read() as session:
        assert [row.id for row in rows.of(session, "a")] == ["b", "c"]


@pytest.mark.slow
def test_one_agency_copy_in_forty_papers_is_one_story(state: State) -> None:
    """Each paper with a dateline and an ending of its own, some without the last paragraph."""
    told = {
        number: store(
            state,
            f"koran-{number}",
            text(
                f"KOTA {number}, Kabar {number} \u2013 {AGENCY[0]}",
                *AGENCY[1 : 3 if number % 3 else 4],
                f"Baca laporan lain di kanal daerah Kabar {number}.",
            ),
            after=timedelta(hours=number),
        )
        for number in range(40)
    }
    assert told == {number: "koran-0" if number else None for number in range(40)}


def test_an_edit_that_makes_it_a_text_of_its_own_ends_the_copy(state: State) -> None:
    store(state, "a", text(*AGENCY))
    assert store(state, "b", text(*AGENCY)) == "a"
    assert store(state, "b", text(*OTHER)) is None
    assert store(state, "c", text(*OTHER)) == "b"


def test_what_others_are_copies_of_does_not_become_one(state: State) -> None:
    store(state, "a", text(*AGENCY))
    store(state, "b", text(*OTHER))
    assert store(state, "c", text(*OTHER)) == "b"
    assert store(state, "b", text(*AGENCY)) is None


def test_bands_are_kept_as_long_as_copies_are_looked_for(state: State) -> None:
    store(state, "a", text(*AGENCY))
    with state.write() as session:
        rows.forget_bands(session, NOW + rows.WINDOW)
    late = rows.WINDOW - timedelta(hours=1)
    assert store(state, "b", text(*AGENCY), after=late) == "a"
    assert store(state, "d", text(*OTHER), after=late) is None
    with state.write() as session:
        rows.forget_bands(session, NOW + rows.KEPT + timedelta(days=1))
        left = set(session.scalars(select(CopyBandRow.article_id)))
        assert left == {"d"}
        assert [row.id for row in rows.of(session, "a")] == ["b"]


def test_the_same_words_weeks_later_are_another_story(state: State) -> None:
    store(state, "a", text(*AGENCY))
    assert store(state, "b", text(*AGENCY), after=rows.WINDOW + timedelta(days=1)) is None
