"""Pictures of articles with a mention are fetched as evidence, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from crawler.politeness import HostBudgets
from crawler.run import fetch_pictures, run_in_reactor
from pantau.records import Article
from pantau.state import pictures
from pantau.state.tables import ArticleRow, PictureRow
from tests.crawler.conftest import NOW, World, feed_way, source
from tests.servers import Answer, LocalServer, habits

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PICTURE = Answer(PNG, "image/png")


def noted(world: World, *urls: str) -> int:
    article = Article(id="a" * 64, title="T", text="t", source_id="kabar", images=urls)
    with world.state.write() as session:
        if session.get(ArticleRow, article.id) is None:
            session.add(
                ArticleRow(
                    id=article.id,
                    url="u",
                    kind="news",
                    source_id="kabar",
                    title="T",
                    text="t",
                    first_seen=NOW,
                    page_sha256="",
                    content_hash="",
                    decision="none",
                    score=0,
                )
            )
            session.flush()
        return pictures.add(session, article)


def fetch(world: World, site: LocalServer, **settings: object) -> dict[str, PictureRow]:
    context = world.context(site, **settings)
    paced = source(feed_way(site))
    run_in_reactor(lambda: fetch_pictures(context, [paced]))
    with world.state.read() as session:
        return {"/" + r.url.split("/", 3)[3]: r for r in session.scalars(select(PictureRow))}


def test_a_picture_is_kept_with_its_type_and_hash(world: World, site: LocalServer) -> None:
    site.on("/foto.png", PICTURE)
    noted(world, f"{site.root}/foto.png")
    row = fetch(world, site)["/foto.png"]
    assert (row.status, row.media_type, row.fetched_at) == ("fetched", "image/png", NOW)
    assert world.archive.get(row.sha256) == PNG
    fetch(world, site)
    assert site.asked("/foto.png") == 1


def test_what_is_no_picture_is_not_kept(world: World, site: LocalServer) -> None:
    site.on("/robots.txt", Answer(b"User-agent: *\nDisallow: /rahasia/", "text/plain"))
    site.on("/halaman", "<script>")
    site.on("/kosong", Answer(b"", "image/png"))
    site.on("/besar", habits.large(50_000_000))
    site.on("/rahasia/foto.png", PICTURE)
    urls = ["/halaman", "/kosong", "/besar", "/rahasia/foto.png", "/tidak-ada"]
    noted(world, *(site.root + url for url in urls), "data:image/png;base64,AA/x/y")
    rows = fetch(world, site)
    assert {row.status for row in rows.values()} == {"failed"}
    assert [rows[url].reason for url in urls] == [
        "no picture",
        "no picture",
        "too large",
        "robots.txt",
        "http 404",
    ]
    assert site.asked("/rahasia/foto.png") == 0


def test_a_private_address_in_a_page_is_not_asked(world: World, site: LocalServer) -> None:
    with LocalServer() as inner:
        noted(world, f"{inner.root}/foto.png")
        row = fetch(world, site)["/foto.png"]
        assert inner.seen == []
    assert row.status == "found" or "private" in row.reason


def test_a_picture_is_tried_a_few_times(world: World, site: LocalServer) -> None:
    site.on("/foto.png", Answer(status=500))
    noted(world, f"{site.root}/foto.png")
    for attempt in range(1, pictures.MAX_ATTEMPTS + 1):
        world.budgets = HostBudgets()
        row = fetch(world, site)["/foto.png"]
        assert row.attempts == attempt
    assert (row.status, row.reason) == ("failed", "http 500")


def test_pictures_are_noted_once_and_their_number_is_bounded(world: World) -> None:
    assert noted(world, "http://k.example/1.jpg", "http://k.example/1.jpg") == 1
    assert noted(world, "http://k.example/1.jpg", "http://k.example/2.jpg") == 1
    many = [f"http://k.example/{n}.jpg" for n in range(100)]
    assert noted(world, *many) == pictures.MOST_PER_ARTICLE - 2


def test_hosts_are_asked_at_the_pace_of_the_source(world: World, site: LocalServer) -> None:
    for name in "abc":
        site.on(f"/{name}.png", PICTURE)
    noted(world, *(f"{site.root}/{name}.png" for name in "abc"))
    context = world.context(site)
    politeness = source(feed_way(site)).politeness.model_copy(
        update={"delay": timedelta(seconds=0.3)}
    )
    run_in_reactor(lambda: fetch_pictures(context, [source(feed_way(site), politeness=politeness)]))
    times = [seen.at for seen in site.seen]
    assert len(times) == 4
    assert times[-1] - times[0] > 0.9 * 3 * 0.3
