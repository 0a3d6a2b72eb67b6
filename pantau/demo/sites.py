"""Builds the demo's sites: corpus texts, laid out as Indonesian sites of different make do."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from jinja2 import Environment, PackageLoader, select_autoescape

import corpus
from pantau.demo.server import Answer, SiteServer

PLAN = Path(__file__).with_name("sites.toml")
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
PER_LIST = 6
"""Articles on one page of a listing, where the plan says nothing else."""

_templates = Environment(
    loader=PackageLoader("pantau.demo"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class DemoPage:
    """A corpus text and the path it is served under."""

    row: dict[str, Any]
    path: str

    @property
    def published(self) -> datetime:
        return datetime.fromisoformat(self.row["published"])

    @property
    def paragraphs(self) -> list[str]:
        return [part for part in self.row["text"].split("\n\n") if part.strip()]

    def date_line(self) -> str:
        """Such as ``Senin, 14 Oktober 2024 | 10:15 WITA``."""
        when = self.published
        offset = when.utcoffset()
        zone = ZONES[round(offset.total_seconds() / 3600)] if offset else ""
        return (
            f"{DAYS[when.weekday()]}, {when.day} {MONTHS[when.month - 1]} {when.year} "
            f"| {when:%H:%M} {zone}"
        )


@dataclass(frozen=True, slots=True)
class DemoSite:
    plan: dict[str, Any]
    pages: list[DemoPage]
    server: SiteServer

    @property
    def id(self) -> str:
        return str(self.plan["id"])

    def url(self, page: DemoPage) -> str:
        return self.server.root + page.path

    def source(self) -> dict[str, Any]:
        """The site as an entry of ``config/sources``."""
        way = {"kind": self.plan["way"], "url": self.server.root + self.plan["entry"]}
        way |= self.plan.get("rules", {})
        entry: dict[str, Any] = {
            "id": self.id,
            "name": self.plan["name"],
            "every": "15m",
            "politeness": {"delay": "0s", "concurrency": 4},
            "ways": [way],
        }
        if "region" in self.plan:
            entry["region"] = self.plan["region"]
        own: dict[str, Any] = self.plan.get("source", {})
        return entry | own


def plan() -> dict[str, Any]:
    """The demo's plan: its clock, its subscriptions and its sites."""
    return tomllib.loads(PLAN.read_text(encoding="utf-8"))


def build() -> list[DemoSite]:
    """All sites with their answers, not yet serving."""
    rows = {row["id"]: row for row in corpus.texts()}
    return [make_site(entry, [rows[name] for name in entry["texts"]]) for entry in plan()["site"]]


def make_site(entry: dict[str, Any], rows: list[dict[str, Any]]) -> DemoSite:
    """A site as the plan's ``entry`` describes it, with these corpus rows as its pages."""
    pages = [
        DemoPage(row=row, path=entry["path"].format(**_path_parts(entry, row)))
        for row in sorted(rows, key=lambda row: row["published"], reverse=True)
    ]
    server = SiteServer(delay=entry.get("delay", 0.0), failures=entry.get("failures", 0))
    site = DemoSite(plan=entry, pages=pages, server=server)
    server.answers |= _answers(site)
    return site


def _answers(site: DemoSite) -> dict[str, Answer]:
    entry = site.plan
    answers = {"/robots.txt": Answer(entry["robots"].encode(), "text/plain")}
    for page in site.pages:
        answers[page.path] = _render(site, "article", page=page, part=page.paragraphs)
        if paged := entry.get("paged"):
            half = max(1, len(page.paragraphs) // 2)
            first, second = page.paragraphs[:half], page.paragraphs[half:]
            answers[page.path] = _render(site, "article", page=page, part=first, further=paged)
            answers[page.path + "?page=2"] = _render(site, "article", page=page, part=second)
            if paged == "whole":
                whole = _render(site, "article", page=page, part=page.paragraphs)
                answers[page.path + "?page=all"] = whole
        if entry.get("amp"):
            answers[page.path + "/amp"] = _render(site, "amp", page=page, part=page.paragraphs)
    if twin := entry.get("twin"):
        page = site.pages[0]
        answers[twin] = _render(site, "article", page=page, part=page.paragraphs)
    if entry["way"] == "feed":
        answers[entry["entry"]] = _feed(site)
    else:
        answers |= _listing(site)
    return answers


def _render(site: DemoSite, template: str, **values: Any) -> Answer:
    folder = site.plan["make"] if template == "article" else template
    others = [page for page in site.pages if page is not values.get("page")][:5]
    html = _templates.get_template(f"{folder}.html").render(site=site, others=others, **values)
    return Answer(html.encode())


def _listing(site: DemoSite) -> dict[str, Answer]:
    """The index pages, newest first, each with a link to the next."""
    entry = str(site.plan["entry"])
    length = site.plan.get("per_list", PER_LIST)
    answers = {}
    starts = range(0, len(site.pages), length)
    for number, start in enumerate(starts, start=1):
        path = entry if number == 1 else f"{entry}?hal={number}"
        following = f"{entry}?hal={number + 1}" if number < len(starts) else ""
        chosen = site.pages[start : start + length]
        answers[path] = _render(site, "listing", chosen=chosen, following=following)
    return answers


def _feed(site: DemoSite) -> Answer:
    """RSS 2.0; with ``defects`` it has those that real feeds have."""
    defects = site.plan.get("defects", False)
    items = []
    for page in site.pages:
        title = page.row["title"] + (" & Reaksi Warga" if defects else "")
        date = f"{page.published:%a, %d %b %Y %H:%M:%S}" if defects else _rfc822(page.published)
        items.append(
            f"<item><title>{title if defects else escape(title)}</title>"
            f"<link>{site.server.root}{page.path}?utm_source=rss</link>"
            f"<pubDate>{date}</pubDate></item>"
        )
    charset = "iso-8859-1" if defects else "utf-8"
    xml = (
        f'<?xml version="1.0" encoding="{charset}"?>\n<rss version="2.0"><channel>'
        f"<title>{escape(site.plan['name'])}</title><link>{site.server.root}/</link>"
        f"<description>Berita terbaru</description>{''.join(items)}</channel></rss>"
    )
    mark = b"\xef\xbb\xbf" if defects else b""
    return Answer(mark + xml.encode(), "text/html" if defects else "application/rss+xml")


def _rfc822(when: datetime) -> str:
    return format_datetime(when)


def _path_parts(entry: dict[str, Any], row: dict[str, Any]) -> dict[str, str]:
    when = datetime.fromisoformat(row["published"])
    return {
        "year": f"{when:%Y}",
        "month": f"{when:%m}",
        "day": f"{when:%d}",
        "number": re.sub(r"\D", "", row["id"]),
        "section": "internal" if row["id"] in entry.get("internal", ()) else "publik",
        "slug": _slug(row["title"]),
    }


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:70].rstrip("-")
