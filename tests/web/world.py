"""Karangan: invented articles and cases for the tests of the pages, and their clock."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from alerts.merge import merge
from pantau.documents import region_name, to_document
from pantau.records import Actor, Article, Entity, Judgement, Kind, Mention, Report
from pantau.state import articles, cases
from pantau.state.tables import ArticleRow, MentionRow
from pantau.web.context import WebContext

NOW = datetime(2024, 10, 16, 2, 0, tzinfo=UTC)
HANDLE = "@wargatirta"


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


def tell(
    context: WebContext,
    article_id: str,
    *,
    title: str = "Camat berpose dua jari",
    sentence: str = "Camat Sumini berpose dua jari bersama calon bupati.",
    more: str = "",
    region: str | None = "33.15",
    kind: Kind = "news",
    name: str = "Sumini",
    published: datetime | None = None,
    likely: bool = True,
    author: str = "Redaksi",
    url: str = "",
    page_sha256: str = "",
    office: str = "Camat Tirtawangi",
    agency: str = "Kecamatan Tirtawangi",
    copy_of: str | None = None,
    **told: Any,
) -> int | None:
    """Put an article with one act into the state and the index; the number of its case.

    ``told`` is what else the mention says."""
    article = Article(
        id=article_id,
        title=title,
        text=f"{sentence}\n\n{more}".strip(),
        url=url
        or (
            f"https://pos.example/{HANDLE}/{article_id}"
            if kind == "post"
            else f"https://kabartirta.example/{article_id}"
        ),
        kind=kind,
        author=HANDLE if kind == "post" else author,
        published=published or NOW - timedelta(hours=5),
        first_seen=NOW - timedelta(hours=4),
        source_id="kabar-tirta",
        page_sha256=page_sha256 or hashlib.sha256(article_id.encode()).hexdigest(),
    )
    start = article.full_text.index(sentence)
    mention = Mention(
        sentence=sentence,
        start=start,
        end=start + len(sentence),
        subject="asn",
        actor=Actor(name=name, position=office, agency=agency),
        act="berfoto bersama calon",
        skb_forms=(5,),
        region_code=region,
        score=0.9,
        **told,
    )
    at = article.full_text.find(name)
    judgement = Judgement(
        id=article_id,
        decision="likely_violation" if likely else "none",
        score=0.9 if likely else 0.1,
        mentions=(mention,) if likely else (),
        entities=(
            (Entity(start=at, end=at + len(name), text=name, label="PER", roles=("asn",)),)
            if at >= 0
            else ()
        ),
        region_codes=(region,) if region else (),
    )
    with context.state.write() as session:
        articles.store(session, article, judgement, NOW)
        session.get_one(ArticleRow, article_id).copy_of = copy_of
        number = None
        if likely:
            number = cases.create(session, "asn", NOW)
            row = session.query(MentionRow).filter_by(article_id=article_id).one()
            cases.assign(session, [row.id], number)
            report = Report(
                article_id=article_id,
                title=title,
                url=article.url,
                source_name="Kabar Tirta",
                published=article.published,
                first_seen=NOW - timedelta(hours=4),
                page_sha256=article.page_sha256,
                mention=mention,
                kind=kind,
            )
            cases.save(session, merge(number, [report]), NOW)
    with context.state.read() as session, context.index() as index:
        row_held = session.get_one(ArticleRow, article_id)
        found = articles.mentions_of(session, article_id)
        index.add([to_document(row_held, found, "Kabar Tirta", region_name)])
    return number
