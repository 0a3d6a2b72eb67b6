"""The catalogue of sources, made from a survey's table.

    python -m training.catalogue SOURCES.csv config/sources

The table has the columns ``id, name, domain, province, kabkota, network, kind, feed_url,
feed_status, alt_url``. A source whose feed was seen to answer is watched from the start; any other
is ``unverified`` and tried first. What the sites of a network have in common stands in
catalogue.toml. One file is written for each province; files of other names are left alone.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from extract.entities import regions
from pantau.config.models import Source, WayIn
from pantau.config.writing import entry

_KNOWN: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
_ANSWERED = ("seen", "probed")
EVERY = timedelta(minutes=20)
NATIONAL = "nasional"
HEADER = """\
# {name}: {total} sources, of which {answered} were seen to answer; the others are tried first.
# Names and addresses from a survey of public code repositories and pages, 22 November 2026.
# Made by training/catalogue.py; what you change here is yours, "pantau init" copies it once.
"""


def read(path: Path) -> Iterator[tuple[str, Source]]:
    """The province's code (empty: national) and the source of each line of the survey.

    Raises ValueError, naming the line's id, for a place that there is not.
    """
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            province = _province(line)
            yield province, _source(line, province)


def write(path: Path, folder: Path) -> dict[str, int]:
    """Write the files; returns how many sources stand in each."""
    by_file: dict[str, list[Source]] = defaultdict(list)
    names = {"": "National papers and authorities"}
    for code, source in read(path):
        by_file[code].append(source)
    table, written = regions.table(), {}
    for code, sources in by_file.items():
        name = names.get(code) or table[code].name
        stem = re.sub(r"[^a-z]+", "-", table[code].name.lower()) if code else NATIONAL
        answered = sum(not source.unverified for source in sources)
        head = HEADER.format(name=name, total=len(sources), answered=answered)
        text = "\n".join([head, *(entry(source) for source in sources)])
        (folder / f"{stem}.toml").write_text(text, encoding="utf-8")
        written[stem] = len(sources)
    return written


def _source(line: dict[str, str], province: str) -> Source:
    known = {
        **_KNOWN["network"].get(line["network"], {}),
        **_KNOWN["site"].get(line["id"], {}),
    }
    status = line["feed_status"]
    every = re.fullmatch(r"(\d+)h", known.get("every", ""))
    return Source(
        id=line["id"],
        name=line["name"],
        region=_region(line, province) or None,
        network=line["network"],
        enabled=known.get("enabled", True),
        unverified=status not in _ANSWERED,
        note=known.get("note") or _KNOWN["known"].get(status, ""),
        every=timedelta(hours=int(every[1])) if every else EVERY,
        ways=tuple(_ways(line, known)),
    )


def _ways(line: dict[str, str], known: dict[str, Any]) -> Iterator[WayIn]:
    """Its feed first, then what fills the gaps behind it."""
    if (feed := known.get("feed", line["feed_url"])) and line["feed_status"] != "dead":
        yield WayIn(kind="feed", url=feed)
    root = f"https://{line['domain']}/"
    if line["kind"] == "wordpress":
        yield WayIn(kind="wordpress", url=root)
        return
    patterns = {key: known[key] for key in ("links", "pages") if key in known}
    path = urlsplit(line["alt_url"].partition("{")[0].replace("?date=", "")).path.rstrip("/")
    if query := re.search(r"\?site=[a-z]+", line["alt_url"]):
        path = f"/{query[0]}"
    if address := known.get("sitemap"):
        links = {key: value for key, value in patterns.items() if key == "links"}
        yield WayIn(kind="sitemap", url=address.format(host=line["domain"]), **links)
    elif address := known.get("listing", "" if line["feed_url"] else root):
        host = "indeks.kompas.com" if line["network"] == "kompas" else line["domain"]
        yield WayIn(kind="listing", url=address.format(host=host, path=path or "/"), **patterns)


def _province(line: dict[str, str]) -> str:
    name = line["province"]
    if name in _KNOWN["province"]:
        return str(_KNOWN["province"][name])
    for code, region in regions.table().items():
        if region.level == "province" and region.name == name:
            return code
    raise ValueError(f"{line['id']}: there is no province {name!r}")


def _region(line: dict[str, str], province: str) -> str:
    """The code of the kabupaten or kota it writes about, else the province's."""
    name = line["kabkota"]
    if not name:
        return province
    if name in _KNOWN["place"]:
        return str(_KNOWN["place"][name]) or province
    levels = ["regency", "city"]
    if name.startswith("Kota "):
        name, levels = name.removeprefix("Kota "), ["city", "regency"]
    elif line["network"] == "rri":  # its stations stand in cities
        levels.reverse()
    for level in levels:
        for code, region in regions.table().items():
            if code.startswith(f"{province}.") and (region.name, region.level) == (name, level):
                return code
    raise ValueError(f"{line['id']}: there is no {line['kabkota']!r} in {line['province']}")


if __name__ == "__main__":
    counts = write(Path(sys.argv[1]), Path(sys.argv[2]))
    for stem, number in sorted(counts.items()):
        print(f"{number:4} {stem}.toml")
    print(f"{sum(counts.values()):4} sources in {len(counts)} files")
