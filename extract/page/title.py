"""The headline as the reader sees it.

Candidates: the page's headings, ``og:title``, ``twitter:title``, JSON-LD ``headline`` and
``<title>``. The machine-readable ones are taken without the site's name; the heading that
says the same words wins with its own spelling, for that is what a reader sees.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.page.blocks import Block
from extract.page.decode import clean
from extract.page.view import View, is_article_node, types_of

_SEPARATOR = re.compile(r"\s+[|\-–—»«•·:~]+\s+|\s*[|»•]\s*|\s+::\s+")
_WORD = re.compile(r"\w+")
_ANCHOR = re.compile(r"\s*[¶§#]\s*$")
_HEADLINE = 10
_DATA = Path(__file__).with_name("data") / "titles.toml"
_GENERIC = re.compile("|".join(tomllib.loads(_DATA.read_text(encoding="utf-8"))["generic"]), re.I)


@dataclass(frozen=True, slots=True)
class Title:
    text: str
    evidence: str
    block: int | None
    """Where it stands among the page's blocks."""


def _loose(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def site_names(view: View) -> set[str]:
    """Names of the site, in letters only: what it calls itself and what its host says."""
    names = [*view.meta.get("og:site_name", []), *view.meta.get("application-name", [])]
    names += view.meta.get("publisher", []) + view.meta.get("apple-mobile-web-app-title", [])
    for node in view.linked_data:
        if types_of(node) & {"WebSite", "Organization", "NewsMediaOrganization"}:
            names.append(str(node.get("name") or ""))
        publisher = node.get("publisher")
        if isinstance(publisher, dict):
            names.append(str(publisher.get("name") or ""))
    found = {_letters(clean(name)) for name in names}
    host = view.host.removeprefix("www.")
    found.update({_letters(host), _letters(host.partition(".")[0])})
    labels = host.split(".")
    for size in range(1, len(labels)):
        found.add(_letters("".join(labels[:size])))
        found.add(_letters("".join(reversed(labels[:size]))))
    found.update(_letters(label) for label in labels[:-1] if len(label) > 3)
    return {name for name in found if len(name) > 2}


def _names_site(part: str, sites: set[str]) -> bool:
    letters = _letters(part)
    if not letters:
        return True
    if letters in sites:
        return True
    # "RRI.co.id", "Tribunjateng.com", "SINDOnews Makassar"
    return any(
        len(site) >= 4
        and (letters.startswith(site) or letters.endswith(site))
        and len(letters) <= len(site) + 14
        for site in sites
    )


def without_site(title: str, sites: set[str]) -> str:
    """The title without the names of the site or section before or after it."""
    front, colon, rest = title.partition(": ")
    if colon and _letters(front) in sites and len(rest) >= _HEADLINE:
        title = rest.strip()  # "Greyhaven Weekly: The Fog Bell"
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title
        head, tail = title[: cuts[-1].start()], title[cuts[-1].end() :]
        front, rest = title[: cuts[0].start()], title[cuts[0].end() :]
        if head.strip() and (_names_site(tail, sites) or _GENERIC.fullmatch(tail.strip())):
            title = head.strip()
        elif rest.strip() and (_names_site(front, sites) or _GENERIC.fullmatch(front.strip())):
            title = rest.strip()
        else:
            return title
    return title


def _stated(view: View, sites: set[str]) -> list[tuple[str, str]]:
    """(text without site, evidence) of every machine-readable headline, best first."""
    found: list[tuple[str, str]] = []
    for node in view.linked_data:
        if is_article_node(node) or types_of(node) & {"VideoObject", "ImageObject"}:
            value: Any = node.get("headline") or node.get("name")
            if isinstance(value, str) and value.strip():
                found.append((clean(value[:600]), "JSON-LD headline"))
    for name in ("og:title", "twitter:title", "dc.title", "headline"):
        found.extend((value[:600], name) for value in view.meta.get(name, [])[:1])
    if view.title_element:
        found.append((view.title_element, "<title>"))
    return [(short, why) for text, why in found if (short := without_site(text, sites))]


def likeness(a: str, b: str) -> float:
    """How alike two headlines are, 0 to 1; a cut-off one is like the whole."""
    left, right = _loose(a), _loose(b)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    short, long = sorted((left, right), key=len)
    if len(short) >= 20 and (long.startswith(short) or long.endswith(short)):
        return 0.9
    x, y = set(left.split()), set(right.split())
    return len(x & y) / len(x | y)


def statements(view: View, headline: str) -> list[dict[str, Any]]:
    """The page's JSON-LD without the articles that it only lists: where one article has the
    page's headline, those with another are not this page's."""
    own = [
        node
        for node in view.linked_data
        if is_article_node(node) and likeness(str(node.get("headline") or ""), headline) >= 0.6
    ]
    if not own:
        return view.linked_data
    return [n for n in view.linked_data if n in own or not is_article_node(n)]


def _stands_out(block: Block) -> bool:
    element = block.element
    return (
        block.is_heading
        or block.bold
        or element.get("role") == "heading"
        or any(word in (element.get("class") or "") for word in ("title", "judul", "heading"))
    )


def above_text(title: Title, view: View, blocks: list[Block], first: int) -> Title:
    """A second look where only ``<title>`` named a headline: old sites give every page the
    site's name there. The line that stands out right above the text is the headline if it
    has more words in common with the text than ``<title>`` has."""
    text = " ".join(block.text for block in blocks[first : first + 4])
    sites = site_names(view)
    least = 0.0 if _spells_host(title.text, view.host) else _shared(title.text, text)
    best: tuple[bool, float, int] | None = None
    for position in range(max(0, first - 12), first + 1):
        block = blocks[position]
        if (
            _stands_out(block)
            and 15 <= len(block.text) <= 220
            and block.text.count(" ") >= 2
            and not block.text.endswith((".", ":"))
            and (block.is_heading or not block.after_image)
            and not {"cards", "junk", "hidden", "caption"} & set(block.cues)
            and not _names_site(block.text, sites)
        ):
            rank = (block.is_heading, _shared(block.text, text), position)
            if rank[1] > least and (best is None or rank > best):
                best = rank
    if best is None:
        return title
    block = blocks[best[2]]
    return Title(block.text, f"{block.tag} above the text", best[2])


def _spells_host(title: str, host: str) -> bool:
    """Whether every word of a title stands in the host, as in a site's name."""
    letters = _letters(host)
    return all(word in letters for word in _loose(title).split())


def _shared(title: str, text: str) -> float:
    words = {word for word in _loose(title).split() if len(word) > 3}
    return len(words & set(_loose(text).split())) / max(1, len(words))


def _without_label(heading: str, stated: list[tuple[str, str]]) -> str:
    """A heading without the section's name set into it ("POLITIK Bupati …"); a mark with a
    colon ("Video: …") is part of what the reader sees."""
    for text, _ in stated:
        label = heading[: -len(text)].strip() if heading.endswith(text) else ""
        if label and label.count(" ") <= 2 and label[-1].isalnum():
            return text
    return heading


def find(view: View, blocks: list[Block], hint: str = "") -> Title:
    """The page's headline. ``hint`` is the feed's title, the weakest witness."""
    sites = site_names(view)
    stated = _stated(view, sites)
    if hint.strip():
        stated.append((without_site(clean(hint), sites), "feed"))
    seen = [
        (position, block)
        for position, block in enumerate(blocks)
        if _stands_out(block)
        and 8 <= len(block.text) <= 300
        and "hidden" not in block.cues
        and _letters(block.text) not in sites
    ]
    best: tuple[float, int, Block, str] | None = None
    for position, block in seen:
        for text, why in stated:
            if why == "<title>" and len(text) > len(block.text) * 2.5:
                continue
            alike = likeness(block.text, text)
            rank = (
                alike + (0.05 if block.tag == "h1" else 0.0) - (0.3 if "cards" in block.cues else 0)
            )
            if alike >= 0.6 and (best is None or rank > best[0] + 1e-9):
                best = (rank, position, block, why)
    if best is not None:
        _, position, block, why = best
        text = without_site(_ANCHOR.sub("", block.text), sites)
        return Title(_without_label(text, stated), f"{block.tag} like {why}", position)
    for position, block in seen:
        if block.tag == "h1" and "junk" not in block.cues and len(block.text) >= 15 and not stated:
            return Title(block.text, "h1", position)
    if stated:
        whole = max(stated, key=lambda s: sum(likeness(s[0], other) for other, _ in stated))
        return Title(whole[0], whole[1], None)
    for position, block in seen:
        if block.tag == "h1":
            return Title(block.text, "h1", position)
    return Title("", "none", None)
