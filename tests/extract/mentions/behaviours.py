"""Behaviour tests in the sense of CheckList (Ribeiro et al., ACL 2020).

Three families over the corpus' positive texts and over short frames: what must leave the
decision, what must turn it, and what concerns only form. ``python -m
tests.extract.mentions.behaviours [--part tune]`` prints the share that held for each.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import corpus
from extract.mentions import Judge
from extract.mentions.labelled import Labelled, from_row
from pantau.records import Article

MATERIAL = Path(__file__).with_suffix(".toml")
Change = Callable[[Labelled], Article | None]

APPEAL = (
    "Bawaslu kembali mengimbau seluruh aparatur sipil negara menjaga netralitas dan tidak terlibat "
    "dalam kegiatan politik praktis selama tahapan berlangsung."
)
BAN = (
    "ASN dilarang menghadiri kampanye, mengunggah dukungan, ataupun berfoto dengan simbol yang "
    "menunjukkan keberpihakan."
)
RULE = (
    "Ketentuan itu tertuang dalam Pasal 2 huruf f Undang-Undang Nomor 20 Tahun 2023, dan "
    "pelanggarnya dapat dikenai sanksi disiplin."
)
LIST = "Larangan itu antara lain memasang spanduk, memberi tanda suka, dan menjadi anggota partai."
PLEDGE = "Sepekan sebelumnya para pegawai di daerah itu mengucapkan ikrar netralitas bersama."
VILLAGE = "Baca juga: Kades di Kabupaten Sebelah Diperiksa karena Dukung Calon Bupati"
SPORT = "Sementara itu, tim sepak bola daerah menang dua gol tanpa balas pada laga persahabatan."
WEATHER = "Cuaca di wilayah itu diperkirakan cerah berawan hingga akhir pekan."
SILENCE = "Yang bersangkutan belum menjawab pesan yang dikirim hingga berita ini ditulis."
FURNITURE = "ADVERTISEMENT"
CREDIT = "Editor: Redaksi"
THANKS = "Ketua Bawaslu berterima kasih kepada warga yang ikut mengawasi."

NAMES = ("Suwarto Hadipranoto", "Tiurma Simbolon", "Andi Baso Paturusi", "Yohana Wenda", "Maimun")
REGIONS = ("Kebumen", "Toba", "Banggai", "Nabire", "Ketapang")


def _text(one: Labelled, text: str) -> Article:
    return replace(one.article, text=text)


def _paragraphs(one: Labelled) -> list[str]:
    return one.article.text.split("\n\n")


def _append(extra: str) -> Change:
    return lambda one: _text(one, f"{one.article.text}\n\n{extra}") if one.article.text else None


def _prepend(extra: str) -> Change:
    return lambda one: _text(one, f"{extra}\n\n{one.article.text}") if one.article.text else None


def _middle(extra: str) -> Change:
    def change(one: Labelled) -> Article | None:
        parts = _paragraphs(one)
        if len(parts) < 3:
            return None
        return _text(one, "\n\n".join([*parts[:2], extra, *parts[2:]]))

    return change


def _swap(old: Callable[[Labelled], Iterable[str]], new: str) -> Change:
    """Replace the words ``old`` names, in title and text alike."""

    def change(one: Labelled) -> Article | None:
        title, text = one.article.title, one.article.text
        for word in old(one):
            pattern = re.compile(rf"\b{re.escape(word)}\b")
            title, text = pattern.sub(new, title), pattern.sub(new, text)
        if (title, text) == (one.article.title, one.article.text):
            return None
        return replace(one.article, title=title, text=text)

    return change


def _names(one: Labelled) -> Iterator[str]:
    for name, _, _ in one.actors:
        if len(name.split()) > 1:
            yield name


def _region(one: Labelled) -> Iterator[str]:
    from extract.entities.regions import table

    found = table().get(one.region)
    if found:
        yield found.name


def _reorder(one: Labelled) -> Article | None:
    """The paragraphs after the second in reverse: told the other way round."""
    parts = _paragraphs(one)
    return _text(one, "\n\n".join([*parts[:2], *parts[:1:-1]])) if len(parts) > 3 else None


def _repeat(one: Labelled) -> Article | None:
    parts = _paragraphs(one)
    return _text(one, "\n\n".join([parts[0], *parts])) if len(parts) > 2 else None


def _capitals(one: Labelled) -> Article | None:
    return replace(one.article, title=one.article.title.upper()) if one.article.title else None


def _straight(one: Labelled) -> Article | None:
    text = one.article.text.translate(str.maketrans("“”‘’–—", "\"\"''--"))
    return _text(one, text) if text != one.article.text else None


def _curly(one: Labelled) -> Article | None:
    text = re.sub(r'"([^"\n]*)"', r"“\1”", one.article.text)
    return _text(one, text) if text != one.article.text else None


def _untitled(one: Labelled) -> Article | None:
    return replace(one.article, title="") if len(_paragraphs(one)) > 3 else None


def _spaces(one: Labelled) -> Article | None:
    return _text(one, one.article.text.replace(". ", ".  ")) if one.article.text else None


def _bylined(one: Labelled) -> Article | None:
    if not one.article.text or one.article.kind == "post":
        return None
    return _text(one, f"Laporan Wartawan Kabar Pesisir\n\n{one.article.text}")


def _source(one: Labelled) -> Article | None:
    return (
        replace(one.article, title=f"{one.article.title} - Kabar Pesisir")
        if one.article.title
        else None
    )


def _unsourced(one: Labelled) -> Article | None:
    return replace(one.article, source_region=None, published=None)


def _dismissed(one: Labelled) -> Article | None:
    """Only what authorities closed: the short news of the end of the case."""
    if not one.article.title or not one.actors or not one.actors[0][1]:
        return None
    who = one.actors[0][1]
    return replace(
        one.article,
        title=f"Bawaslu Hentikan Laporan terhadap {who}, Tak Terbukti",
        text=f"Bawaslu menyatakan laporan terhadap {who} tidak terbukti dan menghentikan perkara "
        "itu karena tidak memenuhi unsur pelanggaran.",
    )


def _denial(one: Labelled) -> Article | None:
    """The accusation replaced by a bare denial."""
    if not one.actors or not one.actors[0][1]:
        return None
    who = one.actors[0][1]
    return replace(
        one.article,
        title=f"{who} Bantah Tidak Netral" if one.article.title else "",
        text=f"{who} membantah kabar bahwa dirinya mendukung salah satu pasangan calon. "
        '"Tidak benar, saya netral," ujarnya.',
    )


KEPT: dict[str, Change] = {
    **{f"nama: {name}": _swap(_names, name) for name in NAMES},
    **{f"daerah: {name}": _swap(_region, name) for name in REGIONS},
    "calon lain": _swap(lambda one: ("nomor urut 2", "nomor 2", "nomor dua"), "nomor urut 4"),
    "imbauan di akhir": _append(APPEAL),
    "imbauan di awal": _prepend(APPEAL),
    "imbauan di tengah": _middle(APPEAL),
    "larangan di akhir": _append(BAN),
    "larangan di tengah": _middle(BAN),
    "aturan di akhir": _append(RULE),
    "daftar bentuk di akhir": _append(LIST),
    "ikrar di akhir": _append(PLEDGE),
    "baca juga di akhir": _append(VILLAGE),
    "baca juga di tengah": _middle(VILLAGE),
    "olahraga di akhir": _append(SPORT),
    "cuaca di tengah": _middle(WEATHER),
    "belum menjawab": _append(SILENCE),
    "iklan di tengah": _middle(FURNITURE),
    "kredit di akhir": _append(CREDIT),
    "terima kasih di akhir": _append(THANKS),
    "urutan paragraf": _reorder,
    "paragraf terulang": _repeat,
    "judul kapital": _capitals,
    "tanda kutip lurus": _straight,
    "tanda kutip lengkung": _curly,
    "tanpa judul": _untitled,
    "spasi ganda": _spaces,
    "baris wartawan": _bylined,
    "nama media di judul": _source,
    "tanpa tanggal dan daerah sumber": _unsourced,
}
TURNED: dict[str, Change] = {"perkara dihentikan": _dismissed, "hanya bantahan": _denial}


@dataclass(frozen=True)
class Case:
    name: str
    article: Article
    alarm: bool
    """The decision that must come out."""


def cases(judge: Judge, positives: Iterable[Labelled]) -> Iterator[Case]:
    """Every transformation of every positive text that is found as it stands, then the frames."""
    for one in positives:
        if judge.judge(one.article).decision != "likely_violation":
            continue
        for name, change in KEPT.items():
            article = change(one)
            if article is not None:
                yield Case(name, article, True)
        for name, change in TURNED.items():
            article = change(one)
            if article is not None:
                yield Case(name, article, False)
    yield from frame_cases()


def frame_cases() -> Iterator[Case]:
    with MATERIAL.open("rb") as file:
        material: dict[str, Any] = tomllib.load(file)
    for kind in ("kept", "turned"):
        for frame in material[kind]:
            for number, phrase in enumerate(material["phrases"]):
                text = frame["frame"].format(act=phrase)
                article = Article(id=f"{frame['name']}-{number}", title="", text=text)
                yield Case(f"kalimat: {frame['name']}", article, kind == "kept")


def held(judge: Judge, which: Iterable[Case]) -> dict[str, tuple[int, int]]:
    """For each transformation (held, tried)."""
    counts: dict[str, tuple[int, int]] = {}
    for case in which:
        right = (judge.judge(case.article).decision == "likely_violation") == case.alarm
        good, tried = counts.get(case.name, (0, 0))
        counts[case.name] = (good + right, tried + 1)
    return counts


def positives(part: corpus.Split) -> list[Labelled]:
    return [from_row(row) for row in corpus.texts(part) if row["label"] == "violation"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="tune", choices=("train", "tune", "report"))
    parser.add_argument("--every", type=int, default=1, help="take each n-th text only")
    arguments = parser.parse_args()
    judge = Judge.load()
    counts = held(judge, cases(judge, positives(arguments.part)[:: arguments.every]))
    for name, (good, tried) in counts.items():
        print(f"{good / tried:6.3f}  {good:5}/{tried:<5} {name}")  # noqa: T201
    good, tried = (sum(c[i] for c in counts.values()) for i in (0, 1))
    print(f"{good / tried:6.3f}  {good}/{tried} over {len(counts)} transformations")  # noqa: T201


if __name__ == "__main__":
    main()
