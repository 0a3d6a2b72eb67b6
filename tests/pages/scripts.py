"""A story as sites keep it in the data of their scripts: Next.js, Nuxt, Angular and others."""

from __future__ import annotations

import json
from typing import Any


def flight(story: dict[str, Any], iso: str) -> str:
    """The script tags of a React flight stream that holds the story."""
    markup = "".join(f"<p>{paragraph}</p>" for paragraph in story["paragraphs"])
    size = len(markup.encode())
    article = {
        "id": 7712,
        "title": story["title"],
        "content": "$1a",
        "published_at": iso,
        "authors": [{"name": name} for name in story["author"]],
        "related": [{"title": "Kambing Etawa Curi Perhatian di Pameran Ternak"}],
    }
    lines = (
        '2:I[4707,[],""]\n'
        f"1a:T{size:x},{markup}"
        f'4:["$","main",null,{{"children":["$","$L9",null,{json.dumps({"article": article})}]}}]\n'
    )
    half = len(lines) // 2
    return "".join(
        f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>"
        for part in (lines[:half], lines[half:])
    ).replace("</p>", "\\u003c/p>")


def slate(story: dict[str, Any], iso: str) -> str:
    """Next.js page data with a document of nested nodes."""
    nodes = [
        {
            "object": "block",
            "type": "paragraph",
            "nodes": [{"object": "text", "leaves": [{"object": "leaf", "text": text}]}],
        }
        for text in story["paragraphs"]
    ]
    body = {"object": "value", "document": {"object": "document", "nodes": nodes}}
    data = {
        "title": story["title"],
        "content": body,
        "publishedAt": iso,
        "author": {"id": "1", "name": story["author"][0], "about": "Senang menulis"},
    }
    return json.dumps({"props": {"pageProps": {"story": data, "menus": []}}, "page": "/[slug]"})


def devalue(story: dict[str, Any], iso: str) -> str:
    """Nuxt 3's payload: values in one list, places for references."""
    flat: list[Any] = []

    def put(value: Any) -> int:
        place = len(flat)
        flat.append(None)
        if isinstance(value, dict):
            flat[place] = {key: put(item) for key, item in value.items()}
        elif isinstance(value, list):
            flat[place] = [put(item) for item in value]
        else:
            flat[place] = value
        return place

    flat.append(["ShallowReactive", 1])
    put(
        {
            "data": {
                "artikel": {
                    "judul": story["title"],
                    "konten": "".join(f"<p>{p}</p>\n" for p in story["paragraphs"]),
                    "tanggal_terbit": iso,
                    "penulis": [{"nama": name} for name in story["author"]],
                },
                "terkini": [{"judul": "Dermaga Kayu Roboh, Dua Perahu Rusak", "konten": "x"}],
            }
        }
    )
    return json.dumps(flat).replace("</", "<\\/")


def state(story: dict[str, Any], iso: str) -> str:
    """The state of a single-page application, the text as a list of blocks."""
    blocks = [{"type": "paragraph", "data": {"text": text}} for text in story["paragraphs"]]
    blocks.insert(2, {"type": "image", "data": {"caption": story["caption"], "url": "/x.jpg"}})
    article = {
        "headline": story["title"],
        "body": {"time": 1, "blocks": blocks},
        "publish_date": iso,
        "reporters": story["author"],
    }
    return json.dumps({"route": {"name": "baca"}, "detail": article, "popular": []})


def inertia(story: dict[str, Any], iso: str) -> str:
    """Inertia.js: the page's props in an attribute."""
    post = {
        "id": 5,
        "judul": story["title"],
        "isi": "".join(f"<p>{p}</p>" for p in story["paragraphs"]),
        "tanggal": iso,
        "penulis": {"nama": story["author"][0]},
    }
    lists = {"terkait": [{"judul": "Pekan Raya Daerah Batal karena Cuaca", "isi": "x"}]}
    return json.dumps({"component": "News/Show", "props": {"post": post, **lists}, "url": "/news"})


def remix(story: dict[str, Any], iso: str) -> str:
    """A loader's answer kept as JSON inside JSON."""
    post = {
        "headline": story["title"],
        "body_html": "".join(f"<p>{p}</p>" for p in story["paragraphs"]),
        "firstPublishedAt": iso,
        "byline": story["author"][0],
    }
    data = {"routes/p.$slug": {"payload": json.dumps({"post": post})}}
    return json.dumps({"url": "/p", "state": {"loaderData": data}}).replace("</", "<\\/")


def ngstate(story: dict[str, Any], iso: str) -> str:
    """Angular's transfer state with its own escapes."""
    article = {
        "title": story["title"],
        "content": "".join(f"<p>{p}</p>" for p in story["paragraphs"]),
        "publishedDate": iso,
        "author": {"displayName": story["author"][0]},
    }
    text = json.dumps({"G.https://api.example/articles/9": {"body": {"data": article}}})
    for plain, escaped in (("&", "&a;"), ('"', "&q;"), ("'", "&s;"), ("<", "&l;"), (">", "&g;")):
        text = text.replace(plain, escaped)
    return text


def svelte(story: dict[str, Any], iso: str) -> str:
    """SvelteKit's data, an object among the arguments of a call."""
    article = {
        "judul": story["title"],
        "konten": "".join(f"<p>{p}</p>" for p in story["paragraphs"]),
        "tanggalTerbit": iso,
        "penulis": story["author"][0],
    }
    return json.dumps({"artikel": article, "terkini": []}).replace("</", "<\\/")
