"""What a paper of the farm prints: its articles, and the ways in that show them.

All of it follows from a paper's name and an article's number, so nothing is kept.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

_WORDS = (
    *("warga", "jalan", "desa", "kantor", "pasar", "sungai", "kebun", "sekolah", "petani", "lomba"),
    *("nelayan", "hujan", "banjir", "panen", "jembatan", "lapangan", "pelabuhan", "kelurahan"),
    *("kecamatan", "kabupaten", "bantuan", "beras", "pupuk", "irigasi", "listrik", "air", "taman"),
    *("masjid", "gereja", "pura", "budaya", "tari", "musik", "wisata", "pantai", "gunung", "hutan"),
    *("kopi", "cengkih", "kelapa", "tambak", "udang", "posyandu", "koperasi", "pelatihan", "rumah"),
)
_GAMBLING = (
    "Situs slot gacor maxwin dengan bonus new member, rtp live tertinggi dan pola gacor hari ini.",
    "Daftar slot di bandar togel online kami, deposit pulsa tanpa potongan, gampang menang.",
    "Mahjong ways, gates of olympus, sweet bonanza dan scatter hitam memberi jackpot tiap malam.",
)
SHELL = (
    b"<!doctype html><html><head><title>Kabar</title></head>"
    b"<body><div id='app'></div><script src='/app.js'></script></body></html>"
)
"""A page that its site now makes with a script alone."""
GAMBLING = (
    "<!doctype html><html><head><title>Slot Gacor Maxwin Situs Slot Online</title></head><body>"
    f"<h1>Slot Gacor Maxwin</h1>{''.join(f'<p>{line}</p>' for line in _GAMBLING * 3)}</body></html>"
).encode()
EDITED = "diperbarui"


@dataclass(frozen=True, slots=True)
class Piece:
    """An article as an index shows it."""

    number: int
    link: str
    title: str
    published: datetime
    changed: datetime


def title(paper: str, number: int, *, edited: bool) -> str:
    return f"Kabar nomor {number} dari {paper}" + (f" {EDITED}" if edited else "")


def article(paper: str, number: int, canonical: str, published: datetime, *, edited: bool) -> bytes:
    chance = random.Random(f"{paper} {number}")
    paragraphs = [_paragraph(chance) for _ in range(4)]
    if edited:
        paragraphs.append(_paragraph(chance))
    head = title(paper, number, edited=edited)
    return (
        f"<!doctype html><html lang='id'><head><title>{head}</title>"
        f"<link rel='canonical' href='{canonical}'><meta property='og:type' content='article'>"
        f"<meta property='article:published_time' content='{published.isoformat()}'></head>"
        f"<body><article><h1>{head}</h1>"
        f"{''.join(f'<p>{paragraph}</p>' for paragraph in paragraphs)}</article></body></html>"
    ).encode()


def _paragraph(chance: random.Random) -> str:
    sentences = (" ".join(chance.choices(_WORDS, k=14)).capitalize() for _ in range(2))
    return ". ".join(sentences) + "."


def rss(pieces: Iterable[Piece]) -> bytes:
    items = "".join(
        f"<item><title>{piece.title}</title><link>{piece.link}</link>"
        f"<pubDate>{format_datetime(piece.published)}</pubDate>"
        f"<atom:updated>{piece.changed.isoformat()}</atom:updated></item>"
        for piece in pieces
    )
    return (
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'>"
        f"<channel><title>Kabar</title>{items}</channel></rss>"
    ).encode()


def news_sitemap(pieces: Iterable[Piece]) -> bytes:
    return _urlset(
        f"<url><loc>{piece.link}</loc><news:news><news:publication><news:name>Kabar</news:name>"
        "<news:language>id</news:language></news:publication>"
        f"<news:publication_date>{piece.published.isoformat()}</news:publication_date>"
        f"<news:title>{piece.title}</news:title></news:news></url>"
        for piece in pieces
    )


def sitemap(pieces: Iterable[Piece]) -> bytes:
    return _urlset(
        f"<url><loc>{piece.link}</loc><lastmod>{piece.changed.isoformat()}</lastmod></url>"
        for piece in pieces
    )


def _urlset(urls: Iterable[str]) -> bytes:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
        f"{''.join(urls)}</urlset>"
    ).encode()


def sitemap_index(sitemaps: Iterable[tuple[str, datetime]]) -> bytes:
    named = "".join(
        f"<sitemap><loc>{address}</loc><lastmod>{changed.isoformat()}</lastmod></sitemap>"
        for address, changed in sitemaps
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{named}</sitemapindex>"
    ).encode()


def posts(pieces: Iterable[Piece]) -> bytes:
    """As WordPress's ``wp/v2/posts`` answers, its texts left out."""
    return json.dumps(
        [
            {
                "id": piece.number,
                "link": piece.link,
                "date_gmt": f"{piece.published.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
                "modified_gmt": f"{piece.changed.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
                "title": {"rendered": piece.title},
            }
            for piece in pieces
        ]
    ).encode()


def listing(pieces: Iterable[Piece], further: str) -> bytes:
    links = "".join(f'<a href="{piece.link}">{piece.title}</a>' for piece in pieces)
    return (links + (f'<a rel="next" href="{further}">lama</a>' if further else "")).encode()
