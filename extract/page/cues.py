"""What an element's tag, class, id and style say about the matter inside.

The lexicon of names is data (``data/classes.toml``), matched against whole words of a name:
"td-related-posts" holds "related".
"""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from typing import Any

from lxml import html

_DATA = Path(__file__).with_name("data")
_CLASSES: dict[str, dict[str, list[str]]] = tomllib.loads(
    (_DATA / "classes.toml").read_text(encoding="utf-8")
)
_TAGS: dict[str, Any] = tomllib.loads((_DATA / "tags.toml").read_text(encoding="utf-8"))
SKIPPED, INLINE, IMAGES, HEADINGS = (
    frozenset(_TAGS[kind]) for kind in ("skipped", "inline", "images", "headings")
)
UNSHOWN: tuple[str, ...] = tuple(_TAGS["unshown"])
_CAPTIONS = frozenset(_TAGS["captions"])
_ASIDES: dict[str, str] = _TAGS["asides"]
_WORDS = re.compile(r"[A-Za-z][a-z]*|[A-Z]+(?![a-z])|\d+")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_CLASS = re.compile(
    r"(?<![\w-])(?:d-none|hidden|hide|sr-only|visually-hidden|screen-reader-text|screen-reader|"
    r"td-visible-desktop-hidden|display-none|invisible|mw-editsection|headerlink)(?![\w-])"
)
_SHOWN_AGAIN = re.compile(r"[:-](?:block|flex|inline|grid|table|visible)")


@functools.cache
def _lexicon() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    rows = []
    for cue, groups in _CLASSES.items():
        for group, names in groups.items():
            for name in names:
                rows.append((cue, group, tuple(re.split(r"[-_]+", name))))
    return tuple(rows)


@functools.cache
def _by_first_word() -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    index: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for cue, group, words in _lexicon():
        index.setdefault(words[0], []).append((cue, group, words))
    return index


@functools.lru_cache(maxsize=4_096)
def name_cues(names: str) -> tuple[tuple[str, str], ...]:
    """The cues that an element's ``class`` and ``id`` give, as (cue, "group: name")."""
    found: dict[str, str] = {}
    index = _by_first_word()
    for name in names.split():
        words = [word.lower() for word in _WORDS.findall(name)]
        for position, word in enumerate(words):
            for cue, group, wanted in index.get(word, ()):
                if tuple(words[position : position + len(wanted)]) == wanted:
                    found.setdefault(cue, f"{group}: {name}")
    return tuple(found.items())


def is_hidden(element: html.HtmlElement) -> bool:
    """Whether a style, attribute or well-known class keeps the element from being shown."""
    style = element.get("style")
    if style and _HIDDEN_STYLE.search(style):
        return True
    if "hidden" in element.attrib and element.get("hidden") != "until-found":
        return True
    names = element.get("class")
    return bool(names and _HIDDEN_CLASS.search(names) and not _SHOWN_AGAIN.search(names))


def own_cues(element: html.HtmlElement, tag: str) -> dict[str, str]:
    """Cue (``junk``, ``caption``, ``meta``, ``hidden``) → what on the element gives it."""
    cues: dict[str, str] = {}
    if tag in _ASIDES:
        cues["junk"] = f"{_ASIDES[tag]}: <{tag}>"
    if tag in _CAPTIONS:
        cues["caption"] = f"<{tag}>"
    if is_hidden(element):
        cues["hidden"] = "not shown"
    names = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
    if names and tag not in ("html", "body"):
        for cue, reason in name_cues(names):
            cues.setdefault(cue, reason)
    return cues
