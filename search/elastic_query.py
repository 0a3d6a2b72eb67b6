"""A query's tree in the language of Elasticsearch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from search.content import asked, milliseconds, weighed
from search.index import most_values
from search.query import ZONE, Between, Combined, Labelled, Node, Words


def to_query(node: Node | None) -> dict[str, Any]:
    """A tree as a query that scores nothing."""
    match node:
        case None:
            return {"match_all": {}}
        case Words():
            column, row = asked(node)
            return _said(column, row, prefix=node.prefix)
        case Labelled(field, value):
            return {"term": {f"label.{field}": value}}
        case Between():
            return _range(node)
        case Combined("NOT", parts):
            return {"bool": {"must_not": [to_query(part) for part in parts]}}
        case Combined("AND", parts):
            return {"bool": {"filter": [to_query(part) for part in parts]}}
        case Combined("OR", parts):
            return _any([to_query(part) for part in parts])
    raise AssertionError(node)


def _any(queries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"bool": {"should": queries, "minimum_should_match": 1}}


def _said(column: str, row: tuple[str, ...], *, prefix: bool) -> dict[str, Any]:
    if prefix:
        return {"prefix": {column: row[0]}}
    if len(row) == 1:
        return {"term": {column: row[0]}}
    return {"match_phrase": {column: " ".join(row)}}


def to_score(words: Words) -> dict[str, Any]:
    """What words add to a hit's relevance: BM25 over its columns, as if they were one text."""
    _, row = asked(words)
    weights = weighed(words)
    if len(row) == 1 and not words.prefix:
        columns = [f"{column}^{weight}" for column, weight in weights.items()]
        return {"combined_fields": {"query": row[0], "fields": columns}}
    return {
        "bool": {
            "should": [
                {"bool": {"must": _said(column, row, prefix=words.prefix), "boost": weight}}
                for column, weight in weights.items()
            ]
        }
    }


def counting(facet: str) -> dict[str, Any]:
    """How the values of a facet are counted over all hits."""
    if facet == "hari":
        days = {"calendar_interval": "day", "time_zone": str(ZONE), "format": "yyyy-MM-dd"}
        return {"date_histogram": {"field": "date", "min_doc_count": 1, **days}}
    return {"terms": {"field": f"label.{facet}", "size": most_values(facet)}}


def _range(node: Between) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for bound, sign in (
        (node.low, "gte" if node.low_included else "gt"),
        (node.high, "lte" if node.high_included else "lt"),
    ):
        if bound is not None:
            bounds[sign] = milliseconds(bound) if isinstance(bound, datetime) else bound
    return {"range": {"date" if node.field == "tanggal" else "score": bounds}}
