"""Makes the pages of this folder from stories, makes and furniture; run by hand.

    python -m tests.pages.make

Every story is invented (karangan). Each make is a template of a kind of site as found on the
Indonesian web; ``tune`` and ``report`` share neither stories nor makes, so that rules tuned
on one half are measured on the other. Writes ``<split>/*.html`` with ``gold.jsonl`` and
``nonarticles/*.html`` with their ``gold.jsonl``; the same input gives the same bytes.
"""

from __future__ import annotations

import html
import json
import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, Template

from tests.pages import scripts

HERE = Path(__file__).parent
MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
SHORT = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
_REGIONS = {7: "32", 8: "71", 9: "81"}


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def capwords(text: str) -> str:
    return " ".join(word.capitalize() for word in text.split())


def dates_of(moment: datetime) -> dict[str, str]:
    """A moment in every form that the templates use."""
    hours = int(moment.utcoffset().total_seconds() // 3600)  # type: ignore[union-attr]
    later = moment + timedelta(days=3, hours=2)
    day = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return {
        "offset": str(hours),
        "year": str(moment.year),
        "mm": f"{moment.month:02d}",
        "dd": f"{moment.day:02d}",
        "month": MONTHS[moment.month - 1],
        "mon3": SHORT[moment.month - 1],
        "en3": ENGLISH[moment.month - 1],
        "weekday": DAYS[moment.weekday()],
        "day3": DAYS[moment.weekday()][:3],
        "colon": f"{moment:%H:%M}",
        "dot": f"{moment:%H.%M}",
        "ampm": f"{moment:%I:%M %p}".lower().lstrip("0"),
        "zone": ZONES.get(hours, ""),
        "slash": f"{moment:%d/%m/%Y}",
        "long": f"{DAYS[moment.weekday()]}, {day}",
        "long_nd": day,
        "plain": f"{moment:%Y-%m-%d %H:%M:%S}",
        "iso": moment.isoformat(),
        "rfc": moment.isoformat(),
        "iso_nozone": f"{moment:%Y-%m-%dT%H:%M:%S}",
        "iso_z_wrong": f"{moment:%Y-%m-%dT%H:%M:%S}Z",
        "utc": moment.astimezone(UTC).isoformat(),
        "utc_later": later.astimezone(UTC).isoformat(),
        "later": f"{later.day} {MONTHS[later.month - 1]} {later.year}",
        "later_en": f"{ENGLISH[later.month - 1]} {later.day}, {later.year}",
        "later_long": f"{DAYS[later.weekday()]}, {later.day} {MONTHS[later.month - 1]} "
        f"{later.year} {later:%H:%M}",
    }


def doubled(text: str) -> str:
    """UTF-8 read as windows-1252 and encoded again, as browsers map the bytes."""
    return "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode("utf-8")
    )


def dirty(text: str) -> str:
    """Soft hyphens, zero-width marks, entities escaped twice, a link that swallowed spaces."""
    text = html.escape(html.escape(text, quote=True), quote=False)
    words = text.split(" ")
    for position in range(4, len(words), 11):
        if len(words[position]) > 7 and words[position].isalpha():
            words[position] = words[position][:4] + "&shy;" + words[position][4:]
    if len(words) > 9 and all(words[i].isalpha() for i in (6, 7, 8)):
        words[6:9] = [f'{words[6]}<a href="/tag/x">{words[7]}</a>{words[8]}']
    return "&#8203;" + " ".join(words)


class Furniture:
    """The foreign matter of a page, noting what of it was used."""

    def __init__(self, moment: datetime) -> None:
        self.data = load("furniture.toml")
        self.moment = moment
        self.used: dict[str, None] = {}
        self.loops = 0

    def head(self, position: int) -> str:
        found = str(self.data["headlines"][position % len(self.data["headlines"])])
        self.used[found] = None
        return found

    def other(self, position: int) -> str:
        moment = self.moment + timedelta(days=(position * 5) % 9 - 6, minutes=37 * position)
        return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year} {moment:%H:%M}"

    def loopn(self) -> int:
        self.loops += 1
        return self.loops


MARKS = re.compile("[⟦⟧⟪⟫]")
_TOLD = re.compile("⟦(.*?)⟧", re.S)
_FOREIGN = re.compile("⟪(.*?)⟫", re.S)
_TAG = re.compile("<[^<>]*>")


def marked(page: str) -> tuple[list[str], list[str]]:
    """What a template marks itself: ⟦a paragraph of the article⟧ and ⟪foreign matter⟫, in the
    order in which they stand, as a reader sees them."""

    def seen(found: list[str]) -> list[str]:
        plain = (html.unescape(html.unescape(_TAG.sub("", text))) for text in found)
        return [" ".join(text.replace("\u00ad", "").split()) for text in plain]

    return seen(_TOLD.findall(page)), seen(_FOREIGN.findall(page))


def text_of(make: dict[str, Any], story: dict[str, Any]) -> list[str]:
    """The story's paragraphs as a reader of this make sees them."""
    paragraphs = list(story["paragraphs"])
    lead = str(make.get("lead", ""))
    lead = lead.replace("{Place}", capwords(story["place"])).replace("{PLACE}", story["place"])
    paragraphs[0] = lead.replace("{SITE}", str(make["site"]).upper()) + paragraphs[0]
    if closing := make.get("append"):
        paragraphs.append(closing)
    if make.get("subheads"):
        paragraphs.insert(2, "Yang Perlu Diketahui")
    if insert := make.get("insert"):
        paragraphs.insert(insert["at"], insert["text"])
    return paragraphs


def title_of(make: dict[str, Any], story: dict[str, Any]) -> str:
    """The headline as this make sets it: the story's, in capitals, or one of its own."""
    own = make.get("title")
    return str(story["title"].upper() if own == "upper" else own or story["title"])


def authors_of(make: dict[str, Any], story: dict[str, Any]) -> list[str] | None:
    wanted = make["authors"]
    if isinstance(wanted, list):
        return list(wanted)
    return story["author"][: {"all": None, "first": 1, "none": 0}[wanted]] or None


def render(
    env: Environment, make: dict[str, Any], story: dict[str, Any]
) -> tuple[bytes, dict[str, Any]]:
    moment = datetime.fromisoformat(story["day"])
    forms = dates_of(moment)
    furniture = Furniture(moment)
    path = make["path"].format(
        yyyy=forms["year"], mm=forms["mm"], dd=forms["dd"], slug=slug(story["title"])
    )
    base = f"https://{make['host']}"
    page = template(env, make["name"]).render(
        s=story,
        d=forms,
        f=furniture.data,
        site=make["site"],
        base=base,
        url=base + path,
        flight=scripts.flight(story, forms["iso"]),
        slate=scripts.slate(story, forms["iso"]),
        devalue=scripts.devalue(story, forms["iso"]),
        state=scripts.state(story, forms["iso"]),
        inertia=scripts.inertia(story, forms["iso"]),
        remix=scripts.remix(story, forms["iso"]),
        ngstate=scripts.ngstate(story, forms["iso"]),
        svelte=scripts.svelte(story, forms["iso"]),
        head=furniture.head,
        other=furniture.other,
        loopn=furniture.loopn,
    )
    page = page.replace("</head>", "<!-- karangan --></head>", 1)
    told, foreign = marked(page)
    page = MARKS.sub("", page)
    if declared := make.get("declared"):
        page = page.replace('charset="utf-8"', f'charset="{declared}"', 1)
    body = page.encode(make.get("encoding", "utf-8"), "xmlcharrefreplace")
    foreign += [*furniture.used, *make.get("not_in_text", [])]
    foreign += [text for text in furniture.data["excerpts"] if text in page]
    foreign += [text for _, text in furniture.data["comments"] if text in page and len(text) > 15]
    if story["caption"] in page:
        foreign.append(story["caption"])
    rule = make.get("date", "minute")
    fetched = moment + (timedelta(hours=3) if rule == "hours-ago" else timedelta(days=4, hours=5))
    published = {
        "none": None,
        "day": moment.replace(hour=0, minute=0).isoformat(),
    }.get(rule, moment.isoformat())
    identity = f"{make['name']}-{story['id']}"
    gold = {
        "id": identity,
        "file": f"{identity}.html",
        "url": base + path,
        "structure": make["name"],
        "title": title_of(make, story),
        "paragraphs": told or text_of(make, story),
        "published": published,
        "author": authors_of(make, story),
        "not_in_text": foreign,
        "traits": make["traits"],
        "fetched": fetched.isoformat(),
        "region": _REGIONS.get(int(forms["offset"])),
        "notes": "karangan",
    }
    return body, gold


def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE / "makes"),
        autoescape=False,
        trim_blocks=True,
    )
    env.filters["lengkung"] = lambda text: re.sub(r'"([^"]*)"', "“\\1”", text)
    env.filters.update(slug=slug, capwords=capwords, ganda=doubled, kotor=dirty)
    env.filters["jsq"] = lambda text: json.dumps(text, ensure_ascii=False)[1:-1]
    return env


def template(env: Environment, name: str) -> Template:
    """A template with the shared furniture at hand as ``m``."""
    source = (HERE / "makes" / f"{name}.html.j2").read_text(encoding="utf-8")
    return env.from_string("{% import '_m.j2' as m with context %}" + source)


def write(folder: Path, pages: list[tuple[bytes, dict[str, Any]]]) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.html"):
        old.unlink()
    for body, gold in pages:
        (folder / gold["file"]).write_bytes(body)
    lines = [json.dumps(gold, ensure_ascii=False) for _, gold in pages]
    (folder / "gold.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def nonarticles(env: Environment) -> list[tuple[bytes, dict[str, Any]]]:
    pages = []
    for row in load("nonarticles.toml")["page"]:
        furniture = Furniture(datetime.fromisoformat("2024-10-21T10:00:00+07:00"))
        page = template(env, f"non/{row['template']}").render(
            r=row,
            f=furniture.data,
            base=row["url"].split("/", 3)[0] + "//" + row["url"].split("/", 3)[2],
            url=row["url"],
            head=furniture.head,
            other=furniture.other,
            loopn=furniture.loopn,
        )
        gold = {
            "id": row["id"],
            "file": f"{row['id']}.html",
            "url": row["url"],
            "status": row.get("status", 200),
            "disposition": row.get("disposition", "not an article"),
            "reason": row["reason"],
            "not_an_article": True,
            "structure": row["template"],
            "notes": "karangan",
        }
        pages.append((page.encode(), gold))
    return pages


def main() -> None:
    env = environment()
    stories = {row["id"]: row for row in load("stories.toml")["story"]}
    by_split: dict[str, list[tuple[bytes, dict[str, Any]]]] = {"tune": [], "report": []}
    for make in load("makes.toml")["make"]:
        for identity in make["stories"]:
            story = stories[identity]
            if story["split"] != make["split"]:
                raise ValueError(f"{make['name']}: {identity} is of the other split")
            by_split[make["split"]].append(render(env, make, story))
    for split, pages in by_split.items():
        write(HERE / split, pages)
    write(HERE / "nonarticles", nonarticles(env))


if __name__ == "__main__":
    main()
