"""What a person saw and gives: an address, what it said, and pictures, video or sound of it.

It is for what machines may not read (TikTok, Facebook, Instagram, WhatsApp) and for what no source
has. Which platforms may be asked for what stands in intake.toml. No request, no database.
"""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, BinaryIO, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from extract.entities import regions
from extract.page import dates
from pantau.posts import LONGEST_TEXT, Post, key_of
from pantau.records import Media

SOURCE = "manual"
"""Id of the source under which all that people give stands."""
_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
MOST_BYTES: int = _DATA["media"]["most_bytes"]
MOST_MEDIA: int = _DATA["media"]["most"]
MOST_LINES = 5000
Opening = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens what a person adds, from its beginning. It is read in pieces: a video need not fit into
memory. Raises OSError where it is not there."""
_PIECE = 1024 * 1024
COLUMNS = (
    *("url", "platform", "text", "author", "handle", "published", "seen", "region"),
    *("media", "description", "taken_by", "taken_at", "taken_from"),
)
_TRACKING = re.compile(r"^(utm_\w+|fbclid|igsh|igshid|si|_t|_r|mibextid|rdid|ref|ref_src|s|t)$")
_KINDS: tuple[tuple[str, str, Literal["photo", "video", "audio"]], ...] = (
    (r"\xff\xd8\xff", "image/jpeg", "photo"),
    (r"\x89PNG\r\n\x1a\n", "image/png", "photo"),
    (r"GIF8[79]a", "image/gif", "photo"),
    (r"RIFF....WEBP", "image/webp", "photo"),
    (r"RIFF....WAVE", "audio/wav", "audio"),
    (r"....ftyp(M4A|M4B)", "audio/mp4", "audio"),
    (r"....ftyp(heic|heix|mif1)", "image/heic", "photo"),
    (r"....ftyp", "video/mp4", "video"),
    (r"\x1aE\xdf\xa3", "video/webm", "video"),
    (r"OggS", "audio/ogg", "audio"),
    (r"ID3|\xff[\xfb\xf3\xf2]", "audio/mpeg", "audio"),
)
"""First bytes, as the formats' own specifications give them."""


class Mistake(ValueError):
    """What was given cannot be taken as it is; its text says what to mend, in English for the
    command line. ``kind`` is one of intake.toml's mistakes, ``told`` what its words speak of."""

    def __init__(self, kind: str, **told: object) -> None:
        words = _DATA["mistake"][kind]
        super().__init__(words["en"].format(**told))
        self.indonesian: str = words["id"].format(**told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A picture, video or sound that the person adds."""

    name: str
    open: Opening = field(repr=False, compare=False)
    sha256: str
    size: int
    """Bytes."""
    media_type: str
    type: Literal["photo", "video", "audio"]
    description: str = ""
    """What is to be seen or heard in it: searched and judged with the post."""
    taken_by: str = ""
    taken_at: datetime | None = None
    taken_from: str = ""
    """From where: the device, the account, the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One address as a person gives it."""

    url: str
    platform: str = ""
    """Empty for a page on the web."""
    text: str = ""
    author: str = ""
    handle: str = ""
    published: datetime | None = None
    seen: datetime | None = None
    """When the person saw it."""
    region: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_post(self) -> bool:
        return bool(self.platform)

    @property
    def says_something(self) -> bool:
        return bool(self.text.strip() or any(one.description.strip() for one in self.evidence))


def given(
    fields: Mapping[str, str], *, zone: tzinfo, now: datetime, evidence: tuple[Evidence, ...] = ()
) -> Given:
    """From what was entered, by the names of COLUMNS. Raises Mistake, saying what to mend."""
    told = {name: value.strip() for name, value in fields.items() if value and value.strip()}
    url = told.get("url", "")
    try:
        parts = urlsplit(url)
        good = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
    except ValueError:
        good = False
    if not good or len(url) > 2000 or re.search(r"\s", url):
        raise Mistake("url", url=url[:60])
    region = told.get("region", "")
    if region and region not in regions.table():
        raise Mistake("region", region=region[:20])
    if len(told.get("text", "")) > LONGEST_TEXT:
        raise Mistake("long", most=LONGEST_TEXT)
    platform = told.get("platform", "").lower() or platform_of(url)
    if platform and not re.fullmatch(r"[a-z0-9.-]{1,30}", platform):
        raise Mistake("platform", platform=platform[:30])
    one = Given(
        url=url,
        platform=platform,
        text=told.get("text", ""),
        author=told.get("author", ""),
        handle=told.get("handle", ""),
        published=_time("published", told, zone, now),
        seen=_time("seen", told, zone, now) or now,
        region=region,
        evidence=evidence,
    )
    if one.is_post and not one.says_something and not may_be_asked(one):
        raise Mistake("silent", platform=platform)
    if not one.is_post and (one.text or one.author or one.evidence):
        raise Mistake("no_post")
    return one


def platform_of(url: str) -> str:
    """The platform an address belongs to; empty for a page on the web."""
    host = (urlsplit(url).hostname or "").lower()
    for one in _DATA["platform"]:
        if any(host == name or host.endswith(f".{name}") for name in one["hosts"]):
            return str(one["name"])
    return ""


def oembed(one: Given) -> str:
    """The address that tells of a post by the platform's own interface; empty where there is
    none."""
    for known in _DATA["platform"]:
        if known["name"] == one.platform and "oembed" in known:
            return str(known["oembed"]).format(url=quote(one.url, safe=""))
    return ""


def with_interface() -> list[str]:
    """The platforms whose interface tells of a post."""
    return [known["name"] for known in _DATA["platform"] if "oembed" in known]


def may_be_asked(one: Given) -> bool:
    """Whether a machine may ask anything of it: the platform's interface, or the page itself where
    no terms forbid it."""
    known = {known["name"] for known in _DATA["platform"]}
    return bool(oembed(one)) or one.platform not in known


def address(url: str) -> str:
    """An address without what only tells how a person came there: a post's identity."""
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.match(k)]
    host = (parts.hostname or "").lower()
    host = re.sub(r"^(www|m|mobile|web|vm|vt|mbasic)\.", "", host)
    return f"https://{host}{parts.path.rstrip('/')}" + (f"?{urlencode(kept)}" if kept else "")


def post(one: Given, held: Post | None = None) -> Post:
    """The post as it is kept: what the person entered, and what the evidence shows. What is known
    of it already (``held``) stays where this person said nothing else."""
    held = held or Post(platform=one.platform, id=address(one.url), url=one.url, text="")
    shown = [Media(type=e.type, description=e.description) for e in one.evidence]
    return replace(
        held,
        text=one.text or held.text,
        author=one.author or held.author,
        handle=one.handle or held.handle,
        published=one.published or held.published or one.seen,
        media=(*held.media, *(item for item in shown if item not in held.media)),
        raw={
            **(held.raw or {}),
            "given": True,
            "seen": one.seen.isoformat() if one.seen else "",
        },
    )


def key(one: Given) -> str:
    """The id of the article that a given post is, or would be."""
    return key_of(one.platform, address(one.url))


def read_evidence(
    name: str, opening: Opening, fields: Mapping[str, str], *, zone: tzinfo, now: datetime
) -> Evidence:
    """A file that a person adds. Raises Mistake for what is no picture, video or sound, is too
    large, or cannot be read."""
    name = _file_name(name)
    try:
        first, size, sha256 = _measured(name, opening)
    except OSError as error:
        raise Mistake("unreadable", name=name, why=error.strerror or "?") from None
    for begin, media_type, kind in _KINDS:
        if re.match(begin.encode("latin-1"), first, re.S):
            return Evidence(
                name=name,
                open=opening,
                sha256=sha256,
                size=size,
                media_type=media_type,
                type=kind,
                description=(fields.get("description") or "").strip()[:LONGEST_TEXT],
                taken_by=(fields.get("taken_by") or "").strip()[:200],
                taken_at=_time("taken_at", fields, zone, now),
                taken_from=(fields.get("taken_from") or "").strip()[:500],
            )
    raise Mistake("no_media", name=name)


def from_path(path: Path) -> Opening:
    return lambda: path.open("rb")


def _measured(name: str, opening: Opening) -> tuple[bytes, int, str]:
    """A file's first bytes, its size and its SHA-256."""
    first, size, digest = b"", 0, hashlib.sha256()
    with opening() as file:
        while piece := file.read(_PIECE):
            first = first or piece[:32]
            size += len(piece)
            if size > MOST_BYTES:
                raise Mistake("large", name=name, most=MOST_BYTES // 1_000_000)
            digest.update(piece)
    return first, size, digest.hexdigest()


def _file_name(told: str) -> str:
    """A file's own name, of whatever a browser or a table calls it: no folders, no control
    characters. It is shown, and never opened."""
    name = re.split(r"[\\/]", told)[-1]
    return "".join(letter for letter in name if letter.isprintable()).strip()[:200] or "?"


def read_csv(
    table: bytes, *, media: Callable[[str], Opening], zone: tzinfo, now: datetime
) -> Iterator[tuple[int, Given | Mistake]]:
    """Each line of a table with its number: what it gives, or what is to be mended in it.

    Columns: COLUMNS, of which only ``url`` is needed; its column ``media`` names files, separated
    by ``;``, which ``media`` finds (or raises Mistake). Raises Mistake where the whole cannot be
    read as such a table.
    """
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Mistake("charset") from None
    head = text.partition("\n")[0]
    rows = csv.reader(text.splitlines(keepends=True), delimiter=";" if ";" in head else ",")
    try:
        names = [name.strip().lower() for name in next(rows, [])]
    except csv.Error as error:
        raise Mistake("csv", why=error) from None
    unknown = [name for name in names if name not in COLUMNS]
    if "url" not in names:
        raise Mistake("no_url")
    if unknown:
        raise Mistake("column", name=unknown[0][:30], columns=", ".join(COLUMNS))
    begin = rows.line_num + 1
    try:
        for number, row in enumerate(rows):
            line, begin = begin, rows.line_num + 1
            if number >= MOST_LINES:
                yield line, Mistake("lines", most=MOST_LINES)
                return
            if any(cell.strip() for cell in row):
                yield line, _line(names, row, media, zone, now)
    except csv.Error as error:
        yield rows.line_num, Mistake("csv", why=error)


def _line(
    names: list[str],
    row: list[str],
    media: Callable[[str], Opening],
    zone: tzinfo,
    now: datetime,
) -> Given | Mistake:
    if len(row) != len(names):
        return Mistake("cells", found=len(row), wanted=len(names))
    fields = dict(zip(names, row, strict=True))
    try:
        files = [name.strip() for name in fields.pop("media", "").split(";") if name.strip()]
        if len(files) > MOST_MEDIA:
            return Mistake("many", most=MOST_MEDIA)
        found = tuple(
            read_evidence(name, media(name), fields, zone=zone, now=now) for name in files
        )
        return given(fields, zone=zone, now=now, evidence=found)
    except Mistake as mistake:
        return mistake


def _time(name: str, fields: Mapping[str, str], zone: tzinfo, now: datetime) -> datetime | None:
    raw = (fields.get(name) or "").strip()
    if not raw:
        return None
    readers: tuple[Callable[[str], datetime | None], ...] = (datetime.fromisoformat, _in_words)
    for read in readers:
        try:
            when = read(raw)
        except ValueError:
            continue
        if when is not None:
            when = when if when.tzinfo else when.replace(tzinfo=zone)
            if when > now:
                raise Mistake("ahead", name=name, raw=raw[:40])
            return when
    raise Mistake("time", name=name, raw=raw[:40])


def _in_words(raw: str) -> datetime | None:
    stamp = dates.parse(raw)
    return stamp.clock.replace(tzinfo=stamp.zone) if stamp else None
