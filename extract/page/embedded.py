"""Articles that stand in a page's scripts: Next.js, Nuxt and other state objects.

The data is read, never run: JSON is decoded, Nuxt 3's index lists and Next.js' flight lines
are resolved, and of Nuxt 2's function call only the literals are taken. What counts as an
article is told by the names of its fields (``data/embedded.toml``) and by its title being
that of the page.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.page.decode import clean
from extract.page.view import View

_DATA = Path(__file__).with_name("data") / "embedded.toml"
_ORDER: dict[str, list[str]] = tomllib.loads(_DATA.read_text(encoding="utf-8"))
_NAMES = {kind: frozenset(names) for kind, names in _ORDER.items()}
_MAX_NODES = 100_000
_MAX_DEPTH = 40
_SHORTEST = 120
_LONGEST = 3_000_000
_ASSIGNMENT = re.compile(r"=\s*(?=[{\[]\s*[\"{\[])")
_FLIGHT = re.compile(r"self\.__next_f\.push\(\s*\[\s*1\s*,\s*(\"(?:[^\"\\]|\\.)*\")\s*\]\s*\)")
_NUXT_CALL = re.compile(r"__NUXT__\s*=\s*\(?function\s*\(([^)]{0,20000})\)\s*\{")
_LITERAL = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[A-Za-z_$][\w$]*|-?\d+(?:\.\d+)?"
_PROPERTY = re.compile(rf"(?<![\w\"'$])[\"']?([A-Za-z_]\w{{1,30}})[\"']?\s*:\s*({_LITERAL})")
_CONTENT_PROPERTY = re.compile(
    rf"\b(?:{'|'.join(_ORDER['content'])})[\"']?\s*:\s*(?:[\"']|[A-Za-z_$][\w$]{{0,2}}[,}}])", re.I
)
_ARGUMENT = re.compile(
    rf"\s*(?:void 0|Array\(\d+\)|({_LITERAL})|\{{[^{{}}]*\}}|\[[^\[\]]*\])\s*(?:[,)]|$)"
)
_PERSON = re.compile(
    rf"\b(?:{'|'.join(_ORDER['author'])})\s*:\s*[\[{{][^\]}}]{{0,300}}?"
    rf"\b(?:{'|'.join(_ORDER['author_name'])})\s*:\s*({_LITERAL})",
    re.I,
)
_VARIABLE = re.compile(
    r"[\"']?\b([A-Za-z][\w-]{3,30})[\"']?\s*:\s*(\"(?:[^\"\\\n]|\\.){4,120}\"|'(?:[^'\\\n]|\\.){4,120}')"
)
_LONGEST_PUSH = 20_000
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Story:
    """An article as a script holds it."""

    title: str
    markup: str
    """HTML, or plain text with line breaks."""
    published: tuple[str, ...] = ()
    modified: str = ""
    authors: tuple[str, ...] = ()


def _key(name: str) -> str:
    """A field's name without its writing; Apollo keeps the arguments in it."""
    return name.partition("(")[0].replace("_", "").replace("-", "").casefold()


def stories(view: View, *, thorough: bool = True) -> list[Story]:
    """Every article-like object in the page's scripts, in their order; those that stand
    among code and not as JSON only if ``thorough``, for that takes longer."""
    found: list[Story] = []
    flight: list[str] = []
    for script in view.root.iter("script"):
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if not _SHORTEST <= len(text) <= _LONGEST or "ld+json" in kind:
            continue
        if script.get("id") == "__NUXT_DATA__":
            found.extend(_walk(_unflatten(_json(text))))
        elif "json" in kind:
            found.extend(_walk(_json(text)))
        elif "__next_f" in text:
            flight.extend(_string(match[1]) for match in _FLIGHT.finditer(text))
        elif call := _NUXT_CALL.search(text):
            found.extend(_nuxt_call(text, call))
        elif len(text) > 400 and ("{" in text or "[" in text):
            in_script = [story for value in _assigned(text) for story in _walk(value)]
            found.extend(in_script)
            if thorough and not in_script:
                found.extend(_among_literals(text, {}))
    if flight:
        found.extend(_flight("".join(flight)))
    if thorough:
        # Inertia.js, Vue and islands keep their data in attributes.
        for element in view.root.iter():
            for value in element.values():
                if len(value) >= _SHORTEST and value.lstrip()[:1] in ("{", "["):
                    found.extend(_walk(_json(value)))
    return found


def variables(view: View) -> dict[str, list[str]]:
    """What a page hands to its counters (``dataLayer.push({"author": …})``): ``published`` and
    ``author``, where all its scripts name only one."""
    told: dict[str, dict[str, None]] = {"published": {}, "author": {}}
    for script in view.root.iter("script"):
        text = script.text or ""
        if len(text) > _LONGEST_PUSH or "ld+json" in (script.get("type") or ""):
            continue
        for match in _VARIABLE.finditer(text):
            key = _key(match[1].removeprefix("content_"))
            for kind, values in told.items():
                if key in _NAMES[kind] and (value := _string(match[2]).strip()):
                    values[value] = None
    return {kind: list(values) if len(values) == 1 else [] for kind, values in told.items()}


def _json(text: str) -> Any:
    if "&q;" in text:  # Angular's own escapes
        for escaped, plain in (
            ("&q;", '"'),
            ("&s;", "'"),
            ("&l;", "<"),
            ("&g;", ">"),
            ("&a;", "&"),
        ):
            text = text.replace(escaped, plain)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _string(literal: str) -> str:
    if literal.startswith("'"):
        literal = '"' + literal[1:-1].replace('"', '\\"').replace("\\'", "'") + '"'
    try:
        return str(json.loads(literal, strict=False))
    except ValueError:
        return literal[1:-1]


def _assigned(text: str) -> Iterator[Any]:
    """JSON that a script assigns to a variable (``window.__INITIAL_STATE__ = {…}``)."""
    decoder = json.JSONDecoder(strict=False)
    position = 0
    for _ in range(20):
        match = _ASSIGNMENT.search(text, position)
        if match is None:
            return
        position = match.end()
        try:
            value, position = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict | list):
            yield value


def _unflatten(flat: Any) -> Any:
    """Nuxt 3's payload: a list whose numbers are places in the same list."""
    if not isinstance(flat, list):
        return None
    made: dict[int, Any] = {}

    def at(index: Any, depth: int) -> Any:
        if not isinstance(index, int) or isinstance(index, bool):
            return index
        if not 0 <= index < len(flat) or depth > _MAX_DEPTH or len(made) > _MAX_NODES:
            return None
        if index in made:
            return made[index]
        value = flat[index]
        if isinstance(value, dict):
            made[index] = result = {}
            for key, place in value.items():
                result[key] = at(place, depth + 1)
        elif isinstance(value, list):
            if value and isinstance(value[0], str):  # ["Reactive", 3], ["Date", "2024-…"]
                made[index] = at(value[1], depth + 1) if len(value) == 2 else None
            else:
                items: list[Any] = []
                made[index] = items
                items.extend(at(place, depth + 1) for place in value)
        else:
            made[index] = value
        return made[index]

    return at(0, 0)


def _flight(text: str) -> Iterator[Story]:
    """The lines of a React flight stream: ``id:json`` and ``id:Tlength,text``."""
    data = text.encode("utf-8", "surrogatepass")
    texts: dict[str, str] = {}
    values: list[Any] = []
    position = 0
    starts = re.compile(rb"([0-9a-f]+):")
    while position < len(data):
        match = starts.match(data, position)
        if match is None:
            newline = data.find(b"\n", position)
            position = newline + 1 if newline >= 0 else len(data)
            continue
        name, position = match[1].decode(), match.end()
        if data[position : position + 1] == b"T":
            comma = data.find(b",", position)
            try:
                length = int(data[position + 1 : comma], 16)
            except ValueError:
                continue
            texts[name] = data[comma + 1 : comma + 1 + length].decode("utf-8", "replace")
            position = comma + 1 + length
            continue
        newline = data.find(b"\n", position)
        end = newline if newline >= 0 else len(data)
        if data[position : position + 1] in (b"{", b"["):
            values.append(_json(data[position:end].decode("utf-8", "replace")))
        position = end + 1
    for value in values:
        yield from _walk(value, texts)


def _nuxt_call(text: str, call: re.Match[str]) -> Iterator[Story]:
    """Nuxt 2's ``__NUXT__=(function(a,b){return {…content:a…}}("…","…"))``: its properties,
    with the arguments put in the place of their names."""
    names = [name.strip() for name in call[1].split(",")]
    ending = text.rfind("}(")
    body = text[call.end() : ending if ending > call.end() else len(text)]
    bound = dict(zip(names, _arguments(text[ending + 2 :]), strict=False)) if ending > 0 else {}
    yield from _among_literals(body, bound)


def _among_literals(body: str, bound: dict[str, str]) -> Iterator[Story]:
    """The article among the properties of objects written as code (SvelteKit, Nuxt 2): the
    longest content, with the title, date and author that stand around it."""
    if not _CONTENT_PROPERTY.search(body):
        return
    fields: dict[str, str] = {}
    for match in _PROPERTY.finditer(body):
        literal = match[2]
        value = _string(literal) if literal[0] in "\"'" else bound.get(literal, "")
        if not value or _key(match[1]) not in _NAMES["content"]:
            continue
        if len(value) > len(fields.get("content", "")):
            start = max(0, match.start() - 4_000)
            fields = {"content": value, **_around(body[start : match.end() + 4_000], bound)}
    if len(fields.get("content", "")) >= _SHORTEST:
        yield Story(
            clean(fields.get("title", "")),
            fields["content"],
            tuple(filter(None, [fields.get("published", "")])),
            fields.get("modified", ""),
            tuple(filter(None, [fields.get("author", "")])),
        )


def _around(body: str, bound: dict[str, str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for match in _PROPERTY.finditer(body):
        literal = match[2]
        value = _string(literal) if literal[0] in "\"'" else bound.get(literal, "")
        for kind in ("title", "published", "modified", "author"):
            if value and _key(match[1]) in _NAMES[kind] and len(value) < 300:
                fields.setdefault(kind, value)
    if person := _PERSON.search(body):
        literal = person[1]
        value = _string(literal) if literal[0] in "\"'" else bound.get(literal, "")
        fields["author"] = value or fields.get("author", "")
    return fields


def _arguments(text: str) -> list[str]:
    values: list[str] = []
    position = 0
    while position < len(text) and (match := _ARGUMENT.match(text, position)):
        literal = match[1] or ""
        values.append(_string(literal) if literal[:1] in ('"', "'") else "")
        if match.end() == position:
            break
        position = match.end()
    return values


def _walk(value: Any, texts: dict[str, str] | None = None) -> Iterator[Story]:
    """Every object with a title and enough content, without the lists of other articles."""
    stack: list[tuple[Any, int]] = [(value, 0)]
    visited = 0
    while stack:
        node, depth = stack.pop()
        visited += 1
        if visited > _MAX_NODES or depth > _MAX_DEPTH:
            continue
        if isinstance(node, dict):
            if story := _story(node, texts or {}, value if isinstance(value, dict) else {}):
                yield story
            children = [c for n, c in node.items() if _key(str(n)) not in _NAMES["not_story"]]
        else:
            children = node if isinstance(node, list) else []
        for child in children:
            if isinstance(child, dict | list):
                stack.append((child, depth + 1))
            elif isinstance(child, str) and len(child) > _SHORTEST and child[:2] in ('{"', "[{"):
                stack.append((_json(child), depth + 1))  # JSON within JSON


def _story(node: dict[str, Any], texts: dict[str, str], root: dict[str, Any]) -> Story | None:
    fields = {_key(str(name)): value for name, value in node.items()}
    # WordPress' interface wraps both in {"rendered": …}.
    title = next((t for n in _ORDER["title"] if n in fields and (t := _plain(fields[n]))), "")
    if not title:
        return None
    best = ""
    for name in _ORDER["content"]:
        if name in fields:
            markup = _markup(fields[name], texts, 0)
            if len(_TAG.sub("", markup)) > len(_TAG.sub("", best)):
                best = markup
    if len(_TAG.sub("", best)) < _SHORTEST:
        return None
    return Story(
        clean(title),
        best,
        tuple(str(fields[n]) for n in _ORDER["published"] if isinstance(fields.get(n), str | int)),
        next((str(fields[n]) for n in _ORDER["modified"] if isinstance(fields.get(n), str)), ""),
        tuple(
            name
            for n in _ORDER["author"]
            if n in fields
            for name in _people(_referred(fields[n], root))
        ),
    )


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("rendered") or value.get("raw") or value.get("text")
    return _TAG.sub("", value).strip() if isinstance(value, str) and len(value) < 500 else ""


def _markup(value: Any, texts: dict[str, str], depth: int) -> str:
    """The words of a content field: HTML, plain text, or a list of blocks."""
    if depth > 8:
        return ""
    if isinstance(value, str):
        if value.startswith("$") and value[1:] in texts:
            return texts[value[1:]]
        return value
    if isinstance(value, list):
        parts = [_markup(item, texts, depth + 1) for item in value[:2000]]
        return "\n".join(part for part in parts if part)
    if isinstance(value, dict):
        fields = {_key(str(name)): item for name, item in value.items()}
        if str(fields.get("type", "")).casefold() in ("image", "embed", "related", "ads", "video"):
            return ""
        for name in ("rendered", *_ORDER["block_text"]):
            if name in fields and (text := _markup(fields[name], texts, depth + 1)):
                spans = isinstance(fields[name], list) and name in ("children", "spans")
                return text.replace("\n", "") if spans else text
    return ""


def _referred(value: Any, of: dict[str, Any]) -> Any:
    """What an Apollo cache, ``of``, holds where a field only refers to it."""
    if isinstance(value, list):
        return [_referred(item, of) for item in value[:10]]
    if isinstance(value, dict) and isinstance(value.get("__ref"), str):
        return of.get(value["__ref"])
    return value


def _people(value: Any, depth: int = 0) -> list[str]:
    if isinstance(value, str):
        return [value] if 2 < len(value) < 120 else []
    if isinstance(value, list):
        return [name for item in value[:10] for name in _people(item, depth)]
    if isinstance(value, dict):
        fields = {_key(str(name)): item for name, item in value.items()}
        for name in _ORDER["author_name"]:
            if isinstance(fields.get(name), str):
                return [fields[name]]
        # {"profile": {"fullName": …}}, {"data": {"attributes": {"name": …}}}
        inner = [v for n, v in fields.items() if n in _NAMES["author_box"]] if depth < 3 else []
        return [name for item in inner for name in _people(item, depth + 1)]
    return []
