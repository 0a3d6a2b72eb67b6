"""The one address of an article, and the id made from it.

``canonical_url`` keeps scheme, host and path as the site serves them, so that the
link works in a mail; ``url_key`` also drops what sites treat alike (scheme, ``www``,
the closing slash), and ``article_id`` hashes that. The rules are data
(``data/urls.toml``) with a version number.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

import tldextract

_DATA = Path(__file__).with_name("data") / "urls.toml"
_RULES: dict[str, Any] = tomllib.loads(_DATA.read_text(encoding="utf-8"))
_TRACKING = frozenset(_RULES["tracking_keys"])
_TRACKING_PREFIXES = tuple(_RULES["tracking_prefixes"])
_PARTS = frozenset(_RULES["part_keys"])
_FORMS = frozenset(_RULES["form_keys"])
_MOBILE = frozenset(_RULES["mobile_labels"])
_SLUG = re.compile(r"[^/]*-[^/-]+-[^/-]+|[^/]*\d{3,}[^/]*|.+\.(?:s?html?|php|aspx?)", re.I)
_PART_VALUE = re.compile(r"\d{0,2}|all|semua|amp|true|false|mobile|html", re.I)
_NUMBER = re.compile(r"(?:page/)?\d{1,2}", re.I)

# The bundled list of public suffixes, never the network; private suffixes count, for two
# blogs on blogspot.com are two sites.
_suffixes = tldextract.TLDExtract(
    cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True
)


@functools.lru_cache(maxsize=4096)
def site_of(host: str) -> str:
    """The registrable domain of a host (``jateng.tribunnews.com`` → ``tribunnews.com``)."""
    found = _suffixes(host)
    if domain := found.top_domain_under_public_suffix:
        return domain.lower()
    # No known suffix: an internal name, or one of the names kept for examples.
    is_number = host.replace(".", "").isdigit() or ":" in host
    return host if is_number else ".".join(host.split(".")[-2:])


def _split(url: str) -> SplitResult:
    """``urlsplit`` that calls a broken address what it is: no address."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host
    if parts.port and parts.port not in (80, 443):
        host = f"{host}:{parts.port}"
    return host


def _without_mobile(host: str) -> str:
    label, _, rest = host.partition(".")
    return rest if label in _MOBILE and rest.count(".") >= 1 else host


def _is_slug(segment: str) -> bool:
    return bool(_SLUG.fullmatch(segment))


def _path(path: str) -> str:
    """The path without AMP marks and part numbers, percent-encoding made uniform."""
    segments = [quote(unquote(s), safe="~:@!$&'()*+,;=-._") for s in path.split("/") if s]
    if len(segments) > 1 and segments[-1].lower() == "amp":
        segments.pop()
    elif len(segments) > 1 and segments[0].lower() == "amp" and any(map(_is_slug, segments[1:])):
        segments.pop(0)
    if segments and segments[-1].lower().endswith((".amp", ".amp.html")):
        segments[-1] = re.sub(r"\.amp(?=\.html$|$)", "", segments[-1], flags=re.I)
    if len(segments) > 1 and _is_slug(segments[-2]):
        last = segments[-1].lower()
        if last == "all" or (_NUMBER.fullmatch(last) and segments[-2].count("-") >= 2):
            segments.pop()
    elif (
        len(segments) > 2
        and segments[-2].lower() == "page"
        and _NUMBER.fullmatch(segments[-1])
        and _is_slug(segments[-3])
    ):
        del segments[-2:]
    return "/" + "/".join(segments)


def _query(query: str) -> str:
    kept = []
    for key, value in parse_qsl(query, keep_blank_values=True):
        low = key.lower()
        if low in _TRACKING or low.startswith(_TRACKING_PREFIXES):
            continue
        if low in _PARTS | _FORMS and _PART_VALUE.fullmatch(value):
            continue  # but ``?page=detail&id=12`` names an article
        kept.append((key, value))
    return urlencode(sorted(kept))


def _tidy(url: str) -> str:
    parts = _split(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return url.strip()
    path = _path(parts.path)
    if parts.path.endswith("/") and path != "/" and _path(parts.path) == parts.path.rstrip("/"):
        path += "/"
    query = _query(parts.query)
    host = _without_mobile(_host(parts))
    return f"{parts.scheme}://{host}{path}" + (f"?{query}" if query else "")


def names_article(url: str) -> bool:
    """Whether an address can be one article's: no front page and no bare section."""
    parts = _split(url)
    segments = [s for s in parts.path.split("/") if s]
    if any(_is_slug(s) for s in segments):
        return True
    return any(value.isdigit() for key, value in parse_qsl(parts.query) if key.lower() != "page")


def canonical_url(final_url: str, html_canonical: str | None = None) -> str:
    """The article's one address.

    ``html_canonical`` (the page's ``rel=canonical``, may be relative) counts only on the same
    registrable domain and when it names an article; a page that points all its articles to
    its front page would otherwise make them one.
    """
    own = _tidy(final_url)
    if not html_canonical:
        return own
    try:
        claimed = _tidy(urljoin(final_url, html_canonical.strip()))
    except ValueError:
        return own
    own_host, claimed_host = _split(own).hostname or "", _split(claimed).hostname or ""
    if not own_host and claimed_host:
        return claimed  # a file that says whose copy it is
    if not claimed_host or site_of(own_host) != site_of(claimed_host):
        return own
    if url_key(claimed) == url_key(own):
        return own if _split(own).scheme == "https" else claimed
    return claimed if names_article(claimed) else own


def url_key(url: str) -> str:
    """What two addresses of one article have in common: no scheme, ``www`` or closing slash."""
    parts = _split(_tidy(url))
    if not parts.hostname:
        return url.strip()
    host = _without_mobile(_host(parts).removeprefix("www."))
    path = parts.path.rstrip("/")
    return f"{host}{path}" + (f"?{parts.query}" if parts.query else "")


def article_id(canonical: str) -> str:
    """SHA-256 (hex) of the address's key under the present rules."""
    return hashlib.sha256(url_key(canonical).encode("utf-8", "surrogatepass")).hexdigest()
