"""The demo holds its mails against the labels: a wrong or missing one is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pantau.config import Subscription
from pantau.demo.sites import DemoPage, DemoSite, build, make_site
from pantau.demo.verify import Mailed, differences

SITE = {
    "id": "suara-uji",
    "name": "Suara Uji",
    "make": "wordpress",
    "way": "listing",
    "entry": "/indeks",
    "path": "/{section}/{slug}",
    "robots": "User-agent: *\nDisallow: /internal/\n",
    "internal": ["x4"],
}
OFFICE = Subscription(id="jateng", name="Jawa Tengah", recipients=("a@b.example",), regions=("33",))


def row(name: str, label: str, event: str, region: str = "33.15") -> dict[str, Any]:
    return {
        "id": name,
        "title": f"Judul {name}",
        "text": "Isi berita.",
        "published": "2024-10-20T10:00:00+07:00",
        "label": label,
        "event": event,
        "region": region,
        "class": "act" if label == "violation" else "appeal",
    }


@pytest.fixture
def site() -> DemoSite:
    rows = [
        row("x1", "violation", "e1"),
        row("x2", "violation", "e1"),
        row("x3", "not_violation", "n1"),
        row("x4", "violation", "e2"),  # behind robots.txt
        row("x5", "violation", "e3", region="35.07"),  # not this office's
    ]
    return make_site(SITE, rows)


def mail(site: DemoSite, *names: str, to: str = "a@b.example", kind: str = "new") -> Mailed:
    text = "\n".join(site.url(page) for page in site.pages if page.row["id"] in names)
    return Mailed(Path(f"{'-'.join(names)}.eml"), to, kind, "Dugaan", text)


def told(site: DemoSite, *mails: Mailed) -> list[str]:
    return differences([site], [OFFICE], mails)


def test_one_mail_for_each_readable_act_is_right(site: DemoSite) -> None:
    assert told(site, mail(site, "x1")) == []
    assert told(site, mail(site, "x1", "x2")) == []


def test_a_missing_mail_is_told(site: DemoSite) -> None:
    assert told(site) == ["missing: a@b.example got 0 mails about e1, not one"]


def test_a_second_mail_about_one_event_is_told(site: DemoSite) -> None:
    both = told(site, mail(site, "x1"), mail(site, "x2"))
    assert both == ["missing: a@b.example got 2 mails about e1, not one"]


@pytest.mark.parametrize("names", [("x3",), ("x1", "x3"), ()])
def test_a_mail_about_what_is_no_act_is_told(site: DemoSite, names: tuple[str, ...]) -> None:
    assert any("reports no labelled act" in line for line in told(site, mail(site, *names)))


def test_a_mail_from_behind_robots_txt_or_to_the_wrong_office_is_told(site: DemoSite) -> None:
    lines = told(site, mail(site, "x1"), mail(site, "x4"), mail(site, "x5"))
    assert lines == ["wrong: a@b.example was told of e2", "wrong: a@b.example was told of e3"]


def test_the_demo_is_as_large_and_varied_as_it_says() -> None:
    sites = build()
    pages = [page for site in sites for page in site.pages]
    assert len(sites) >= 8
    assert len(pages) >= 80
    assert {site.plan["way"] for site in sites} == {"feed", "listing"}
    traits = {key for site in sites for key in site.plan}
    assert traits >= {"paged", "amp", "twin", "defects", "internal", "delay", "failures"}
    assert _most_told_event(pages) >= 3
    kinds = {page.row["class"] for page in pages}
    assert kinds >= {
        "act", "appeal", "pledge", "explainer", "village_official", "security", "dismissed",
        "denial_only", "sport", "crime",
    }  # fmt: skip
    for site in sites:
        site.server.close()


def _most_told_event(pages: list[DemoPage]) -> int:
    events = [page.row["event"] for page in pages if page.row["label"] == "violation"]
    return max(events.count(event) for event in events)


def test_a_digest_may_tell_several_acts_and_an_update_is_no_second_telling(site: DemoSite) -> None:
    assert told(site, mail(site, "x1", kind="digest"), mail(site, "x2", kind="update")) == []
