"""The feed of cases: off until a token is set, told by the same rules as mails, and nameless."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from alerts import desk
from alerts.composing import compose
from pantau.config import Config
from pantau.config.models import WayOut
from pantau.records import Judgement
from pantau.state import articles
from pantau.web.context import WebContext
from tests.alerts import world
from tests.web.conftest import Account, Browser
from tests.web.world import Clock

ATOM = "{http://www.w3.org/2005/Atom}"
TOKEN = "tembaga-melati-71"


@pytest.fixture
def told(context: WebContext, clock: Clock, tmp_path: Path) -> Config:
    """One case that a subscriber with a feed was told of, and one that nobody was."""
    secret = tmp_path / "token"
    secret.write_text(TOKEN)
    way = WayOut(id="umpan", kind="feed", secret_file=secret)
    one = world.subscription(ways=(way.id,))
    config = replace(context.config, subscriptions={one.id: one}, ways={way.id: way})
    for article_id, region in (("a1", "33.15"), ("a2", "33.74")):
        article = replace(
            world.article(first_seen=clock(), published=clock(), source_id="kabar-tirta"),
            id=article_id,
        )
        mention = world.mention(region_code=region, act="kata Bambang Sutikno")
        judgement = Judgement(
            id=article_id, decision="likely_violation", score=0.9, mentions=(mention,)
        )
        with context.state.write() as session:
            articles.store(session, article, judgement, clock())
    desk.open_cases(context.state, config, clock(), region_name=world.region_name)
    compose(context.state, config, clock(), region_name=world.region_name, archive_path=str)
    context.config = config
    return config


def test_it_tells_what_was_told_and_names_nobody(
    browser: Browser, account: Account, told: Config
) -> None:
    account("pengelola", "admin")  # from now on strangers are strangers
    answer = browser().get(f"/umpan/kasus/{TOKEN}.atom")
    assert answer.status_code == 200
    [entry] = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == (
        "Dugaan foto bersama calon: Camat Tirtawangi, Kab. Grobogan"
    )
    rss = browser().get(f"/umpan/kasus/{TOKEN}.rss")
    assert len(ElementTree.fromstring(rss.content).findall("channel/item")) == 1
    for text in (answer.text, rss.text):
        assert "Bambang" not in text
        assert "kabartirta.example" not in text


def test_without_its_token_there_is_nothing(browser: Browser, told: Config) -> None:
    for token in ("lain", "", "töken", f"{TOKEN} "):
        assert browser().get(f"/umpan/kasus/{token}.atom").status_code == 404


def test_without_such_a_way_there_is_none(
    browser: Browser, context: WebContext, told: Config
) -> None:
    context.config = replace(told, ways={})
    assert browser().get(f"/umpan/kasus/{TOKEN}.atom").status_code == 404


def test_an_update_is_an_entry_of_its_own(
    browser: Browser, context: WebContext, clock: Clock, told: Config
) -> None:
    clock.now += timedelta(hours=1)
    article = replace(
        world.article(first_seen=clock(), published=clock(), source_id="kabar-tirta"), id="a3"
    )
    mention = world.mention(stage="reported", stage_by="Bambang Sutikno, warga")
    judgement = Judgement(id="a3", decision="likely_violation", score=0.9, mentions=(mention,))
    with context.state.write() as session:
        articles.store(session, article, judgement, clock())
    desk.open_cases(context.state, told, clock(), region_name=world.region_name)
    compose(context.state, told, clock(), region_name=world.region_name, archive_path=str)
    answer = browser().get(f"/umpan/kasus/{TOKEN}.atom")
    entries = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    assert "Bambang" not in answer.text
