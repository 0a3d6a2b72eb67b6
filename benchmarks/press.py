"""A country's papers for an hour: what they print, and the server that shows it.

Most is everyday news. A share passes the topical gate and tells no act, and so many articles tell
an act each, no two of one kabupaten. Every second of these is printed by another paper, too: a
case that is mailed once all the same. Texts are the corpus', filled up to the length of an
article; pages carry the weight of a paper's.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler
from math import inf
from multiprocessing.connection import Connection
from typing import Any, Literal

import corpus
from benchmarks.weight import weighed
from extract.entities.regions import level, table
from pantau.reading import load_judge
from pantau.records import Article, Judgement
from tests.servers import Answer, LocalServer

TOPICAL = 0.2
"""Of all articles; with the everyday ones that name a civil servant, 27 in 100 pass the gate."""
WORDS = 300
"""Of an article, at least."""
EVERYDAY = "day"
"""How ids of texts begin that have nothing near the subject."""
PER_FEED = 40
STOCK = 2
"""Everyday articles that a paper shows from the beginning."""
_STAGES = ("alleged", "reported", "under_examination", "proven")

Kind = Literal["everyday", "topical", "act", "again"]


@dataclass(frozen=True, slots=True)
class Piece:
    """What a paper prints at a time."""

    number: int
    kind: Kind
    paper: int
    title: str
    text: str
    region: str = ""
    """Of an act: the kabupaten or kota."""
    at: float = inf
    """Seconds after the beginning, below 0 before the server was opened; inf: when told to."""
    of: int | None = None
    """Of an act that is printed again: the number of the first."""

    @property
    def path(self) -> str:
        return f"/berita/{self.number}-kabar-dari-daerah"


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that is printed, and by whom."""

    papers: list[str]
    """The province of each, as a code."""
    pieces: list[Piece]

    @property
    def idle(self) -> list[Piece]:
        """Acts that appear one by one, in the last paper, when they are told to."""
        return [piece for piece in self.pieces if piece.at == inf]

    @property
    def busy(self) -> list[Piece]:
        """What appears within the period."""
        return [piece for piece in self.pieces if 0 <= piece.at < inf]


def edition(*, articles: int, cases: int, papers: int, seconds: float, idle: int) -> Edition:
    """``articles`` that appear within ``seconds``, ``cases`` of which tell an act; and ``idle``
    acts besides.

    Raises SystemExit where the corpus has too few acts that the judgement takes.
    """
    chance = random.Random(7)
    provinces = [code for code in table() if level(code) == "province"]
    homes = [provinces[number % len(provinces)] for number in range(papers)]
    fill = _Filler(chance)
    acts = list(_acts(cases + idle, fill))
    theirs = {region for _, _, region in acts}
    again = cases // 2
    topical = _others(max(0, round(articles * TOPICAL) - cases - again), theirs, fill, chance)
    printed: list[Piece] = []

    def put(kind: Kind, title: str, text: str, **more: Any) -> Piece:
        piece = Piece(len(printed), kind, title=title, text=text, **more)
        printed.append(piece)
        return piece

    def paper_of(region: str) -> int:
        return chance.choice([n for n, home in enumerate(homes[:-1]) if home == region[:2]])

    for title, text, region in acts[:cases]:
        at = chance.uniform(0, seconds)
        place = paper_of(region)
        first = put("act", title, text, paper=place, region=region, at=at)
        if again > 0:
            again -= 1
            other = paper_of(region)
            at = chance.uniform(at, seconds)
            put("again", title, text, paper=other, region=region, at=at, of=first.number)
    for title, text in topical:
        at = chance.uniform(0, seconds)
        put("topical", title, text, paper=chance.randrange(papers - 1), at=at)
    while len(printed) < articles:
        title, text = fill.everyday()
        at = chance.uniform(0, seconds)
        put("everyday", title, text, paper=chance.randrange(papers - 1), at=at)
    for title, text, region in acts[cases:]:
        put("act", title, text, paper=papers - 1, region=region)
    for number in range(STOCK * papers):
        title, text = fill.everyday()
        put("everyday", title, text, paper=number % papers, at=-60.0 * (1 + number // papers))
    return Edition(homes, printed)


class _Filler:
    """Everyday paragraphs: for articles of their own, and for those that are too short."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        rows = [row for row in corpus.texts() if row["id"].startswith(EVERYDAY) and row["text"]]
        self._titles = [row["title"] for row in rows]
        self._paragraphs = [part for row in rows for part in row["text"].split("\n\n")]

    def everyday(self) -> tuple[str, str]:
        number = self._chance.randrange(10_000)
        title = f"{self._chance.choice(self._titles)} ({number})"
        return title, self.filled("")

    def filled(self, text: str) -> str:
        parts = [text] if text else []
        missing = WORDS - len(text.split())
        for part in self._chance.sample(self._paragraphs, len(self._paragraphs)):
            if missing <= 0:
                break
            parts.append(part)
            missing -= len(part.split())
        return "\n\n".join(parts)


def _acts(count: int, fill: _Filler) -> Iterator[tuple[str, str, str]]:
    """Title, text and region of acts that the judgement takes for what they are, each of another
    region."""
    regions: set[str] = set()
    for row in corpus.texts():
        wanted = row["kind"] == "news" and row["label"] == "violation" and row["text"]
        region = row["region"]
        if not wanted or row["stage"] not in _STAGES or isinstance(row["event"], list):
            continue
        if len(region) != 5 or region not in table() or region in regions:
            continue
        text = fill.filled(row["text"])
        article = Article(
            id=row["id"],
            title=row["title"],
            text=text,
            source_region=region[:2],
            published=datetime.now(UTC),
        )
        if _tells_of(region, load_judge(0.5, None).judge(article)):
            regions.add(region)
            yield row["title"], text, region
            if len(regions) == count:
                return
    raise SystemExit(f"the corpus has acts of {len(regions)} regions only: ask for fewer cases")


def _tells_of(region: str, judgement: Judgement) -> bool:
    """Whether a case of this one region comes of it, and of a civil servant."""
    return (
        judgement.decision == "likely_violation"
        and {mention.region_code for mention in judgement.mentions} == {region}
        and {mention.subject for mention in judgement.mentions} == {"asn"}
    )


def _others(
    count: int, regions: Iterable[str], fill: _Filler, chance: random.Random
) -> Iterator[tuple[str, str]]:
    """Topical texts that tell no act, of other regions than these."""
    away = set(regions)
    rows = [
        row
        for row in corpus.texts()
        if row["kind"] == "news"
        and row["label"] == "not_violation"
        and row["text"]
        and not row["id"].startswith(EVERYDAY)
        and not {row["region"], row["source_region"]} & away
    ]
    for _ in range(count):
        row = chance.choice(rows)
        yield row["title"], fill.filled(row["text"])


def serve(printed: Edition, pipe: Connection) -> None:
    """Show the edition until told to stop, in a process of its own.

    Sends the papers' roots. Takes ``("begin", time)``, ``("show", number)`` and ``("end",)``, to
    which it answers, by number, when each piece was first shown in a feed that was asked for, and
    when it was first asked for itself.
    """
    with LocalServer(everywhere=True) as server:
        press = _Press(printed, server)
        pipe.send(press.roots)
        while (told := pipe.recv())[0] != "end":
            if told[0] == "begin":
                press.begun = told[1]
            else:
                press.shown_since[told[1]] = time.time()
        pipe.send((press.first_shown, press.first_asked))


class _Press:
    def __init__(self, printed: Edition, server: LocalServer) -> None:
        self.opened = time.time()
        self.begun = inf
        self.shown_since: dict[int, float] = {}
        self.first_shown: dict[int, float] = {}
        self.first_asked: dict[int, float] = {}
        self._server = server
        port = server.address.rpartition(":")[2]
        self._hosts = [
            f"127.0.{number // 250 + 1}.{number % 250 + 1}:{port}"
            for number in range(len(printed.papers))
        ]
        self._paper = {host: number for number, host in enumerate(self._hosts)}
        self._pieces = {piece.path: piece for piece in printed.pieces}
        self._of: list[list[Piece]] = [[] for _ in printed.papers]
        for piece in printed.pieces:
            self._of[piece.paper].append(piece)
        server.otherwise(self._answer)

    @property
    def roots(self) -> list[str]:
        return [f"http://{host}" for host in self._hosts]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self._server.seen.clear()  # thousands of requests; nobody looks at them
        path = handler.path.partition("?")[0]
        if path == "/robots.txt":
            Answer(b"User-agent: *\nDisallow: /admin/\n", "text/plain")(handler)
        elif path == "/feed":
            self._feed(self._paper[handler.headers["Host"]], handler)
        elif (piece := self._pieces.get(path)) is not None:
            self.first_asked.setdefault(piece.number, time.time())
            Answer(weighed(_page(piece, self._since(piece))).encode())(handler)
        else:
            Answer(status=404)(handler)

    def _feed(self, paper: int, handler: BaseHTTPRequestHandler) -> None:
        now = time.time()
        shown = [piece for piece in self._of[paper] if self._since(piece) <= now]
        for piece in shown:
            self.first_shown.setdefault(piece.number, now)
        tag = f'"{len(shown)}"'
        if handler.headers.get("If-None-Match") == tag:
            Answer(status=304)(handler)
            return
        shown.sort(key=self._since, reverse=True)
        items = "".join(
            f"<item><title>{escape(piece.title)}</title>"
            f"<link>{self.roots[paper]}{piece.path}?utm_source=rss</link>"
            f"<pubDate>{format_datetime(_when(self._since(piece)))}</pubDate>"
            f"<description>{escape(piece.text[:200])}</description></item>"
            for piece in shown[:PER_FEED]
        )
        text = f"<?xml version='1.0'?><rss version='2.0'><channel>{items}</channel></rss>"
        Answer(text.encode(), "application/rss+xml", headers={"ETag": tag})(handler)

    def _since(self, piece: Piece) -> float:
        """Since when it is shown."""
        if piece.at == inf:
            return self.shown_since.get(piece.number, inf)
        return (self.opened if piece.at < 0 else self.begun) + piece.at


def _page(piece: Piece, since: float) -> str:
    when = _when(since).isoformat()
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in piece.text.split("\n\n"))
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8">'
        f"<title>{escape(piece.title)} - Kabar Daerah</title>"
        f'<meta property="og:type" content="article">'
        f'<meta property="og:title" content="{escape(piece.title)}">'
        f'<meta property="article:published_time" content="{when}"></head><body>'
        f"<main><article>"
        f'<h1 class="entry-title">{escape(piece.title)}</h1><time datetime="{when}">{when}</time>'
        f'<div class="entry-content">{paragraphs}</div></article></main>'
        "<footer>Pedoman Media Siber. Redaksi. Tentang Kami.</footer></body></html>"
    )


def _when(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)
