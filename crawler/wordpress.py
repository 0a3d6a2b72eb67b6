"""WordPress's REST interface: the addresses that are asked, and its answers read into findings.

developer.wordpress.org/rest-api/reference/posts: ``wp/v2/posts``, paged by ``page`` and
``per_page`` with the number of pages in ``X-WP-TotalPages``. In the wild it is switched off by
plugins (an error object, or the site's front page), stands only behind ``?rest_route=``, answers
with PHP's warnings before its JSON, and says zero where it knows no time in UTC.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from w3lib.url import add_or_replace_parameters

from crawler.feeds import LONGEST_TITLE
from crawler.ledger import Finding

PER_PAGE = 100
"""The interface's own bound; some sites set a lower one (``rest_invalid_param``)."""
FEWER_PER_PAGE = 10
STOCK = 20
"""Posts taken of a site that is read for the first time."""
FIELDS = "id,link,date,date_gmt,modified_gmt,title,content,excerpt"
BEFORE = timedelta(days=2)
"""``after`` reaches so far behind the last reading: old versions read it in the site's own zone,
and a post may be dated a little back."""
PAST_THE_END = "rest_post_invalid_page_number"
INVALID = "rest_invalid_param"
_ROUTE = "/wp/v2/posts"
_TAG = re.compile(r"<[^>]*>")
_START = re.compile(rb'\[\s*\{\s*"|\[\s*\]|\{\s*"(?:code|message)"')


@dataclass(frozen=True, slots=True)
class Posts:
    findings: tuple[Finding, ...] = ()
    problem: str = ""
    """Why these are no posts."""
    code: str = ""
    """WordPress's own name of the problem, such as ``rest_no_route``."""


def endpoints(url: str) -> tuple[str, ...]:
    """The addresses under which the posts may stand, for a site's root or one of them."""
    parts = urlsplit(url)
    if _ROUTE in parts.path or _ROUTE in "".join(parse_qs(parts.query).get("rest_route", [])):
        return (url,)
    root = parts._replace(path=parts.path.rstrip("/"), query="", fragment="")
    pretty = urlunsplit(root._replace(path=f"{root.path}/wp-json{_ROUTE}"))
    plain = urlunsplit(root._replace(path=f"{root.path}/", query=f"rest_route={_ROUTE}"))
    return (pretty, plain)


def ask(endpoint: str, *, since: datetime | None, page: int = 1, per_page: int = PER_PAGE) -> str:
    """The address of one page of what is new. The same all day long, so that caches hold."""
    query = {"_fields": FIELDS, "per_page": str(per_page)}
    if since is None:
        query["per_page"] = str(min(per_page, STOCK))
    else:
        day = (since - BEFORE).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        query["after"] = f"{day:%Y-%m-%dT%H:%M:%S}"
    if page > 1:
        query["page"] = str(page)
    return add_or_replace_parameters(endpoint, query)


def read_posts(body: bytes, *, zone: tzinfo) -> Posts:
    """The posts of one answer. ``zone`` is that of the site's clock."""
    answer = value_of(body)
    if isinstance(answer, dict):
        code = str(answer.get("code") or answer.get("message") or "an object")[:100]
        return Posts(problem=f"no posts: {code}", code=code)
    if not isinstance(answer, list):
        is_html = re.match(rb"\s*<(!doctype\s+html|html|head|body)\b", body, re.I)
        return Posts(problem="HTML in place of JSON" if is_html else "no JSON")
    findings = [_finding(post, zone) for post in answer if isinstance(post, dict)]
    return Posts(tuple(finding for finding in findings if finding is not None))


def total_pages(value: str) -> int:
    """What X-WP-TotalPages says; 0 where it says nothing."""
    return int(value[:6]) if value.strip().isdecimal() else 0


def value_of(body: bytes) -> Any:
    """The JSON of an answer, also behind what PHP says before it; None where there is none."""
    text = body.decode("utf-8-sig", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if (start := _START.search(body)) is None:
        return None
    try:
        rest = body[start.start() :].decode("utf-8", "replace")
        return json.JSONDecoder().raw_decode(rest)[0]
    except (ValueError, RecursionError):
        return None


def _finding(post: dict[str, Any], zone: tzinfo) -> Finding | None:
    link = str(post.get("link") or "")
    if not link.startswith(("http://", "https://")):
        return None
    when = time_of(post.get("date_gmt"), UTC) or time_of(post.get("date"), zone)
    hint = {
        "title": _plain(rendered(post, "title")[: 4 * LONGEST_TITLE])[:LONGEST_TITLE],
        "published": when.isoformat() if when else "",
        "updated": str(post.get("modified_gmt") or ""),
        "content": rendered(post, "content") or rendered(post, "excerpt"),
    }
    return Finding(link, {key: value for key, value in hint.items() if value})


def rendered(post: dict[str, Any], name: str) -> str:
    """A field's text; of a post behind a password there is none."""
    field = post.get(name)
    if not isinstance(field, dict) or field.get("protected"):
        return ""
    return str(field.get("rendered") or "")


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", markup)).split())


def time_of(value: object, zone: tzinfo) -> datetime | None:
    """A time, in ``zone`` where it names none; None for what is no time."""
    try:
        when = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=zone)
