"""A small paper on a local server, its texts (*karangan*), and a home that watches it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

from pantau.home import Home
from tests.servers import Answer, LocalServer

ACT_TITLE = "Camat Sukalindung Dilaporkan ke Bawaslu"
ACT = (
    "GARUT – Camat Sukalindung, Rahmat Sujana, dilaporkan ke Bawaslu Garut karena membagikan beras "
    "sambil mengajak warga memilih pasangan calon nomor urut 2 di lapangan desa.",
    "Warga yang hadir merekam kejadian itu dan menyerahkan rekamannya kepada pengawas pemilu.",
    "Rahmat membantah tuduhan itu. Ia mengatakan beras tersebut adalah bantuan keluarganya.",
)
OTHER_ACT_TITLE = "Lurah Tirtasana Dilaporkan ke Bawaslu Usai Ikut Kampanye"
OTHER_ACT = (
    "DEMAK – Lurah Tirtasana, Wahyu Prabandaru, dilaporkan ke Bawaslu Demak karena ikut kampanye "
    "pasangan calon nomor urut 1 dan berorasi di atas panggung.",
    "Dalam rekaman yang beredar, Wahyu mengajak pegawai kelurahan memilih pasangan calon itu.",
    "Bawaslu Demak menyatakan akan memeriksa laporan tersebut dalam pekan ini.",
)
APPEAL_TITLE = "ASN Garut Diimbau Menjaga Netralitas"
APPEAL = (
    "GARUT – Sekretaris daerah mengimbau seluruh ASN agar menjaga netralitas dalam pilkada dan "
    "tidak memihak pasangan calon mana pun.",
    "Imbauan itu disampaikan dalam apel pagi di halaman kantor bupati yang diikuti para pegawai.",
)
SPORT_TITLE = "Tim Voli Putri Menang Tipis di Laga Pembuka"
SPORT = (
    "BANDUNG – Tim voli putri menang tiga set langsung atas lawannya pada laga pembuka turnamen.",
    "Pelatih memuji servis para pemain yang menyulitkan penerimaan bola lawan sejak awal laga.",
)


def article(
    title: str,
    paragraphs: tuple[str, ...],
    published: datetime | None,
    *,
    pictures: tuple[str, ...] = (),
    parts: tuple[str, ...] = (),
) -> bytes:
    """An article's page, plain and well made; ``parts`` are links to its further pages."""
    shown = "".join(f'<figure><img src="{url}" width="800"></figure>' for url in pictures)
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    date = published.isoformat() if published else ""
    dated = f'<meta property="article:published_time" content="{date}">' if date else ""
    time = f'<time datetime="{date}">{date}</time>' if date else ""
    paging = "".join(f'<a href="{part}">{part[-1]}</a> ' for part in parts)
    text += f"<div>Halaman: {paging}</div>" if parts else ""
    return (
        f'<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta property="og:type" content="article">{dated}</head><body><article>'
        f"<h1>{escape(title)}</h1>{time}{shown}{text}</article></body></html>"
    ).encode()


@dataclass
class Paper:
    """A paper with a feed at ``/feed``, served by ``site``."""

    id: str
    site: LocalServer
    region: str = "32"
    listed: list[tuple[str, str, datetime | None]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return self.site.root + path

    def list(self, path: str, title: str = "", published: datetime | None = None) -> str:
        """Put an address into the feed, whatever it answers, and return it."""
        self.listed.insert(0, (path, title or f"Berita {path}", published))
        items = "".join(
            f"<item><title>{escape(title)}</title><link>{self.url(path)}</link>"
            + (f"<pubDate>{format_datetime(when)}</pubDate>" if when else "")
            + "</item>"
            for path, title, when in self.listed
        )
        text = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
        self.site.on("/feed", Answer(text.encode(), "application/rss+xml"))
        return self.url(path)

    def publish(
        self,
        path: str,
        title: str,
        paragraphs: tuple[str, ...],
        *,
        age: timedelta = timedelta(hours=2),
        pictures: tuple[str, ...] = (),
    ) -> str:
        """Serve an article and list it; returns its address."""
        published = (datetime.now(UTC) - age).replace(microsecond=0)
        self.site.on(path, article(title, paragraphs, published, pictures=pictures))
        return self.list(path, title, published)

    def source(self, **more: Any) -> dict[str, Any]:
        """The paper as an entry of ``config/sources``."""
        return {
            "id": self.id,
            "name": f"Kabar {self.id}",
            "region": self.region,
            "every": "15m",
            "politeness": {"delay": "0s", "concurrency": 4, "timeout": "5s"},
            "ways": [{"kind": "feed", "url": self.url("/feed")}],
        } | more


SUBSCRIPTIONS = """
[[subscription]]
id = "pusat"
name = "Bawaslu"
recipients = ["pusat@bawaslu.example"]
without_region = true

[[subscription]]
id = "garut"
name = "Bawaslu Kabupaten Garut"
recipients = ["garut@bawaslu.example"]
regions = ["32.05"]

[[subscription]]
id = "maluku"
name = "Bawaslu Provinsi Maluku"
recipients = ["maluku@bawaslu.example"]
regions = ["81"]
"""


def make_home(
    root: Path,
    papers: list[Paper],
    *sources: dict[str, Any],
    **settings: dict[str, Any],
) -> Home:
    """A home that watches these papers and further sources; ``settings`` are tables of
    ``settings.toml``. Of this machine only the papers' own servers may be asked."""
    home = Home(root)
    folder = root / "config"
    (folder / "sources").mkdir(parents=True)
    ours = {
        "crawl": {"allow_private": [paper.site.address for paper in papers]},
        "reading": {"workers": 1},
    }
    tables = {name: ours.get(name, {}) | settings.get(name, {}) for name in ours | settings}
    text = "".join(f"[{name}]\n{_toml(table)}\n" for name, table in tables.items())
    (folder / "settings.toml").write_text(text, encoding="utf-8")
    (folder / "subscriptions.toml").write_text(SUBSCRIPTIONS, encoding="utf-8")
    write_sources(home, [*(paper.source() for paper in papers), *sources])
    return home


def write_sources(home: Home, entries: list[dict[str, Any]]) -> None:
    text = "".join(f"\n[[source]]\n{_toml(entry)}" for entry in entries)
    (home.root / "config" / "sources" / "papers.toml").write_text(text, encoding="utf-8")


def _toml(entry: dict[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in entry.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value)
