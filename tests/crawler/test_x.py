"""X by its recent search: counted first, paid within the month's budget, also over a kill."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crawler.run import RunOutcome, crawl, run_in_reactor
from pantau.config.models import Platforms, Source, TermsAccepted, WayIn
from pantau.config.models import X as Prices
from pantau.records import Disposition
from pantau.state import spending
from tests.crawler.conftest import NOW, World, source
from tests.crawler.test_telegram import held, read
from tests.servers import Answer, LocalServer
from tests.servers.x import TOKEN, X, minutes

QUERY = "(ASN OR PNS) (kampanye OR dukung) lang:in -is:retweet"
DECIDED = TermsAccepted(by="Kepala Bagian Hukum", on=date(2026, 11, 1))
MONTH = "2026-11"


@pytest.fixture
def server(site: LocalServer) -> X:
    server = X()
    site.otherwise(server)
    return server


def search(site: LocalServer, **settings: Any) -> Source:
    terms = settings.pop("terms_accepted", DECIDED)
    url = site.root + "/2/tweets/search/recent"
    way = WayIn(kind="x", url=url, query=QUERY, **settings)
    return source(way, id="ikon", terms_accepted=terms, enabled=terms is not None)


def ask(
    world: World,
    watched: Source,
    site: LocalServer,
    *,
    dollars: float = 100,
    token: str = TOKEN,
) -> RunOutcome:
    context = replace(
        world.context(site),
        platforms=Platforms(x=Prices(dollars_per_month=dollars)),
        environment={"PANTAU_X_TOKEN": token} if token else {},
    )
    [outcome] = run_in_reactor(lambda: crawl([watched], context=context))
    return outcome


def spent(world: World, month: str = MONTH) -> float:
    with world.state.read() as session:
        return spending.spent(session, "x", month) / 1000


def fill(server: X, begin: int, end: int) -> None:
    for number in range(begin, end):
        server.write(number, f"ASN ikut kampanye {number}", minutes(NOW, number - 1000))


def test_a_search_is_counted_then_paid_and_taken(
    world: World, site: LocalServer, server: X
) -> None:
    fill(server, 100, 103)
    answered = [{"type": "replied_to", "id": "99"}]
    server.write(103, "Betul, PNS dukung", minutes(NOW, -1), "2", referenced_tweets=answered)
    outcome = ask(world, search(site), site)
    assert (outcome.outcome, outcome.found) == ("ok", 4)
    post = held(world)["103"]
    assert (post.text, post.author, post.handle) == ("Betul, PNS dukung", "Warga 2", "@warga2")
    assert (post.reply_to, post.thread, post.official) == ("99", "103", False)
    assert post.lang == "id"
    assert post.counts == {"like": 3, "reply": 1, "repost": 2}
    assert post.url == "https://x.com/warga2/status/103"
    assert [path.rpartition("/2/")[2] for path, _ in server.seen] == [
        "tweets/counts/recent",
        "tweets/search/recent",
    ]
    assert server.seen[0][1]["query"] == QUERY
    assert spent(world) == pytest.approx(server.bill) == pytest.approx(0.045)
    assert "/robots.txt" not in site.paths()


@pytest.mark.slow
def test_nothing_new_costs_a_count_and_no_more(world: World, site: LocalServer, server: X) -> None:
    fill(server, 100, 103)
    ask(world, search(site), site)
    before = server.bill
    outcome = ask(world, search(site), site)
    assert (outcome.outcome, outcome.gap) == ("unchanged", False)
    assert server.bill - before == pytest.approx(0.005)
    assert server.seen[-1][1]["since_id"] == "102"
    fill(server, 103, 105)
    assert ask(world, search(site), site).found == 2


@pytest.mark.slow
def test_pages_are_followed_to_their_end(world: World, site: LocalServer, server: X) -> None:
    fill(server, 100, 350)
    outcome = ask(world, search(site), site)
    assert (outcome.outcome, outcome.found) == ("ok", 250)
    assert spent(world) == pytest.approx(server.bill)


@pytest.mark.slow
def test_more_than_the_pages_bring_is_a_gap(world: World, site: LocalServer, server: X) -> None:
    fill(server, 100, 350)
    outcome = ask(world, search(site, max_pages=1), site)
    assert (outcome.found, outcome.gap) == (100, True)


@pytest.mark.slow
def test_the_months_budget_is_never_passed(world: World, site: LocalServer, server: X) -> None:
    fill(server, 100, 400)
    outcome = ask(world, search(site, max_pages=20), site, dollars=1)
    assert outcome.outcome == "partly"
    assert f"the budget of {MONTH} is used up" in outcome.reason
    assert 0.5 < server.bill <= 1
    for _ in range(3):
        ask(world, search(site), site, dollars=1)
    assert server.bill <= spent(world) <= 1
    world.now = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
    server.posts.clear()
    server.write(500, "ASN lagi", minutes(world.now, -5))
    assert ask(world, search(site), site, dollars=1).found == 1
    assert spent(world, "2026-12") == pytest.approx(0.02)


def test_a_kill_between_question_and_note_passes_no_budget(
    world: World, site: LocalServer, server: X, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(server, 100, 400)
    monkeypatch.setattr(spending, "give_back", lambda *_: None)  # killed before it, each time
    for round_ in range(10):
        ask(world, search(site, max_pages=1), site, dollars=5)
        fill(server, 400 + round_ * 30, 430 + round_ * 30)
    assert 1 < server.bill <= spent(world) <= 5


@pytest.mark.slow
def test_the_note_stands_before_the_question_is_answered(
    world: World, site: LocalServer, server: X
) -> None:
    fill(server, 100, 103)
    noted: list[float] = []

    def look(handler: Any) -> None:
        def read_note() -> None:
            noted.append(spent(world))

        looking = threading.Thread(target=read_note)
        looking.start()
        looking.join()
        server(handler)

    site.otherwise(look)
    ask(world, search(site), site)
    assert noted[0] == pytest.approx(0.005)
    assert noted[1] >= 0.005 + 3 * 0.015


def test_without_token_budget_or_terms_nothing_is_asked(
    world: World, site: LocalServer, server: X
) -> None:
    fill(server, 100, 103)
    assert "PANTAU_X_TOKEN" in ask(world, search(site), site, token="").reason
    assert "dollars_per_month is 0" in ask(world, search(site), site, dollars=0).reason
    both = search(site, terms_accepted=None)
    other = WayIn(kind="telegram", url=site.root + "/s/kabarlembah")
    ask(world, both.model_copy(update={"ways": (other, *both.ways)}), site)
    assert site.seen == []
    outcome = ask(world, search(site, terms_accepted=None), site)
    assert (outcome.outcome, server.seen) == ("not set up", [])
    assert "terms of x" in outcome.reason


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "title", "ends"),
    [
        (401, "Unauthorized", "blocked"),
        (402, "CreditsDepleted", "blocked"),
        (403, "client-not-enrolled", "blocked"),
        (429, "Too Many Requests", "failed"),
        (503, "Service Unavailable", "failed"),
    ],
)
def test_a_refusal_costs_nothing_and_is_told(
    world: World, site: LocalServer, server: X, status: int, title: str, ends: str
) -> None:
    fill(server, 100, 103)
    reset = str(int((NOW + timedelta(minutes=5)).timestamp()))
    server.refusal = Answer(
        f'{{"title": "{title}", "status": {status}}}'.encode(),
        "application/json",
        status,
        {"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset} if status == 429 else {},
    )
    outcome = ask(world, search(site), site)
    assert outcome.outcome == ends
    assert str(status) in outcome.reason
    assert len(server.seen) == 1  # and not asked again at once
    assert spent(world) == (0.005 if status == 503 else 0)
    if status == 429:
        assert "paused" in ask(world, search(site), site).reason
        assert len(server.seen) == 1


@pytest.mark.slow
def test_deletions_are_followed(world: World, site: LocalServer, server: X) -> None:
    fill(server, 990, 1000)
    ask(world, search(site), site)
    read(world)
    del server.posts[995]
    world.now += timedelta(days=2)
    ask(world, search(site), site)
    assert server.seen[-1][0] == "/2/tweets/counts/recent"  # each look is paid: not every day
    world.now += timedelta(days=6)
    before = server.bill
    ask(world, search(site), site)
    rows = {row.hint["id"]: row.disposition for row in world.pages().values()}
    assert rows["995"] == Disposition.GONE
    assert rows["996"] == "indexed"
    assert server.bill - before == pytest.approx(0.005 + 9 * 0.005)
    assert spent(world) == pytest.approx(server.bill)


@pytest.mark.slow
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"meta": 7}', b"<html>"])
def test_an_answer_that_is_none_is_told(
    world: World, site: LocalServer, server: X, body: bytes
) -> None:
    server.refusal = Answer(body, "application/json")
    assert ask(world, search(site), site).outcome == "failed"
