"""A state database on disk, and ways to put invented articles into it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pantau.config import Config, Settings, Source, Subscription
from pantau.config.models import WayIn
from pantau.records import Article, Judgement, Kind, Mention
from pantau.state import State, articles, open_state
from pantau.state.tables import SourceRow
from tests.alerts import world

Told = Callable[..., None]


@pytest.fixture
def state(state_url: str) -> Iterator[State]:
    opened = open_state(state_url)
    yield opened
    opened.close()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    source = Source(
        id="kabar-tirta",
        name="Kabar Tirta",
        every=timedelta(minutes=15),
        ways=(WayIn(kind="feed", url="https://kabartirta.example/feed"),),
    )
    return make_config(tmp_path, source, world.subscription())


def make_config(folder: Path, source: Source, *subscriptions: Subscription) -> Config:
    return Config(
        folder=folder,
        settings=Settings(),
        sources={source.id: source},
        subscriptions={one.id: one for one in subscriptions},
    )


@pytest.fixture
def tell(state: State) -> Told:
    """Store an article with its mentions, as the reading of a page does."""

    def store(
        article_id: str,
        title: str,
        *mentions: Mention,
        published: datetime | None = world.NOW - timedelta(hours=5),
        first_seen: datetime = world.NOW - timedelta(hours=4),
        likely: bool = True,
        kind: Kind = "news",
        watched_since: datetime | None = None,
    ) -> None:
        article = Article(
            id=article_id,
            title=title,
            text="\n\n".join(mention.sentence for mention in mentions),
            url=f"https://kabartirta.example/{article_id}",
            published=published,
            first_seen=first_seen,
            source_id="kabar-tirta",
            kind=kind,
            page_sha256=hashlib.sha256(article_id.encode()).hexdigest(),
        )
        judgement = Judgement(
            id=article_id,
            decision="likely_violation" if likely else "none",
            score=0.9 if likely else 0.2,
            mentions=mentions,
        )
        with state.write() as session:
            if watched_since is not None and session.get(SourceRow, "kabar-tirta") is None:
                session.add(SourceRow(id="kabar-tirta", first_polled_at=watched_since, failures=0))
            articles.store(session, article, judgement, first_seen)

    return store
