"""A parsed query as SQLite and its FTS5 understand it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from search.content import asked, milliseconds, weighed
from search.query import Between, Combined, Labelled, Node, Words


def to_sql(node: Node) -> tuple[str, list[Any]]:
    """A tree as a condition on ``documents d``, with the values to bind."""
    match = to_match(node)
    if match:
        return "d.number IN (SELECT rowid FROM words WHERE words MATCH ?)", [match]
    match node:
        case Labelled(field, value):
            return (
                "d.number IN (SELECT number FROM labels WHERE field = ? AND value = ?)",
                [field, value],
            )
        case Between():
            return _range(node)
        case Combined("NOT", parts):
            inner, values = to_sql(parts[0])
            return f"NOT ({inner})", values
        case Combined(operator, parts):
            made = [to_sql(part) for part in parts]
            condition = f" {operator} ".join(f"({inner})" for inner, _ in made)
            return condition, [value for _, values in made for value in values]
    raise AssertionError(node)


def to_match(node: Node, *, weighing: bool = False) -> str:
    """A tree of nothing but words, AND and OR as one question to FTS5; empty for any other.

    To be weighed, words are also looked for where they count more.
    """
    if isinstance(node, Words):
        column, row = asked(node)
        columns = " ".join(weighed(node)) if weighing else column
        return f'{{{columns}}} : "{" ".join(row)}"{" *" if node.prefix else ""}'
    if isinstance(node, Combined) and node.operator != "NOT":
        parts = [to_match(part, weighing=weighing) for part in node.parts]
        return f" {node.operator} ".join(f"({part})" for part in parts) if all(parts) else ""
    return ""


def _range(node: Between) -> tuple[str, list[Any]]:
    column = "d.date" if node.field == "tanggal" else "d.score"
    conditions, values = [], []
    for bound, sign in (
        (node.low, ">=" if node.low_included else ">"),
        (node.high, "<=" if node.high_included else "<"),
    ):
        if bound is not None:
            conditions.append(f"{column} {sign} ?")
            values.append(milliseconds(bound) if isinstance(bound, datetime) else bound)
    return " AND ".join(conditions) or "1", values
