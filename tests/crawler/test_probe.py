"""What a probe finds of a site's ways in, and the commands that make sources of it."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.probing import Probed, channel, source_id
from crawler.run import probe, run_in_reactor
from pantau.config.editing import append, change
from pantau.config.models import Politeness, SourcesFile
from pantau.coverage import coverage
from pantau.errors import ConfigError
from pantau.home import Home
from tests.crawler.conftest import NOW, World, feed_way, rss, source
from tests.crawler.test_sitemaps import news, url, urlset, xml
from tests.crawler.test_wordpress import WordPress
from tests.endtoend.conftest import pantau
from tests.servers import Answer, LocalServer

pytestmark = pytest.mark.slow

FRONT = """<html><head><title>Kabar Kita | Berita Garut</title>
<link rel="alternate" type="application/rss+xml" href="/komentar-comments/feed">
<link rel="alternate" type="application/rss+xml" href="/umpan">{more}</head><body>{links}
<a href="/indeks?page=2">2</a><a href="https://t.me/kabarkita">Telegram</a>
<a href="https://t.me/share/url?url=x">bagi</a></body></html>"""
PACE = Politeness(delay=timedelta(0), timeout=timedelta(seconds=5))


def front(links: int = 8, more: str = "") -> str:
    told = "".join(
        f'<a href="/berita/satu-dua-{n}">Judul yang cukup panjang</a>' for n in range(links)
    )
    return FRONT.format(links=told, more=more)


def look(world: World, site: LocalServer, url: str) -> Probed:
    context = world.context(site)
    return run_in_reactor(lambda: probe(url, context=context, pace=PACE))


def test_a_site_with_everything(world: World, site: LocalServer) -> None:
    paper = WordPress(site)
    paper.publish(1, NOW)
    robots = f"User-agent: *\nCrawl-delay: 1\nDisallow: /rahasia\nSitemap: {site.root}/peta.xml\n"
    site.on("/robots.txt", Answer(robots.encode(), "text/plain"))
    site.on("/", front(more='<meta name="generator" content="WordPress 6.5">'))
    site.on("/umpan", rss(site, "/berita/satu-dua-1", "/berita/satu-dua-2"))
    site.on("/peta.xml", xml(urlset(url("/berita/satu-dua-1", NOW, news("Satu", NOW))), site))
    found = look(world, site, site.root + "/")
    assert found.name == "Kabar Kita"
    assert [(one.way.kind, one.way.url) for one in found.ways] == [
        ("feed", site.root + "/umpan"),
        ("wordpress", site.root + "/"),
        ("sitemap", site.root + "/peta.xml"),
        ("listing", site.root + "/"),
    ]
    assert found.ways[0].seen == "2 entries, 0 dated, 0 with their whole text"
    assert found.ways[2].seen == "1 addresses, 1 with news tags"
    assert found.ways[3].way.pages == r"[?&](?:page|hal|halaman|paged|p)=\d+"
    assert "robots.txt asks for 1 s between two requests" in found.notes
    assert "it links to a Telegram channel: https://t.me/s/kabarkita" in found.notes


def test_a_feed_at_a_usual_address_and_one_that_is_html(world: World, site: LocalServer) -> None:
    site.on("/", front(links=2))
    site.on("/umpan", "<html>Beranda</html>")
    site.on("/rss", rss(site, "/berita/satu-dua-1"))
    found = look(world, site, site.root + "/")
    assert [(one.way.kind, one.way.url) for one in found.ways] == [("feed", site.root + "/rss")]
    assert f"{site.root}/umpan: HTML in place of a feed" in found.notes
    assert "its page links to 2 articles: no listing" in found.notes
    assert len(site.seen) < 30


def test_robots_txt_holds_for_a_probe_too(world: World, site: LocalServer) -> None:
    site.on("/robots.txt", Answer(b"User-agent: *\nDisallow: /", "text/plain"))
    site.on("/", front())
    found = look(world, site, site.root + "/")
    assert found.ways == []
    assert f"{site.root}/: robots.txt" in found.notes
    assert set(site.paths()) == {"/robots.txt"}


def test_a_telegram_channel_is_known_by_its_address() -> None:
    for one in (
        "https://t.me/kabarkita",
        "https://t.me/s/kabarkita/",
        "http://telegram.me/kabarkita",
    ):
        assert channel(one) == "https://t.me/s/kabarkita"
    for one in ("https://t.me/joinchat/AAAA", "https://kabar.example/", "https://t.me/share"):
        assert channel(one) == ""
    assert source_id("https://www.kabar.example/garut/x") == "www-kabar-example-garut"


# The commands ------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, site: LocalServer) -> Home:
    home = Home(tmp_path / "var")
    home.init()
    settings = home.config / "settings.toml"
    text = settings.read_text().replace(
        'contact = ""', f'contact = ""\nallow_private = ["{site.address}"]', 1
    )
    settings.write_text(text)
    return home


def test_what_was_probed_is_added_shown_disabled_and_enabled(home: Home, site: LocalServer) -> None:
    site.on("/", front())
    site.on("/umpan", rss(site, "/berita/satu-dua-1"))
    address = site.root + "/"
    shown = pantau(home, "sources", "probe", address, "--region", "32.05", "--delay", "0")
    assert shown.code == 0
    [entry] = SourcesFile.model_validate(tomllib.loads(shown.out)).source
    assert (entry.region, entry.name) == ("32.05", "Kabar Kita")
    assert "# feed " in shown.out
    done = pantau(home, "sources", "add", address, "--region", "32.05", "--delay", "0")
    assert done.code == 0
    assert "jawa-barat.toml" in done.out
    assert home.load_config().source(entry.id) == entry
    told = pantau(home, "sources", "disable", entry.id, "--reason", "pindah alamat")
    assert told.code == 0
    changed = home.load_config().source(entry.id)
    assert (changed.enabled, changed.note[:13]) == (False, "pindah alamat")
    assert "state: disabled" in pantau(home, "sources", "show", entry.id).out
    assert pantau(home, "sources", "enable", entry.id).code == 0
    assert home.load_config().source(entry.id).enabled
    assert "never read" in pantau(home, "sources", "show", entry.id).out
    assert "Maluku Utara" in pantau(home, "sources", "coverage").out


def test_entries_of_a_file_are_added_and_a_mistake_is_told_and_not_written(
    home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "new.toml"
    good = '[[source]]\nid = "baru"\nname = "Baru"\nevery = "1h"\n[[source.ways]]\nkind = "feed"\n'
    file.write_text(good + 'url = "https://baru.example/feed"\n')
    assert pantau(home, "sources", "add", str(file)).code == 0
    assert home.load_config().source("baru").name == "Baru"
    own = home.config / "sources" / "tambahan.toml"
    before = own.read_text()
    for wrong in (good.replace("baru", "lain"), "nothing", 'source = "x"'):
        file.write_text(wrong)
        told = pantau(home, "sources", "add", str(file))
        assert told.code == 2, wrong
    file.write_text(before)
    assert "used twice" in pantau(home, "sources", "add", str(file)).err
    assert own.read_text() == before


def test_only_the_line_that_is_meant_is_changed(tmp_path: Path) -> None:
    text = (
        "# mine\n[[source]]  # one\nid = 'satu'\nname = \"Satu\"\nenabled = true # yes\n"
        'every = "1h"\n\n[[source.ways]]\nkind = "feed"\nurl = "https://a.example/f"\n'
    )
    append(tmp_path, "x", text)
    path = change(tmp_path, "satu", {"enabled": "false"})
    assert path.read_text() == text.replace("enabled = true # yes", "enabled = false")
    with pytest.raises(ConfigError):
        change(tmp_path, "dua", {"enabled": "false"})
    with pytest.raises(ConfigError):
        change(tmp_path, "satu", {"every": '"bald"'})
    assert path.read_text() == text.replace("enabled = true # yes", "enabled = false")


def test_the_defaults_are_not_changed(tmp_path: Path) -> None:
    told = pantau(Home(tmp_path / "var"), "sources", "disable", "jubi-id")
    assert told.code == 2
    assert "pantau init" in told.err


def test_coverage_tells_the_most_vulnerable_first_and_who_has_answered(world: World) -> None:
    with LocalServer() as site:
        one = source(feed_way(site), region="32.05", unverified=True)
    told = coverage([one])
    assert [one.code for one in told[:3]] == ["82", "71", "36"]
    west = next(one for one in told if one.code == "32")
    assert (west.watched, west.tried, west.without) == (0, 1, 27)
    west = next(one for one in coverage([one], {one.id}) if one.code == "32")
    assert (west.watched, west.tried, west.without) == (1, 0, 26)


def test_the_table_of_coverage_is_the_configurations() -> None:
    made = pantau(Home(Path("var-none")), "sources", "coverage", "--markdown")
    assert made.out == (Path(__file__).parents[2] / "docs" / "coverage.md").read_text(
        encoding="utf-8"
    )
