"""The query language: what it finds, and how it tells a mistake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pantau.errors import PantauError, QueryError
from search import Document, Index, open_index
from search.query import ZONE, Between, Combined, Labelled, Node, Words, parse, tokens

DAY = datetime(2024, 10, 1, 3, 0, tzinfo=UTC)


def document(number: int, **values: object) -> Document:
    base: dict[str, object] = {
        "id": f"{number:02}",
        "url": f"https://suara.example/{number}",
        "title": "",
        "text": "",
        "kind": "news",
        "source_id": "suara",
        "source_name": "Suara Garut",
        "published": DAY + timedelta(days=number),
        "first_seen": DAY,
        "decision": "none",
        "score": number / 10,
    }
    return Document(**(base | values))  # type: ignore[arg-type]


DOCUMENTS = [
    document(
        1,
        title="Camat diduga kampanye",
        text="Ia mengacungkan dua jari.",
        forms=(5,),
        region_codes=("32.05", "32"),
        region_names=("Kabupaten Garut", "Jawa Barat"),
        names=("Budi Santosa",),
        stages=("reported",),
        decision="likely_violation",
    ),
    document(
        2,
        title="Kampanye imunisasi",
        text="Camat hadir. Jari dua anak ditetesi tinta.",
        region_codes=("35.07", "35"),
        region_names=("Kabupaten Malang", "Jawa Timur"),
    ),
    document(
        3,
        title="Banjir di Pemalang",
        text="Warga mengungsi.",
        agencies=("BPBD Pemalang",),
        region_codes=("33.27", "33"),
        region_names=("Kabupaten Pemalang", "Jawa Tengah"),
    ),
    document(4, title="", text="mantap pak camat lanjutkan 02", kind="post", roles=("asn",)),
]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    opened = open_index(tmp_path / "index.sqlite")
    opened.add(DOCUMENTS)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["04", "03", "02", "01"]),
        ("camat", ["04", "02", "01"]),
        ("CAMAT kampanye", ["02", "01"]),
        ('"dua jari"', ["01"]),
        ('"jari dua"', ["02"]),
        ("kampanye NOT imunisasi", ["01"]),
        ("banjir OR lanjutkan", ["04", "03"]),
        ("(banjir OR kampanye) AND camat", ["02", "01"]),
        ("kamp*", ["02", "01"]),
        ("wilayah:32", ["01"]),
        ("wilayah:32.05", ["01"]),
        ("wilayah:malang", ["02"]),  # and not Pemalang
        ("region:garut", ["01"]),
        ("nama:(budi OR ani)", ["01"]),
        ('instansi:"bpbd pemalang"', ["03"]),
        ("bentuk:5", ["01"]),
        ("tahap:dilaporkan", ["01"]),
        ("stage:reported", ["01"]),
        ("jenis:kiriman", ["04"]),
        ("peran:asn", ["04"]),
        ("putusan:dugaan", ["01"]),
        ("tanggal:[2024-10-03 TO 2024-10-04]", ["03", "02"]),
        ("tanggal:2024-10-02", ["01"]),
        ("tanggal:>2024-10-03", ["04", "03"]),
        ("tanggal:<=2024-10-03", ["02", "01"]),
        ("skor:>0.2", ["04", "03"]),
        ("camat -imunisasi tanggal:[* TO 2024-10-04]", ["01"]),
    ],
)
def test_a_query_finds(index: Index, query: str, ids: list[str]) -> None:
    results = index.search(query)
    assert [hit.document.id for hit in results.hits] == ids
    assert results.total == len(ids)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("tahp:dilaporkan", "kolom 1: bidang “tahp” tidak dikenal. Maksud Anda “tahap:”?"),
        ("camat tahap:dilaporkn", "kolom 13: “dilaporkn” bukan nilai dari tahap. Maksud Anda"),
        ("(camat OR kades", "tanda kurung tidak berpasangan"),
        ('camat "dua jari', "kolom 7: tanda kutip tidak ditutup"),
        ("camat AND", "sesudah AND harus ada kata"),
        ("tanggal:kemarin", "kolom 9: “kemarin” bukan tanggal. Tulis seperti 2024-11-27"),
        ("skor:>tinggi", "bukan skor"),
        ("judul:[a TO b]", "rentang hanya untuk tanggal: dan skor:"),
        ("camat~", "tidak dapat dicari"),
    ],
)
def test_a_mistake_is_told_with_its_column(query: str, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert says in str(caught.value)


def test_adding_again_replaces(index: Index) -> None:
    index.add([DOCUMENTS[0], document(2, title="Judul baru", text="")])
    assert index.count() == len(DOCUMENTS)
    assert index.search("imunisasi").total == 0
    assert index.search('judul:"judul baru"').total == 1


def test_asked_words_are_marked_in_the_passage(index: Index) -> None:
    (hit,) = index.search('"dua jari"').hits
    assert [hit.passage[slice(*span)] for span in hit.highlights] == ["dua jari"]


def test_a_file_that_is_no_index_is_told(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(PantauError, match="Remove it: it is made again"):
        open_index(tmp_path / "index.sqlite")


WORDS = st.sampled_from(["camat", "kampanye", "jari", "banjir", "dua", "warga"])
LEAVES = st.one_of(
    WORDS,
    WORDS.map(lambda word: f"{word[:3]}*"),
    st.sampled_from(["wilayah:32", "bentuk:5", "jenis:post", "skor:>0.2", "judul:kampanye"]),
    st.integers(1, 6).map(lambda day: f"tanggal:[2024-10-02 TO 2024-10-{day:02}]"),
)
QUERIES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        inner.map(lambda query: f"(NOT {query})"),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def shared_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    opened = open_index(tmp_path_factory.mktemp("index") / "index.sqlite")
    opened.add(DOCUMENTS)
    yield opened
    opened.close()


@settings(max_examples=200, deadline=None)
@given(query=QUERIES)
def test_the_index_answers_as_reading_each_article_would(shared_index: Index, query: str) -> None:
    node = parse(query)
    expected = [
        d.id for d in sorted(DOCUMENTS, key=lambda d: d.date, reverse=True) if holds(node, d)
    ]
    assert [hit.document.id for hit in shared_index.search(query).hits] == expected


@given(text=st.text(max_size=40))
def test_whatever_is_typed_is_answered_or_told(shared_index: Index, text: str) -> None:
    try:
        shared_index.search(text)
    except QueryError as error:
        assert str(error).startswith("kolom ")


def holds(node: Node | None, about: Document) -> bool:
    """The plain meaning of a query for one article."""
    match node:
        case None:
            return True
        case Words(field, words, prefix):
            text = about.title if field == "judul" else f"{about.title}\n{about.text}"
            said = tokens(text)
            last = words[-1]
            return any(
                said[at : at + len(words) - 1] == words[:-1]
                and (word.startswith(last) if prefix else word == last)
                for at in range(len(said))
                for word in said[at + len(words) - 1 : at + len(words)]
            )
        case Labelled("wilayah", code):
            return any(held == code or held.startswith(f"{code}.") for held in about.region_codes)
        case Labelled("bentuk", form):
            return int(form) in about.forms
        case Labelled("jenis", kind):
            return about.kind == kind
        case Between("skor", low, _):
            assert isinstance(low, float)
            return about.score > low
        case Between("tanggal", low, high):
            assert isinstance(low, datetime)
            assert isinstance(high, datetime)
            day = about.date.astimezone(ZONE).date()
            return date(low.year, low.month, low.day) <= day <= high.date()
        case Combined("NOT", (part,)):
            return not holds(part, about)
        case Combined("AND", parts):
            return all(holds(part, about) for part in parts)
        case Combined("OR", parts):
            return any(holds(part, about) for part in parts)
    raise AssertionError(node)
