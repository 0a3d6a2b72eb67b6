"""A few articles, and what a query plainly means for each: the measure for every index."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from search import Document
from search.content import asked, words_of
from search.query import ZONE, Between, Combined, Labelled, Node, Words
from search.words import stems, tokens

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
    document(
        5,
        title="Aparat mengampanyekan paslon",
        text="Pegawai dinas diduga memilih pihak; kepegawaian dan netralitas dipersoalkan.",
        published=None,
        agencies=("Dinas Pendidikan", "Kabupaten Garut"),
        positions=("Kepala Dinas",),
    ),
    document(6, text="Kadis membantah kampanye. Warga banjir.", published=DAY + timedelta(days=4)),
    document(4, title="", text="mantap pak camat lanjutkan 02", kind="post", roles=("asn",)),
]


def answers(node: Node | None) -> list[str]:
    """The ids of all that a query holds for, newest first, ties by id."""
    found = [d for d in sorted(DOCUMENTS, key=lambda d: d.id) if holds(node, d)]
    return [d.id for d in sorted(found, key=lambda d: d.date, reverse=True)]


def holds(node: Node | None, about: Document) -> bool:
    """The plain meaning of a query for one article."""
    match node:
        case None:
            return True
        case Words(field=""):
            roots = not (node.exact or node.prefix)
            row = tuple(stems(node.words)) if roots else node.words
            places = [tokens(about.title), tokens(about.text)]
            return any(
                _said(stems(place) if roots else place, row, node.prefix) for place in places
            )
        case Words():
            column, row = asked(node)
            return _said(words_of(about)[column].split(), row, node.prefix)
        case Labelled("wilayah", "00"):
            return not about.region_codes
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


def _said(said: list[str], row: tuple[str, ...], prefix: bool) -> bool:
    if prefix:
        return any(word.startswith(row[0]) for word in said)
    return any(tuple(said[at : at + len(row)]) == row for at in range(len(said)))
