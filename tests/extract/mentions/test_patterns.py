"""The small language of the lexicons."""

from __future__ import annotations

import pytest

from extract.mentions.lexicon import groups, lexicon
from extract.mentions.patterns import Lexicon, affixed, words


def found(pattern: str, text: str) -> list[str]:
    tokens = words(text)
    return [
        text[tokens[m.first].start : tokens[m.last].end]
        for m in Lexicon([("g", [pattern])]).find(tokens)
    ]


@pytest.mark.parametrize(
    ("root", "forms"),
    [
        ("bagi", ["membagi", "membagikan", "dibagikan", "bagi-bagi", "ngebagiin", "mbagi"]),
        ("pasang", ["memasang", "dipasang", "terpasang", "masang"]),
        ("tempel", ["menempel", "menempelkan", "nempelin"]),
        ("sebar", ["menyebarkan", "disebar", "nyebarin", "tersebar"]),
        ("kumpul", ["mengumpulkan", "dikumpulkan", "ngumpulin", "berkumpul"]),
        ("ajak", ["mengajak", "diajak", "ngajak"]),
    ],
)
def test_roots_reach_the_forms_papers_use(root: str, forms: list[str]) -> None:
    assert set(forms) <= affixed(root)


def test_active_forms_leave_out_the_passive() -> None:
    assert "dibagikan" not in affixed("bagi", active=True)
    assert "membagikan" in affixed("bagi", active=True)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("camat", "Camatnya hadir", ["Camatnya"]),
        ("kaos|kaus paslon", "memakai kaus paslon", ["kaus paslon"]),
        ("~bagi .. stiker", "membagikan banyak sekali stiker", ["membagikan banyak sekali stiker"]),
        ("~bagi .. stiker", "membagikan satu dua tiga empat stiker", []),
        ("~bagi ... stiker", "Ia membagikan beras. Lalu stiker", []),
        ("nomor (urut) #", "calon nomor urut 2 dan nomor dua", ["nomor urut 2", "nomor dua"]),
        ("kadis*", "Kadisdik dan kadis", ["Kadisdik", "kadis"]),
    ],
)
def test_patterns(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


def test_a_pattern_may_not_begin_with_a_gap() -> None:
    with pytest.raises(ValueError, match="must begin"):
        Lexicon([("g", [".. camat"])])


def test_every_group_has_a_label_and_acts_have_forms() -> None:
    lexicon()
    for group in groups().values():
        assert group.label
        if group.kind == "acts":
            assert set(group.forms) <= set(range(1, 14))
            assert group.forms
