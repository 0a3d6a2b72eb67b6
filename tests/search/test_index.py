"""What every index answers: the same tests for the embedded one and for Elasticsearch."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pantau.config.models import Search
from pantau.errors import IndexUnavailable, PantauError, QueryError
from search import Index, open_index
from search.query import parse
from tests.search.world import DAY, DOCUMENTS, answers, document


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["04", "06", "03", "02", "01", "05"]),
        ("camat", ["04", "02", "01"]),
        ("CAMAT kampanye", ["02", "01"]),
        ('"dua jari"', ["01"]),
        ('"jari dua"', ["02"]),
        ("kampanye NOT imunisasi", ["06", "01", "05"]),
        ("banjir OR lanjutkan", ["04", "06", "03"]),
        ("(banjir OR kampanye) AND camat", ["02", "01"]),
        ("kamp*", ["06", "02", "01"]),
        ("wilayah:32", ["01"]),
        ("wilayah:32.05", ["01"]),
        ("wilayah:malang", ["02"]),  # and not Pemalang
        ("wilayah:00", ["04", "06", "05"]),  # no text tells where
        ('"kampanye ia"', []),  # the title's last word, the text's first
        ("region:garut", ["01"]),
        ("nama:(budi OR ani)", ["01"]),
        ('instansi:"bpbd pemalang"', ["03"]),
        ('instansi_persis:"BPBD Pemalang"', ["03"]),
        ('instansi_persis:"Pemalang"', []),
        ("media:suara jenis:kiriman", ["04"]),
        ("bentuk:5", ["01"]),
        ("tahap:dilaporkan", ["01"]),
        ("stage:reported", ["01"]),
        ("jenis:kiriman", ["04"]),
        ("peran:asn", ["04"]),
        ("putusan:dugaan", ["01"]),
        ("tanggal:[2024-10-03 TO 2024-10-04]", ["03", "02"]),
        ("tanggal:2024-10-02", ["01"]),
        ("tanggal:>2024-10-03", ["04", "06", "03"]),
        ("tanggal:<=2024-10-03", ["02", "01", "05"]),
        ("skor:>0.2", ["04", "06", "03", "05"]),
        ("camat -imunisasi tanggal:[* TO 2024-10-04]", ["01"]),
    ],
)
def test_a_query_finds(index: Index, query: str, ids: list[str]) -> None:
    results = index.search(query)
    assert [hit.document.id for hit in results.hits] == ids
    assert results.total == len(ids)


@pytest.mark.parametrize("query", ["", "camat", "camat OR banjir", "wilayah:35"])
def test_whoever_works_in_a_region_finds_that_and_what_has_none(index: Index, query: str) -> None:
    """Whatever the query says, and in its hits, its facets and all that is taken out."""
    everywhere = index.search(query, limit=100).hits
    allowed = [
        hit.document.id
        for hit in everywhere
        if "32.05" in hit.document.region_codes or not hit.document.region_codes
    ]
    found = index.search(query, regions=["32.05"], facets=["wilayah"])
    assert [hit.document.id for hit in found.hits] == allowed
    assert found.total == len(allowed)
    assert "35" not in found.facets["wilayah"]
    assert [document.id for document in index.scan(query, regions=["32.05"])] == allowed


def test_a_typing_error_is_not_forgiven_into_another_region(index: Index) -> None:
    assert index.search("imunisasl", regions=["32.05"]).total == 0


@pytest.mark.parametrize(
    "group",
    [
        "kampanye berkampanye dikampanyekan mengkampanyekan mengampanyekan",
        "pilih pilihan memilih pemilihan",
        "pegawai pegawainya kepegawaian",
        "netral kenetralan netralitas netralitasnya",
        "dukung mendukung dukungan pendukung",
        "ajak mengajak ajakan",
        "unggah mengunggah unggahan",
        "posting memposting postingan",
    ],
)
def test_each_form_of_a_word_finds_the_others(new_index: Callable[[], Index], group: str) -> None:
    words = group.split()
    index = new_index()
    index.add([document(number, text=f"Ia {word} itu.") for number, word in enumerate(words)])
    for word in words:
        assert index.search(word).total == len(words), word
        (exact,) = index.search(f'"{word}"').hits
        assert word in exact.document.text
        assert [exact.passage[slice(*span)] for span in exact.highlights] == [word]


def test_names_are_not_stemmed(new_index: Callable[[], Index]) -> None:
    index = new_index()
    index.add(
        [
            document(1, text="Camat di Pemalang"),
            document(2, text="Camat di Malang"),
            document(3, text="Bekas camat dan dirinya"),
            document(4, text="Camat di Bekasi dan Kediri"),
        ]
    )
    found = {word: index.search(word).hits[0].document.id for word in ("malang", "bekas", "diri")}
    assert found == {"malang": "02", "bekas": "03", "diri": "03"}
    assert index.search("malang").total == index.search("pemalang").total == 1


def test_synonyms_find_each_other_and_can_be_switched_off(
    new_index: Callable[..., Index],
) -> None:
    documents = [
        document(1, text="Kadis itu hadir"),
        document(2, text="Kepala dinas itu hadir"),
        document(3, text="Dinas itu punya kepala"),
        document(4, text="Paslon nomor dua"),
        document(5, text="Pasangan calon nomor dua"),
    ]
    groups = (("kadis", "kepala dinas"), ("paslon", "pasangan calon"))
    index = new_index(synonyms=groups)
    index.add(documents)

    def ids(query: str) -> list[str]:
        return [hit.document.id for hit in index.search(query).hits]

    assert ids("kadis") == ["02", "01"]
    assert ids("kepala dinas") == ["03", "02", "01"]
    assert ids("(kadis hadir) OR paslon") == ["05", "04", "02", "01"]
    assert ids('"kadis"') == ["01"]
    (_, marked) = index.search("kadis hadir").hits
    assert [marked.passage[slice(*span)] for span in marked.highlights] == ["Kadis", "hadir"]

    plain = new_index()
    plain.add(documents)
    assert plain.search("kadis").total == 1


def test_typing_errors_are_forgiven_when_nothing_is_found(new_index: Callable[[], Index]) -> None:
    index = new_index()
    index.add(
        [
            document(1, text="Camat berkampanye", names=("Sulastri Wening",)),
            document(2, text="Camat kampung", names=("Sulastra",)),
        ]
    )
    forgiven = index.search("kampaney camat")
    assert [hit.document.id for hit in forgiven.hits] == []  # kampung is further than one swap
    forgiven = index.search("berkampaney camat")
    assert [hit.document.id for hit in forgiven.hits] == ["01"]
    assert forgiven.instead == (("berkampaney", "berkampanye"),)
    assert index.search("nama:sulastry").instead == (("sulastry", "sulastra"),)
    assert index.search('"berkampaney"').total == 0  # in quotes: as written
    assert index.search("camat kampung wening").instead == ()


def test_adding_again_replaces(new_index: Callable[[], Index]) -> None:
    index = new_index()
    index.add(DOCUMENTS)
    index.add([DOCUMENTS[0], document(2, title="Judul baru", text="")])
    assert index.count() == len(DOCUMENTS)
    assert index.search("imunisasi").total == 0
    assert index.search('judul:"judul baru"').total == 1


def test_what_is_removed_is_found_no_more(new_index: Callable[[], Index]) -> None:
    index = new_index()
    index.add(DOCUMENTS)
    index.remove([DOCUMENTS[0].id, "was never there"])
    index.remove([])
    assert index.count() == len(DOCUMENTS) - 1
    assert DOCUMENTS[0].id not in [hit.document.id for hit in index.search("").hits]
    assert index.search("", facets=["jenis"]).facets["jenis"]["news"] < len(DOCUMENTS)


def test_posts_are_found_by_their_platform(new_index: Callable[[], Index]) -> None:
    index = new_index()
    index.add([document(1, kind="post", platform="telegram"), document(2)])
    assert [hit.document.id for hit in index.search("platform:telegram").hits] == ["01"]
    assert index.search("", facets=["platform"]).facets["platform"] == {"telegram": 1}


def test_a_phrase_does_not_reach_from_one_value_into_the_next(index: Index) -> None:
    assert index.search('instansi:"dinas pendidikan"').total == 1
    assert index.search('instansi:"pendidikan kabupaten"').total == 0


def test_asked_words_are_marked_in_the_passage(index: Index) -> None:
    (hit,) = index.search('"dua jari"').hits
    assert [hit.passage[slice(*span)] for span in hit.highlights] == ["dua jari"]
    (hit,) = index.search("pilihan kepegawai*").hits
    assert [hit.passage[slice(*span)] for span in hit.highlights] == ["memilih", "kepegawaian"]


def test_facets_count_all_hits(index: Index) -> None:
    found = index.search("camat", limit=1, facets=["jenis", "wilayah", "hari", "bentuk"])
    assert len(found.hits) == 1
    assert found.facets == {
        "jenis": {"news": 2, "post": 1},
        "wilayah": {"00": 1, "32": 1, "32.05": 1, "35": 1, "35.07": 1},
        "hari": {"2024-10-02": 1, "2024-10-03": 1, "2024-10-05": 1},
        "bentuk": {"5": 1},
    }


def test_what_can_never_be_held_is_named_and_the_rest_goes_in(
    new_index: Callable[[], Index],
) -> None:
    index = new_index()
    index.add([document(3, text="lama")])
    refused = index.add(
        [
            document(1, text="baik"),
            document(2, text="buruk \ud83d"),
            document(3, text="baru", score=float("nan")),
            document(4, text="baik juga"),
        ]
    )
    assert list(refused) == ["02", "03"]
    assert "surrogates" in refused["02"]
    assert [hit.document.id for hit in index.search("").hits] == ["04", "03", "01"]
    assert index.search("lama").total == 1  # what stood there before still does


def test_every_page_and_the_scan_tell_the_same_order(new_index: Callable[[], Index]) -> None:
    index = new_index()
    many = [document(n, published=DAY + timedelta(hours=n % 7)) for n in range(60)]
    random.Random(1).shuffle(many)
    index.add(many)
    expected = [
        d.id for d in sorted(sorted(many, key=lambda d: d.id), key=lambda d: d.date, reverse=True)
    ]
    paged = [
        hit.document.id
        for at in range(0, 60, 7)
        for hit in index.search("", limit=7, offset=at).hits
    ]
    assert paged == expected
    assert index.newest("", limit=9) == (expected[:9], 60)
    assert index.newest("", limit=9, regions=["32"]) == (expected[:9], 60)
    assert [found.id for found in index.scan("")] == expected


def test_folded_one_text_is_one_hit_that_counts_all_its_copies(
    new_index: Callable[[], Index],
) -> None:
    index = new_index()
    release = [
        document(number, text="camat kampanye", copy_of="" if number == 1 else "01")
        for number in range(1, 31)
    ]
    own = [document(number, text="camat kampanye") for number in (40, 41)]
    elsewhere = document(50, text="banjir", copy_of="01")
    index.add([*release, *own, elsewhere])
    for order in ("date", "relevance"):
        found = index.search("kampanye", folded=True, order=order, facets=["jenis"])
        assert found.total == 32
        assert found.facets == {"jenis": {"news": 32}}
        assert [(hit.document.text_id, hit.alike) for hit in found.hits if hit.alike] == [
            ("01", 29)
        ]
        assert {hit.document.text_id for hit in found.hits} == {"41", "40", "01"}
    found = index.search("kampanye", folded=True)
    assert [hit.document.id for hit in found.hits] == ["41", "40", "30"]
    assert [other.id for other in found.hits[2].others] == [f"{n}" for n in range(29, 19, -1)]
    second = index.search("kampanye", folded=True, limit=1, offset=1)
    assert [hit.document.id for hit in second.hits] == ["40"]
    assert len(index.search("kampanye", limit=100).hits) == 32
    assert index.search("gempa", folded=True).hits == ()


def test_relevance_sets_the_best_first(new_index: Callable[[], Index]) -> None:
    index = new_index()
    index.add(
        [
            document(1, title="Kampanye", text="Camat berkampanye, kampanyenya ramai."),
            document(2, text="Warga membahas banjir, harga dan sedikit kampanye di kota itu."),
            document(3, text="Banjir."),
        ]
    )
    assert [h.document.id for h in index.search("kampanye", order="relevance").hits] == ["01", "02"]
    assert [h.document.id for h in index.search("kampanye").hits] == ["02", "01"]
    assert index.search("bentuk:5", order="relevance").total == 0


def test_what_goes_in_is_noted_by_parts(new_index: Callable[[], Index]) -> None:
    index, noted = new_index(), []

    def note(taken: Sequence[str], refused: Mapping[str, str]) -> None:
        noted.append((list(taken), list(refused)))
        # What was noted is in; of the next part some may be in already.
        assert set(taken) <= {one.id for one in index.scan("")}
        assert not set(refused) & {one.id for one in index.scan("")}

    many = [document(number, text="buruk \ud83d" if number == 7 else "") for number in range(700)]
    assert list(index.add(many, note)) == ["07"]
    expected = [one.id for one in many]
    assert [len(ids) + len(refused) for ids, refused in noted] in ([500, 200], [250, 250, 200])
    assert sorted(one for ids, refused in noted for one in ids + refused) == sorted(expected)


def test_rebuilding_takes_away_what_is_no_more(new_index: Callable[[], Index]) -> None:
    index = new_index()
    index.add(DOCUMENTS)
    assert index.rebuild(iter(DOCUMENTS[:2])) == {}
    assert [hit.document.id for hit in index.search("").hits] == ["02", "01"]
    index.add(DOCUMENTS[2:3])
    assert index.count() == 3


def test_searches_go_on_while_the_index_is_made_anew(new_index: Callable[..., Index]) -> None:
    many = [document(number, text="camat kampanye") for number in range(300)]
    writer, reader = new_index(name="swapped"), new_index(name="swapped")
    writer.add(many)
    assert writer.count() == len(many)
    done = threading.Event()
    seen: list[int] = []

    def ask() -> None:
        while not done.is_set():
            seen.append(reader.search("kampanye").total)

    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(5):
        writer.rebuild(many)
    done.set()
    asking.join()
    assert len(seen) > 5
    assert set(seen) == {len(many)}


def test_a_rebuild_that_fails_leaves_the_old_index(new_index: Callable[[], Index]) -> None:
    index = new_index()
    index.add(DOCUMENTS)

    def breaks_off() -> object:
        yield DOCUMENTS[0]
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        index.rebuild(breaks_off())  # type: ignore[arg-type]
    assert index.count() == len(DOCUMENTS)
    assert index.rebuild(DOCUMENTS) == {}
    assert index.count() == len(DOCUMENTS)


def test_words_of_another_version_ask_for_a_rebuild(
    new_index: Callable[..., Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("search.embedded.version", lambda: "older")
        patch.setattr("search.elastic.version", lambda: "older")
        index = new_index(name="versions")
        index.add(DOCUMENTS)
    index = new_index(name="versions")
    for ask in (lambda: index.search("camat"), lambda: index.add(DOCUMENTS)):
        with pytest.raises(IndexUnavailable, match="pantau index rebuild"):
            ask()
    index.rebuild(DOCUMENTS)
    assert index.search("camat").total == 3


def test_a_file_that_is_no_index_is_told(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(PantauError, match="Remove it and make it again"):
        open_index(Search(), tmp_path / "index.sqlite")


WORDS = st.sampled_from(
    ["camat", "kampanye", "mengampanyekan", "kepegawaian", "jari", "banjir", "dua", "kadis"]
)
LEAVES = st.one_of(
    WORDS,
    WORDS.map(lambda word: f"{word[:3]}*"),
    st.sampled_from(
        [
            '"dua jari"',
            '"kampanye"',
            "instansi:dinas",
            "wilayah:32",
            "wilayah:00",
            "bentuk:5",
            "jenis:post",
            "skor:>0.2",
            "judul:kampanye",
        ]
    ),
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


@settings(max_examples=200, deadline=None)
@given(query=QUERIES)
def test_the_index_answers_as_reading_each_article_would(index: Index, query: str) -> None:
    found = index.search(query)
    expected = answers(parse(query))
    assert [hit.document.id for hit in found.hits] == expected
    assert found.total == len(expected)


@settings(deadline=None)
@given(text=st.text(max_size=40))
def test_whatever_is_typed_is_answered_or_told(index: Index, text: str) -> None:
    try:
        index.search(text)
    except QueryError as error:
        told = str(error)
        assert told.startswith("kolom ")


def test_a_label_is_counted_whole_whatever_it_holds(new_index: Callable[..., Index]) -> None:
    index = new_index()
    index.add([document(1, agencies=("Dinas: A\x1fB", "Dinas \n C"))])
    counted = index.search("", facets=["instansi"]).facets["instansi"]
    assert counted == {"Dinas \n C": 1, "Dinas: A B": 1}
