"""The query language: words, "phrases", AND OR NOT, parentheses, prefix*, fields, ranges.

``parse`` turns a query into a small tree that every index understands. Two words beside
each other must both occur. Mistakes are told with their column, in Indonesian.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from luqum import tree
from luqum.exceptions import ParseError
from luqum.thread import parse as luqum_parse

from pantau.errors import QueryError
from search.words import tokens

ZONE = ZoneInfo("Asia/Jakarta")
"""Days of a date range are days in WIB."""
NOWHERE = "00"
"""Stands as the region of articles that have none: so they can be asked for and counted."""
OPERATORS = ("AND", "OR", "NOT", "TO")
DEEPEST, MOST_TERMS = 20, 200
"""What every engine still answers: Elasticsearch nests 30 levels at most."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row, in a field or (``field == ""``) in title and text."""

    field: str
    words: tuple[str, ...]
    prefix: bool = False
    """The word stands for all that begin with it."""
    exact: bool = False
    """Asked in quotes: as written, not by its stem."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One value of a closed set, or a region code with all that lies under it."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Between:
    """A half-open or closed range; None is open."""

    field: Literal["tanggal", "skor"]
    low: datetime | float | None
    high: datetime | float | None
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class Combined:
    operator: Literal["AND", "OR", "NOT"]
    parts: tuple[Node, ...]


Node = Words | Labelled | Between | Combined


def parse(query: str) -> Node | None:
    """The query's tree; None for an empty query, which everything answers.

    Raises QueryError with the column and a suggestion.
    """
    if not query.strip():
        return None
    try:
        parsed = luqum_parse(query)
    except (ParseError, ArithmeticError) as error:  # the latter for camat~.
        raise _syntax_error(query, error) from None
    node = _node(parsed, "")
    if _depth(node) > DEEPEST or len(_leaves(node)) > MOST_TERMS:
        raise _mistake(None, "pencarian terlalu panjang. Bagilah menjadi beberapa pencarian.")
    return node


def within(regions: Sequence[str], node: Node | None) -> Node | None:
    """The tree for articles of these regions only, and those whose region is not known."""
    if not regions:
        return node
    places = Combined("OR", tuple(Labelled("wilayah", code) for code in (*regions, NOWHERE)))
    return Combined("AND", (node, places)) if node is not None else places


def positive_words(node: Node | None) -> list[Words]:
    """The words that hits were asked to hold, for highlighting."""
    if isinstance(node, Words):
        return [node]
    if isinstance(node, Combined) and node.operator != "NOT":
        return [words for part in node.parts for words in positive_words(part)]
    return []


def _leaves(node: Node) -> list[Node]:
    if isinstance(node, Combined):
        return [leaf for part in node.parts for leaf in _leaves(part)]
    return [node]


def _depth(node: Node) -> int:
    return 1 + max(map(_depth, node.parts)) if isinstance(node, Combined) else 1


@cache
def fields() -> dict[str, dict[str, Any]]:
    """The fields by Indonesian name (``fields.toml``)."""
    return tomllib.loads(Path(__file__).with_name("fields.toml").read_text(encoding="utf-8"))


def _node(item: tree.Item, field: str) -> Node:
    match item:
        case tree.Group() | tree.FieldGroup():
            return _node(item.children[0], field)
        case tree.SearchField():
            return _node(item.expr, _field(item))
        case tree.AndOperation() | tree.UnknownOperation():
            return Combined("AND", tuple(_node(part, field) for part in item.children))
        case tree.OrOperation():
            return Combined("OR", tuple(_node(part, field) for part in item.children))
        case tree.Not() | tree.Prohibit():
            return Combined("NOT", (_node(item.children[0], field),))
        case tree.Plus():
            return _node(item.children[0], field)
        case tree.Phrase():
            return _leaf(item.value[1:-1], field, item)
        case tree.Word():
            return _leaf(item.value, field, item)
        case tree.Range():
            return _range(item, field)
        case tree.From() | tree.To():
            return _open_range(item, field)
    raise _mistake(
        item, f"“{str(item).strip()}” tidak dapat dicari. Pakai kata, frasa, atau bidang."
    )


def _field(item: tree.SearchField) -> str:
    for name, about in fields().items():
        if item.name.casefold() in (name, about["alias"]):
            return name
    known = [*fields(), *(about["alias"] for about in fields().values())]
    near = difflib.get_close_matches(item.name.casefold(), known, n=1)
    hint = f"Maksud Anda “{near[0]}:”?" if near else f"Yang ada: {', '.join(fields())}."
    raise _mistake(item, f"bidang “{item.name}” tidak dikenal. {hint}")


def _leaf(value: str, field: str, item: tree.Item) -> Node:
    about = fields().get(field, {"kind": "words"})
    if about["kind"] == "label":
        return Labelled(field, _label(value, field, about, item))
    if about["kind"] == "value":
        return Labelled(about["label"], re.sub(r"\\(.)", r"\1", value))
    if about["kind"] in ("date", "number"):
        low = _bound(value, field, item, end=False)
        return Between(_ranged(field), low, _bound(value, field, item, end=True))
    if about.get("codes") and re.fullmatch(r"\d\d(\.\d\d)*", value):
        return Labelled(field, value)
    prefix = value.endswith("*")
    words = tuple(tokens(value))
    if not words:
        raise _mistake(
            item, f"“{value}” tidak berisi kata. Tulis sedikitnya satu huruf atau angka."
        )
    if prefix and (len(words) > 1 or isinstance(item, tree.Phrase)):
        raise _mistake(item, "tanda * hanya berlaku di belakang satu kata tanpa tanda kutip.")
    return Words(field, words, prefix=prefix, exact=isinstance(item, tree.Phrase))


def _label(value: str, field: str, about: dict[str, Any], item: tree.Item) -> str:
    indonesian: dict[str, str] = about.get("indonesian", {})
    plain = value.casefold()
    chosen = indonesian.get(plain, plain)
    if chosen in about["values"]:
        return chosen
    offered = [*indonesian] or about["values"]
    near = difflib.get_close_matches(plain, offered, n=1)
    hint = f"Maksud Anda “{near[0]}”?" if near else f"Pilihannya: {', '.join(offered)}."
    raise _mistake(item, f"“{value}” bukan nilai dari {field}. {hint}")


def _range(item: tree.Range, field: str) -> Between:
    return Between(
        _ranged(field, item),
        _bound(str(item.low.value), field, item, end=False),
        _bound(str(item.high.value), field, item, end=True),
        low_included=item.include_low,
        high_included=item.include_high,
    )


def _open_range(item: tree.From | tree.To, field: str) -> Between:
    name = _ranged(field, item)
    value = str(item.children[0].value)
    if isinstance(item, tree.From):
        end = not item.include  # later than a day: from its end on
        return Between(name, _bound(value, field, item, end=end), None, low_included=item.include)
    return Between(
        name, None, _bound(value, field, item, end=item.include), high_included=item.include
    )


def _ranged(field: str, item: tree.Item | None = None) -> Literal["tanggal", "skor"]:
    if field == "tanggal":
        return "tanggal"
    if field == "skor":
        return "skor"
    raise _mistake(
        item, "rentang hanya untuk tanggal: dan skor:, misalnya tanggal:[2024-09-25 TO 2024-11-27]."
    )


def _bound(value: str, field: str, item: tree.Item, *, end: bool) -> datetime | float | None:
    """A range's end as a number, or as the first or last moment of a day."""
    if value == "*":
        return None
    try:
        if field == "skor":
            return float(value)
        day = date.fromisoformat(value)
    except ValueError:
        example = "0.9" if field == "skor" else "2024-11-27"
        raise _mistake(item, f"“{value}” bukan {field}. Tulis seperti {example}.") from None
    start = datetime.combine(day, time.min, ZONE)
    return start + timedelta(days=1) - timedelta(microseconds=1) if end else start


def _mistake(item: tree.Item | None, what: str) -> QueryError:
    column = item.pos + 1 if item is not None and item.pos is not None else 1
    return QueryError(f"kolom {column}: {what}")


def _syntax_error(query: str, error: Exception) -> QueryError:
    """luqum's error as a column and a suggestion."""
    position = re.search(r"position (\d+)", str(error))
    column = int(position[1]) + 1 if position else len(query.rstrip()) + 1
    if query.count('"') % 2:
        return QueryError(
            f'kolom {query.rindex(chr(34)) + 1}: tanda kutip tidak ditutup. Tambahkan ".'
        )
    if query.count("(") != query.count(")"):
        return QueryError(f"kolom {column}: tanda kurung tidak berpasangan. Periksa ( dan ).")
    last = query.rsplit(maxsplit=1)[-1]
    if last in OPERATORS:
        return QueryError(f"kolom {column}: sesudah {last} harus ada kata.")
    return QueryError(
        f"kolom {column}: pencarian tidak dapat dibaca. Taruh tanda khusus di dalam tanda kutip."
    )
