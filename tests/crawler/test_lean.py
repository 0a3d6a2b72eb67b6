"""The copy of the settings that each crawl gets is its own."""

from __future__ import annotations

from scrapy.settings import Settings

from crawler.lean import LeanSettings


def test_a_copy_holds_what_scrapys_own_would_and_changes_nothing_of_the_first() -> None:
    first, scrapys = LeanSettings(), Settings()
    for settings in (first, scrapys):
        settings.setmodule("crawler.settings", priority="project")
    copied, deep = first.copy(), scrapys.copy()
    assert copied.copy_to_dict() == deep.copy_to_dict()
    assert {name: copied.getpriority(name) for name in copied} == {
        name: deep.getpriority(name) for name in deep
    }
    copied.set("USER_AGENT", "lain", priority="spider")
    copied["DOWNLOAD_HANDLERS"].set("gopher", "x", priority="spider")
    copied["RETRY_HTTP_CODES"].append(999)
    copied.freeze()
    assert first.copy_to_dict() == scrapys.copy_to_dict()
    assert not first.frozen
