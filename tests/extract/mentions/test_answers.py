"""What the accused answers: his own denial, told by name, office, pronoun or headline."""

from __future__ import annotations

import re

import pytest

from extract.mentions.answers import answer
from extract.mentions.frames import Frame, frames
from extract.mentions.sentences import read
from pantau.records import Actor

CAMAT = Actor(name="Sarwono Budiarjo", position="Camat Karangwuni")
ACT = "Camat Karangwuni, Sarwono Budiarjo, membagikan kaus paslon. "


def told(text: str) -> list[Frame]:
    spans = [match.span() for match in re.finditer(r"[^\s.][^.\n]*\.?\"?", text)]
    return frames(read(text, spans, 0))


@pytest.mark.parametrize(
    "text",
    [
        ACT + "Sarwono membantah kaus itu miliknya.",
        ACT + "Ia menyangkal tuduhan tersebut.",
        ACT + "Sarwono mengakui hadir, tetapi membantah mengajak.",
        ACT + "Menurut Sarwono, ia tidak pernah membagi kaus.",
        ACT + 'Pengacaranya menyebut "dua" itu hitungan senam, bukan nomor urut.',
        "Kaus Paslon Jadi Bukti, Camat Karangwuni Mengelak: Itu Salam Metal",
        ACT + "Lewat pengacaranya, tuduhan itu dibantah.",
        "Camat Karangwuni: Itu Bukan Kampanye",
        "Membantah bagi kaus, Camat Karangwuni tak bisa jelaskan rekaman.",
    ],
)
def test_the_accused_denies(text: str) -> None:
    denied, says = answer(told(text), CAMAT)
    assert denied
    assert says.strip()
    assert says in text


@pytest.mark.parametrize(
    "text",
    [
        ACT + "Sarwono tidak membantah kaus itu miliknya.",
        ACT + "Ketua tim paslon membantah membagi kaus.",
        ACT + "Bawaslu menyatakan tidak pernah menerima laporan.",
        ACT + "Sarwono mengaku salah dan meminta maaf.",
        ACT + "Ketua tim paslon menyatakan Sarwono tidak pernah diundang.",
        ACT + "Camat Karangwuni berdalih hanya diundang.",
        ACT + "Sarwono mengaku tidak tahu aturannya.",
        "Camat Karangwuni: Saya Hanya Mengantar Istri",
        ACT,
    ],
)
def test_nobody_else_denies_for_him(text: str) -> None:
    assert not answer(told(text), CAMAT)[0]


def test_an_answer_that_denies_nothing_is_told() -> None:
    denied, says = answer(told(ACT + "Sarwono mengatakan kaus itu dibagikan warga."), CAMAT)
    assert (denied, says) == (False, "Sarwono mengatakan kaus itu dibagikan warga.")


def test_his_quotation_behind_it_is_told_too() -> None:
    text = ACT + 'Sarwono membantah. "Kaus itu bukan dari saya."'
    assert answer(told(text), CAMAT)[1].endswith('"Kaus itu bukan dari saya."')
