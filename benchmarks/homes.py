"""Homes with the articles of ``benchmarks.search``: one in ten tells an act, four make a case."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.search import articles
from pantau.home import Home
from pantau.records import Actor, Case, Mention
from pantau.state import State, open_state
from pantau.state.articles import mention_to_json
from pantau.state.cases import case_to_json
from pantau.state.tables import ArticleRow, CaseRow, MentionRow
from search import Document
from search.index import in_parts

PER_CASE = 4
AT_ONCE = 500
ENTITIES = 25
"""Of an article, as many as ordinary news names."""


def fill(home: Home, number: int, *, indexed: bool) -> list[str]:
    """Put articles, mentions and cases into the state; ids of those articles that tell an act.

    A home that holds them already is left as it is. ``indexed``: the index is said to have them.
    """
    home.make()
    state = open_state(home.database_url(home.load_config()))
    with state.read() as session:
        held = session.scalar(select(func.count()).select_from(ArticleRow))
        likely = list(
            session.scalars(select(MentionRow.article_id).order_by(MentionRow.id)) if held else ()
        )
    if held not in (0, number):
        raise SystemExit(f"{home.root} holds {held} articles: name another folder")
    if not held:
        for batch in in_parts(articles(number), AT_ONCE):
            likely += store(state, batch, len(likely), indexed=indexed)
    state.close()
    return likely


def store(state: State, documents: Sequence[Document], before: int, *, indexed: bool) -> list[str]:
    told = [document for document in documents if document.forms]
    with state.write() as session:
        session.execute(insert(ArticleRow), [article_row(one, indexed) for one in documents])
        mentions = []
        for at, document in enumerate(told, start=before):
            case_id = at // PER_CASE + 1
            mention = mention_of(document)
            if at % PER_CASE == 0:
                session.execute(insert(CaseRow).values(case_row(case_id, document, mention)))
            mentions.append(
                {
                    "article_id": document.id, "revision": 1, "ordinal": 0, "subject": "asn",
                    "likely": True, "clustered": True, "case_id": case_id, "withdrawn": False,
                    "record": mention_to_json(mention),
                }
            )  # fmt: skip
        if mentions:
            session.execute(insert(MentionRow), mentions)
    return [document.id for document in told]


def article_row(document: Document, indexed: bool) -> dict[str, Any]:
    return {
        "id": document.id, "url": document.url, "kind": document.kind,
        "source_id": document.source_id, "title": document.title, "text": document.text,
        "published": document.published, "first_seen": document.first_seen,
        "page_sha256": document.id, "content_hash": document.id, "revision": 1,
        "decision": document.decision, "score": document.score, "images": [],
        "judgement": {
            "entities": entities(document),
            "region_codes": list(document.region_codes),
            "reasons": [],
        },
        "indexed_revision": int(indexed),
    }  # fmt: skip


def entities(document: Document) -> list[dict[str, Any]]:
    """What the document says was found in it, and words of it, each as often as names are told."""
    draw = random.Random(document.id)
    said = [
        *(("PER", name, ("asn",), "") for name in document.names),
        *(("PER", name, ("candidate",), "") for name in document.candidates),
        *(("ORG", name, ("agency",), name) for name in document.agencies),
        *(("POSITION", name, (), "") for name in document.positions),
    ]
    words = document.text.split()
    said += [("PER", draw.choice(words), ("other",), "") for _ in range(3)]
    return [
        {
            "start": 0, "end": len(text), "text": text, "label": label, "roles": list(roles),
            "agency": agency, "norm": text,
        }
        for label, text, roles, agency in draw.choices(said, k=ENTITIES)
    ]  # fmt: skip


def mention_of(document: Document) -> Mention:
    sentence = document.text.partition(".")[0]
    start = len(document.title) + 1
    return Mention(
        sentence=sentence, start=start, end=start + len(sentence), subject="asn",
        actor=Actor(
            name=document.names[0].title(), position="Camat", agency=document.agencies[0]
        ),
        act="berfoto bersama calon", skb_forms=document.forms,
        region_code=document.region_codes[0], score=0.9,
    )  # fmt: skip


def case_row(case_id: int, document: Document, mention: Mention) -> dict[str, Any]:
    case = Case(
        id=case_id, subject="asn", actor=mention.actor, act=mention.act,
        skb_forms=mention.skb_forms, region_code=mention.region_code, beneficiary="",
        act_date=None, stage="alleged", stage_by="", denied=False, answer="", phase="",
        first_seen=document.date, score=0.9,
    )  # fmt: skip
    return {
        "id": case_id, "subject": "asn", "region_code": case.region_code,
        "record": case_to_json(case), "first_seen": case.first_seen, "updated_at": document.date,
    }  # fmt: skip
