"""A list of what is forbidden is no report, however clearly an item tells an act."""

from __future__ import annotations

from extract.mentions.frames import Frame, frames
from extract.mentions.judge import _lists_rules
from extract.mentions.sentences import read

RULES = (
    "- Bagi ASN yang mendampingi suami berkampanye tanpa cuti.",
    "- Membagikan kaus pasangan calon.",
    "- Menghadiri kampanye calon bupati.",
    "- Mengunggah foto bersama calon bupati.",
    "- Menjadi anggota tim pemenangan calon.",
    "- Mengajak warga memilih calon bupati.",
)
TOLD = "Camat Karangwuni, Budi Santoso, membagikan kaus calon bupati kepada warga."


def lines(*sentences: str) -> list[Frame]:
    text = "\n" + "\n".join(sentences)
    spans, start = [], 1
    for sentence in sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return frames(read(text, spans, 0))


def test_what_a_list_of_rules_tells_most_clearly_is_no_act() -> None:
    assert _lists_rules(lines(*RULES), [0.9, 0.8, 0.3, 0.3, 0.3, 0.3])


def test_an_act_told_beside_a_list_of_rules_stands() -> None:
    assert not _lists_rules(lines(TOLD, *RULES), [0.9, 0.8, 0.3, 0.3, 0.3, 0.3, 0.3])


def test_few_items_are_no_list_of_rules() -> None:
    assert not _lists_rules(lines(*RULES[:3]), [0.9, 0.8, 0.3])
