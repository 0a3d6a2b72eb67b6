"""What a page is when it is no article: list, search, player, gallery, stub, error, WAF …

Each kind has its rule and its name, which stands in the disposition's reason. The words
are data (``data/nonarticle.toml``). A page that tells its event in at least one full
sentence of its own is an article, also when it is a photo, video or live page.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from extract.page.block import Block, is_prose, is_unspaced
from extract.page.title import likeness
from extract.page.view import View, is_article_node, types_of
from pantau.records import Disposition

_DATA = Path(__file__).with_name("data") / "nonarticle.toml"
_RULES: dict[str, Any] = tomllib.loads(_DATA.read_text(encoding="utf-8"))


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.I)


_BLOCKED = _any(_RULES["blocked"]["words"])
_ERROR_TITLE = _any(_RULES["error"]["title"])
_ERROR_TEXT = _any(_RULES["error"]["text"])
_PARKED = _any(_RULES["parked"]["words"])
_GAMBLING = re.compile(rf"\b(?:{'|'.join(_RULES['gambling']['words'])})", re.I)
_GAMBLING_STRONG = re.compile(
    rf"(?:{'|'.join(_RULES['gambling']['words'][: _RULES['gambling']['strong']])})", re.I
)
_GAMBLING_NEWS = re.compile(rf"\b(?:{'|'.join(_RULES['gambling']['news'])})\b", re.I)
_GAMBLING_MARKS = tuple(_RULES["gambling"]["marks"])
_PAYWALL = _any(_RULES["paywall"]["words"])
_LIST_PATH = _any(_RULES["listing"]["path"])
_LIST_TITLE = _any(_RULES["listing"]["title"])
_LIST_QUERY = frozenset(_RULES["listing"]["query"])
_LIST_CLASS = frozenset(_RULES["listing"]["body_class"])
_ARTICLE_CLASS = frozenset(_RULES["listing"]["article_class"])
_LIST_TYPES = frozenset(_RULES["listing"]["types"])
_VIDEO_PATH = _any(_RULES["media"]["path"])
_PHOTO_PATH = _any(_RULES["media"]["photo_path"])
_LIVE = _any(_RULES["media"]["live"])
_MEDIA_LIST = re.compile(rf"(?:{_VIDEO_PATH.pattern}|{_PHOTO_PATH.pattern})\Z", re.I)
_FILTERS = {"tag", "cat", "m", "label"}
_FRONT = ("", "/index.php", "/index.html", "/id", "/home")
_SENTENCES = re.compile(r"(?<=[.!?。！？])")


@dataclass(frozen=True, slots=True)
class Kind:
    """A page that is no article."""

    disposition: Disposition
    reason: str


def _not_article(reason: str) -> Kind:
    return Kind(Disposition.NOT_ARTICLE, reason)


def has_full_sentence(text: str) -> bool:
    """Whether a text tells something in at least one sentence of eight words or more."""
    return any(
        (len(sentence) >= 40 and sentence.count(" ") >= 7 and sentence[-1] in ".!?")
        or (len(sentence) >= 20 and is_unspaced(sentence))
        for sentence in map(str.strip, _SENTENCES.split(text))
        if sentence
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rules look at."""

    view: View
    blocks: list[Block]
    title: str
    paragraphs: list[str]
    dated: bool
    """Whether the page gives itself a date."""

    @property
    def tells(self) -> bool:
        """Dated and with a sentence of its own: what is said of pages by their words alone
        ("Akses Ditolak", "Dalam Perbaikan") may then be the news."""
        return self.dated and has_full_sentence(self.text)

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def size(self) -> int:
        return sum(map(len, self.paragraphs))

    def shown(self, limit: int = 6_000) -> str:
        """Title and visible text of the whole page, bounded."""
        parts = [self.view.title_element, self.title]
        size = 0
        for block in self.blocks:
            if "hidden" not in block.cues:
                parts.append(block.text)
                size += len(block.text)
                if size > limit:
                    break
        return "\n".join(parts)


def of_page(
    view: View, blocks: list[Block], title: str, paragraphs: list[str], *, dated: bool
) -> Kind | None:
    """What the page is instead of an article; None if it is one."""
    seen = Seen(view, blocks, title, paragraphs, dated)
    for rule in (_blocked, _status, _hijacked, _error, _parked, _paywalled, _listing, _no_text):
        if kind := rule(seen):
            return kind
    return None


def _blocked(seen: Seen) -> Kind | None:
    status = seen.view.page.status
    prose = sum(len(b.text) for b in seen.blocks if is_prose(b))
    if prose > 2_000 and status < 400:
        return None
    source = seen.view.source[:200_000].casefold()
    marked = any(mark in source for mark in _RULES["blocked"]["anywhere"])
    shown = seen.shown()
    titled = _BLOCKED.search(f"{seen.view.title_element}\n{seen.title}")
    told = len(shown) < 2_500 and len({m[0].casefold() for m in _BLOCKED.finditer(shown)}) >= 2
    if (marked and prose < 600) or (((titled and prose < 900) or told) and not seen.tells):
        return Kind(Disposition.BLOCKED, "WAF or captcha page")
    if status in (401, 402, 403, 407, 429, 451):
        return Kind(Disposition.BLOCKED, f"status {status}")
    return None


def _status(seen: Seen) -> Kind | None:
    status = seen.view.page.status
    return Kind(Disposition.FAILED, f"failed: status {status}") if status >= 400 else None


def _hijacked(seen: Seen) -> Kind | None:
    if not any(mark in seen.view.source for mark in _GAMBLING_MARKS):
        return None
    heading = f"{seen.view.title_element}\n{seen.title}\n{seen.view.first_meta('description')}"
    shown = f"{heading}\n{seen.shown(20_000)}"
    in_heading = len({m[0].casefold() for m in _GAMBLING.finditer(heading)})
    words = {m[0].casefold() for m in _GAMBLING.finditer(shown)}
    strong = sum(1 for word in words if _GAMBLING_STRONG.fullmatch(word))
    every = sum(1 for _ in _GAMBLING.finditer(shown))
    dense = every > 0.03 * shown.count(" ")
    if len({match[0].casefold() for match in _GAMBLING_NEWS.finditer(shown)}) >= 3:
        return None  # it tells of police, courts and blockings
    if dense and ((in_heading >= 2 and strong >= 3) or (strong >= 6 and len(words) >= 8)):
        return _not_article("hijacked domain: gambling text")
    return None


def _error(seen: Seen) -> Kind | None:
    prose = sum(len(b.text) for b in seen.blocks if is_prose(b) and "cards" not in b.cues)
    if (_has_article_data(seen) and seen.size > 400) or seen.tells:
        return None
    headline = f"{seen.view.title_element}\n{seen.title}"
    headings = "\n".join(b.text for b in seen.blocks if b.is_heading and "junk" not in b.cues)
    short = seen.size < 500 and prose < 900
    if short and (_ERROR_TITLE.search(headline) or _ERROR_TEXT.search(seen.shown(4_000))):
        return _not_article("error page with status 200")
    if short and seen.size < 250 and _ERROR_TITLE.search(headings[:400]):
        return _not_article("error page with status 200")
    return None


def _parked(seen: Seen) -> Kind | None:
    shown = seen.shown(4_000)
    if len(shown) > 3_500 or _has_article_data(seen) or seen.tells:
        return None
    source = seen.view.source[:100_000].casefold()
    machine = any(mark in source for mark in _RULES["parked"]["machine"])
    told = {match[0].casefold() for match in _PARKED.finditer(shown)}
    if machine or len(told) >= 2 or (told and len(shown) < 700):
        return _not_article("parked or empty domain")
    return None


def _paywalled(seen: Seen) -> Kind | None:
    """A beginning and then a wall: the wall stands right below the text, and the page says
    that the rest is closed, or the text breaks off, or it is hardly more than a teaser."""
    if seen.size >= 1_200 or len(seen.paragraphs) > 5 or not seen.paragraphs:
        return None
    last = seen.paragraphs[-1][-60:]
    at = next((i for i, b in enumerate(seen.blocks) if last in b.text), len(seen.blocks))
    wall = _PAYWALL.search("\n".join(block.text for block in seen.blocks[at + 1 : at + 7]))
    closed = any(
        str(node.get("isAccessibleForFree", "")).casefold() == "false"
        for node in seen.view.linked_data
    )
    broken = _ends_cut(seen.text)
    if (wall and (closed or broken or seen.size < 350)) or (closed and broken):
        return _not_article("paywalled stub")
    return None


def _ends_cut(text: str) -> bool:
    return bool(re.search(r"(?:\.\.\.|…|\[…\])\s*$", text))


def _has_article_data(seen: Seen) -> bool:
    """Whether JSON-LD says that the page is an article, and not that it lists some."""
    heads = {str(n.get("headline")) for n in seen.view.linked_data if is_article_node(n)}
    if len(heads) <= 2:
        return bool(heads)
    return any(likeness(head, seen.title) >= 0.6 for head in heads)


def _listing(seen: Seen) -> Kind | None:
    """Points for and against a page of links; the name comes from what told it."""
    points, name = _by_address(seen.view)
    for more, better in (_by_markup(seen), _by_text(seen)):
        points += more
        name = better or name
    return _not_article(name or "listing") if points >= 3 else None


def _by_address(view: View) -> tuple[float, str]:
    parts = urlsplit(view.url)
    if not parts.hostname:
        return 0.0, ""  # a file whose address nobody knows
    path = parts.path.rstrip("/")
    points, name = 0.0, ""
    if _LIST_PATH.search(path):
        # A long slug below "/kategori/" is mostly an article in it.
        points = 2.0 if path.rpartition("/")[2].count("-") < 4 else 0.5
        name = _name_of(path)
    queries = {key.casefold() for key, value in parse_qsl(parts.query) if value}
    if found := queries & _LIST_QUERY:
        points += 1.5
        name = "search page" if found - _FILTERS else "listing"
    if _MEDIA_LIST.search(path):
        points += 0.5
    if path in _FRONT:
        return points + 2, name or "front page"
    if not re.search(r"\d|-.*-", path.rpartition("/")[2]) and path.count("/") <= 2:
        points += 0.7
    return points, name


def _by_markup(seen: Seen) -> tuple[float, str]:
    view = seen.view
    body = view.root.find("body")
    classes = set((body.get("class") or "").casefold().split()) if body is not None else set()
    points, name = 0.0, ""
    if found := classes & _LIST_CLASS:
        points += 2.5
        if found & {"search", "search-results"}:
            name = "search page"
        elif "tag" in found:
            name = "tag page"
    if classes & _ARTICLE_CLASS or any(c.startswith("postid-") for c in classes):
        points -= 3
    types = {kind for node in view.linked_data for kind in types_of(node)}
    points += 2 * bool(types & _LIST_TYPES)
    points -= 3 * _has_article_data(seen)
    if "article" in view.first_meta("og:type").casefold():
        points -= 1
    return points, name


def _by_text(seen: Seen) -> tuple[float, str]:
    points = 0.0
    names = [seen.title, *re.split(r"\s+[-|–—•»]\s+", seen.view.title_element)[:2]]
    if any(_LIST_TITLE.search(part.strip()) for part in names):
        points += 2
    cards = {id(b.path[-1]) for b in seen.blocks if "cards" in b.cues and b.link_density > 0.5}
    longest = max(map(len, seen.paragraphs), default=0)
    prose = sum(len(p) for p in seen.paragraphs if len(p) > 80)
    if prose < 400:
        points += 1 + (len(cards) >= 6)
    elif prose > 1_200 and longest > 200:
        points -= 1.5
    elif not cards:
        points -= 1.0  # text, and no list beside it
    if seen.paragraphs and sum(map(_ends_cut, seen.paragraphs)) >= 0.4 * len(seen.paragraphs):
        points += 1.5  # excerpts
    return points, ""


def _name_of(path: str) -> str:
    if re.search(r"(?<![a-z])(?:tags?|topi[ck]s?|labels?)(?![a-z])", path, re.I):
        return "tag page"
    if re.search(r"search|(?<![a-z])(?:pen)?cari", path, re.I):
        return "search page"
    return "listing"


def _no_text(seen: Seen) -> Kind | None:
    """Too little text for an article: named after what the page shows instead."""
    if has_full_sentence(seen.text):
        return None
    view = seen.view
    types = {kind for node in view.linked_data for kind in types_of(node)}
    head = f"{seen.title}\n{view.title_element}"
    if _LIVE.search(head) or "BroadcastEvent" in types or "LiveBlogPosting" in types:
        return _not_article("live page without text")
    players = next(view.root.iter("video", "amp-video", "amp-youtube", "amp-brightcove"), None)
    path = urlsplit(view.url).path
    if (
        players is not None
        or "VideoObject" in types
        or any(name.startswith("og:video") for name in view.meta)
        or _VIDEO_PATH.search(path)
        or any("youtube.com/embed" in (f.get("src") or "") for f in view.root.iter("iframe"))
    ):
        return _not_article("video page without text")
    if types & {"ImageGallery", "ImageObject"} or _PHOTO_PATH.search(path):
        return _not_article("photo page without text")
    return _not_article("no text of an article")
