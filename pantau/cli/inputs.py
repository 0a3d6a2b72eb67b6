"""Reads what ``check`` and ``extract`` are given: files, standard input, JSON lines."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from pantau.records import Article, Page

STDIN = "-"


@dataclass(frozen=True, slots=True)
class BadInput:
    """An input that cannot be read: where, what is wrong, how to mend it."""

    message: str


class _Line(BaseModel):
    """A line of JSON lines; other keys are ignored."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    text: str = ""
    title: str = ""
    url: str = ""
    kind: Literal["news", "post"] = "news"
    platform: str | None = None
    author: str | None = None
    context: str | None = None
    published: AwareDatetime | None = None
    source_region: str | None = None


def read_bytes(name: str) -> bytes | BadInput:
    """A file's bytes, or those of standard input for ``-``."""
    try:
        return sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except OSError as error:
        return BadInput(f"{name}: cannot be read ({error.strerror}). Check the name.")


def json_lines(name: str) -> Iterator[Article | BadInput]:
    """Articles from JSON lines, one at a time; a bad line is told and passed over."""
    try:
        with nullcontext(sys.stdin.buffer) if name == STDIN else Path(name).open("rb") as stream:
            for number, raw in enumerate(stream, start=1):
                if raw.strip():
                    yield _article(raw, f"{name}:{number}")
    except OSError as error:
        yield BadInput(f"{name}: cannot be read ({error.strerror}). Check the name.")


def _article(raw: bytes, where: str) -> Article | BadInput:
    try:
        line = _Line.model_validate(json.loads(raw))
    except UnicodeDecodeError:
        return BadInput(f"{where}: this is not UTF-8. Save the file as UTF-8.")
    except json.JSONDecodeError as error:
        return BadInput(
            f"{where}: this is not JSON ({error.msg}, column {error.colno}). "
            "Each line is one object."
        )
    except ValidationError as error:
        detail = error.errors()[0]
        key = ".".join(str(part) for part in detail["loc"]) or "the line"
        return BadInput(
            f"{where}: {key}: {detail['msg']}. Expected keys: id, title, text, url, "
            "kind (news or post), platform, author, context, published (with zone), source_region."
        )
    return Article(
        id=line.id,
        title=line.title,
        text=line.text,
        url=line.url,
        kind=line.kind,
        platform=line.platform or "",
        author=line.author or "",
        context=line.context or "",
        published=line.published,
        source_region=line.source_region,
    )


def plain_text(name: str, raw: bytes) -> Article:
    """A text file as an article: its id is its path, its title its first line."""
    title, _, text = raw.decode("utf-8", errors="replace").partition("\n")
    return Article(id=name, title=title, text=text)


def looks_like_html(name: str, raw: bytes) -> bool:
    start = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return name.lower().endswith((".html", ".htm", ".xhtml")) or start.startswith(
        (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<meta", b"<script")
    )


def local_page(name: str, raw: bytes, url: str) -> Page:
    """A file as if its address had just answered with it."""
    return Page(
        url=url,
        final_url=url,
        status=200,
        headers={"content-type": "text/html"},
        body=raw,
        fetched_at=datetime.now(UTC),
        source_id=name,
        sha256=hashlib.sha256(raw).hexdigest(),
    )
