"""Figures for a folder of pages with a gold file, beside those of the libraries.

``evaluate(folder)`` reads ``gold.jsonl`` (one object a line: ``id, file, url, title,
paragraphs, published, author, not_in_text, traits, not_an_article``; optional ``fetched,
region, status, reason``) and the pages it names. What is measured:

- text: shingles of four words, counted for each page; precision over pages where something
  was extracted, recall over all, F1 of the two means, as in the
  scrapinghub/article-extraction-benchmark;
- leak: share of the strings that must not stand in the text and do (case, spaces and the
  form of quotes ignored);
- title: the same words, spaces and NFC aside;
- date: the same minute with a zone, only the right day, wrong, missing; "invented" where the
  page has none;
- author: the same set of names;
- non-articles returned as such, and with the reason that the gold names.
"""

from __future__ import annotations

import hashlib
import json
import re
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura
from lxml import html as lxml_html

from extract.page import article, witnesses
from extract.page.decode import decode
from pantau.records import Article, NoArticle, Page

_TOKEN = re.compile(r"\w+")
_QUOTES = str.maketrans(
    dict.fromkeys("“”„‟″", '"') | dict.fromkeys("’‘‚`´′", "'") | dict.fromkeys("–—―−‐‑", "-")
)
_NAMES = re.compile(r"[,;|&]|\bdan\b|\band\b")
_SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one reader made of one page; ``text`` is empty for a page taken for no article."""

    title: str = ""
    text: str = ""
    published: str | None = None
    author: str = ""
    reason: str = ""


Reader = Callable[[Page, str | None], Extracted]


def ours(page: Page, region: str | None) -> Extracted:
    """This room."""
    result = article.extract_page(page, source_region=region)
    published = result.published.isoformat() if result.published else None
    if isinstance(result, NoArticle):
        return Extracted(result.title, "", published, "", result.reason)
    assert isinstance(result, Article)
    return Extracted(result.title, result.text, published, result.author)


def trafilatura_alone(page: Page, region: str | None) -> Extracted:
    """trafilatura with metadata, as its users call it."""
    found: Any = trafilatura.bare_extraction(
        page.body, url=page.final_url, with_metadata=True, include_comments=False
    )
    if found is None:
        return Extracted()
    return Extracted(found.title or "", found.text or "", found.date, found.author or "")


def newspaper_alone(page: Page, region: str | None) -> Extracted:
    """newspaper4k; pictures are not fetched."""
    newspaper = witnesses.load_newspaper()
    found = newspaper.Article(url=page.final_url, fetch_images=False, language="id")
    found.download(input_html=decode(page.body, page.headers.get("content-type", "")))
    found.parse()
    published = found.publish_date.isoformat() if found.publish_date else None
    return Extracted(found.title or "", found.text or "", published, ", ".join(found.authors))


def readability_alone(page: Page, region: str | None) -> Extracted:
    """readability-lxml, which gives text and title only."""
    from readability import Document  # noqa: PLC0415 (only evaluation needs it)

    document = Document(decode(page.body))
    text = str(lxml_html.fromstring(document.summary()).text_content())  # type: ignore[attr-defined]
    return Extracted(document.short_title() or "", text)


READERS: dict[str, Reader] = {
    "pantau": ours,
    "trafilatura": trafilatura_alone,
    "newspaper4k": newspaper_alone,
    "readability": readability_alone,
}


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Every run of four words with its count; a shorter text is one run."""
    words = _TOKEN.findall(text)
    runs = (tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1)))
    return Counter(run for run in runs if run)


def loose(text: str | None) -> str:
    """For comparing strings: NFKC, one form of quotes and dashes, no case."""
    plain = unicodedata.normalize("NFKC", text or "").translate(_QUOTES).replace("\u00ad", "")
    return " ".join(plain.split()).casefold()


def _names(value: Any) -> set[str]:
    parts = _NAMES.split(value) if isinstance(value, str) else value or []
    return {loose(part) for part in parts if loose(part)}


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def date_class(gold: str, found: str | None) -> str:
    """``minute``, ``day``, ``wrong`` or ``missing``."""
    if not found:
        return "missing"
    wanted = datetime.fromisoformat(gold)
    try:
        given = datetime.fromisoformat(found)
    except ValueError:
        return "wrong"
    if given.tzinfo is not None and abs((given - wanted).total_seconds()) < 60:
        same = given.astimezone(UTC).replace(second=0) == wanted.astimezone(UTC).replace(second=0)
        if same and len(found) > 10:
            return "minute"
    days = {given.date()}
    if given.tzinfo is not None:
        days.add(given.astimezone(wanted.tzinfo).date())
    return "day" if wanted.date() in days else "wrong"


@dataclass(slots=True)
class Score:
    """The sums of one reader over a folder."""

    precision: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    leaked: int = 0
    asked: int = 0
    titles: int = 0
    dates: Counter[str] = field(default_factory=Counter)
    invented_dates: int = 0
    authors: int = 0
    bylines: int = 0
    invented_authors: int = 0
    articles: int = 0
    refused: int = 0
    reasons: int = 0
    named: int = 0
    no_articles: int = 0
    seconds: float = 0.0
    errors: list[str] = field(default_factory=list)
    """What went wrong on which page, for people who tune rules."""

    def add(self, gold: dict[str, Any], found: Extracted) -> None:
        if gold.get("not_an_article"):
            self.no_articles += 1
            self.refused += not found.text.strip()
            if "reason" in gold:
                self.named += 1
                self.reasons += gold["reason"] == found.reason
            if found.text.strip() or gold.get("reason", found.reason) != found.reason:
                self.errors.append(f"{gold['id']}: {found.reason or 'taken for an article'}")
            return
        self.articles += 1
        self._add_text(gold, found)
        if _tidy(found.title) == _tidy(gold["title"]):
            self.titles += 1
        else:
            self.errors.append(f"{gold['id']}: title “{found.title}”")
        self._add_date(gold, found)
        self._add_author(gold, found)

    def _add_text(self, gold: dict[str, Any], found: Extracted) -> None:
        wanted, given = shingles("\n".join(gold["paragraphs"])), shingles(found.text)
        both = sum((wanted & given).values())
        if given:
            self.precision.append(both / sum(given.values()))
        self.recall.append(both / max(1, sum(wanted.values())))
        flat = loose(found.text)
        leaked = [text for text in gold.get("not_in_text", []) if loose(text) in flat]
        self.leaked += len(leaked)
        self.asked += len(gold.get("not_in_text", []))
        if leaked or both < 0.97 * max(sum(wanted.values()), sum(given.values())):
            share = both / max(1, sum(given.values())), self.recall[-1]
            self.errors.append(f"{gold['id']}: P {share[0]:.3f} R {share[1]:.3f} leaks {leaked}")

    def _add_date(self, gold: dict[str, Any], found: Extracted) -> None:
        if not gold.get("published"):
            self.invented_dates += bool(found.published)
            return
        told = date_class(gold["published"], found.published)
        self.dates[told] += 1
        if told != "minute":
            self.errors.append(f"{gold['id']}: date {told}: {found.published}")

    def _add_author(self, gold: dict[str, Any], found: Extracted) -> None:
        given = _names(found.author)
        if not gold.get("author"):
            self.invented_authors += bool(given)
            right = not given
        else:
            self.bylines += 1
            right = given == _names(gold["author"])
            self.authors += right
        if not right:
            self.errors.append(f"{gold['id']}: author “{found.author}”")

    def figures(self) -> dict[str, Any]:
        """The figures as ratios, None where there was nothing to measure."""
        precision = statistics.mean(self.precision) if self.precision else 0.0
        recall = statistics.mean(self.recall) if self.recall else 0.0
        dated = sum(self.dates.values())

        def share(part: float, whole: float) -> float | None:
            return round(part / whole, 4) if whole else None

        return {
            "articles": self.articles,
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(2 * precision * recall / (precision + recall), 4) if precision else 0.0,
            "leak": share(self.leaked, self.asked),
            "title": share(self.titles, self.articles),
            "date_minute": share(self.dates["minute"], dated),
            "date_day": share(self.dates["day"], dated),
            "date_wrong": share(self.dates["wrong"], dated),
            "date_missing": share(self.dates["missing"], dated),
            "date_invented": self.invented_dates,
            "author": share(self.authors, self.bylines),
            "author_invented": self.invented_authors,
            "no_articles": self.no_articles,
            "refused": share(self.refused, self.no_articles),
            "reason_right": share(self.reasons, self.named),
            "pages_per_cpu_second": share(self.articles + self.no_articles, self.seconds),
        }


def page_of(folder: Path, gold: dict[str, Any]) -> Page:
    """The page that a gold line is about."""
    body = (folder / gold["file"]).read_bytes()
    fetched = gold.get("fetched")
    return Page(
        url=gold["url"],
        final_url=gold["url"],
        status=gold.get("status", 200),
        headers={"content-type": "text/html"},
        body=body,
        fetched_at=datetime.fromisoformat(fetched) if fetched else datetime.now(UTC),
        source_id="evaluation",
        sha256=hashlib.sha256(body).hexdigest(),
    )


def gold_of(folder: Path) -> list[dict[str, Any]]:
    """The lines of a folder's ``gold.jsonl``."""
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def score(folder: Path, reader: Reader, gold: Iterable[dict[str, Any]]) -> Score:
    """One reader over a folder."""
    total = Score()
    for row in gold:
        page = page_of(folder, row)
        began = time.process_time()
        try:
            found = reader(page, row.get("region"))
        except Exception as error:
            total.errors.append(f"{row['id']}: {type(error).__name__}")
            found = Extracted()
        total.seconds += time.process_time() - began
        total.add(row, found)
    return total


def evaluate(folder: Path, readers: Iterable[str] = tuple(READERS)) -> dict[str, dict[str, Any]]:
    """Figures of each reader over a folder with ``gold.jsonl``, by the reader's name.

    The witnesses that our own reading asked are counted under ``pantau`` → ``asked``.
    """
    gold = gold_of(folder)
    figures: dict[str, dict[str, Any]] = {}
    for name in readers:
        article.counters.clear()
        figures[name] = score(folder, READERS[name], gold).figures()
        if name == "pantau":
            figures[name]["asked"] = dict(article.counters)
    return figures


def table(figures: dict[str, dict[str, Any]]) -> str:
    """The figures as lines of text, a column for each reader."""
    names = list(figures)
    rows = [key for key in figures[names[0]] if key != "asked"]
    lines = [f"{'':22}" + "".join(f"{name:>14}" for name in names)]
    for key in rows:
        values = (figures[name].get(key) for name in names)
        cells = "".join(f"{'–' if value is None else value!s:>14}" for value in values)
        lines.append(f"{key:22}{cells}")
    if asked := figures.get("pantau", {}).get("asked"):
        lines.append("witnesses asked: " + ", ".join(f"{k} {v}" for k, v in asked.items()))
    return "\n".join(lines)


__all__ = ["READERS", "Extracted", "evaluate", "score", "table"]
