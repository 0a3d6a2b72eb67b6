"""The public preview of a Telegram channel (``t.me/s/CHANNEL``), and of one message."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import lxml.html
from lxml import etree

from crawler.platforms.reading import MOST_POSTS, Answer, counts, moment, shown
from pantau.posts import LONGEST_FIELD, MOST_ITEMS, Post
from pantau.records import Media

_ID = re.compile(r"[A-Za-z]\w{3,31}/\d{1,12}")
_PICTURE = re.compile(r"background-image:\s*url\(['\"]?([^'\")]+)")
_COUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([KM]?)")
_TIMES = {"": 1, "K": 1000, "M": 1_000_000}


def read_channel(body: bytes, *, url: str, official: bool) -> Answer:
    """The messages of a preview page, oldest first as it shows them; service messages are left
    out. ``told``: ``channel``, its name."""
    root = _parsed(body)
    if root is None or not root.xpath('//*[contains(@class, "tgme_channel_history")]'):
        return Answer(problem="no preview: the channel is private, a group, or is not there")
    name = _text(root, "tgme_channel_info_header_title")
    posts = []
    found = _of_class(root, "tgme_widget_message")[:MOST_POSTS]
    outer = set(found)
    for element in found:
        if not outer.isdisjoint(element.iterancestors()):
            continue  # a message holds no other
        post = _message(element, channel=name, url=url, official=official)
        if post is not None:
            posts.append(post)
    older = root.xpath('//a[contains(@class, "tme_messages_more")]/@data-before')
    before = older[0] if older and older[0].isdecimal() else ""
    return Answer(tuple(posts), next=before, told={"channel": name})


def is_deleted(body: bytes) -> bool | None:
    """Of one message's own page: whether it says that there is none; None where it is neither."""
    root = _parsed(body)
    if root is None:
        return None
    if _of_class(root, "tgme_widget_message_error"):
        return True
    return False if _of_class(root, "tgme_widget_message") else None


def _message(element: Any, *, channel: str, url: str, official: bool) -> Post | None:
    identity = element.get("data-post", "")
    if not _ID.fullmatch(identity) or _of_class(element, "tgme_widget_message_service_date"):
        return None
    if "service_message" in element.get("class", "").split():
        return None
    answered = _of_class(element, "tgme_widget_message_reply")[:MOST_ITEMS]
    context = [_answered(reply) for reply in answered]
    reply_to = next((_post_id(reply.get("href", "")) for reply in answered), "")
    for reply in answered:
        reply.drop_tree()
    texts = _of_class(element, "js-message_text") or _of_class(element, "tgme_widget_message_text")
    texts = [text for text in texts if set(texts).isdisjoint(text.iterancestors())][:MOST_ITEMS]
    forwarded = _text(element, "tgme_widget_message_forwarded_from_name")
    if forwarded and _is_public(element):
        context.insert(0, f"Diteruskan dari {forwarded}")
    preview = "\n".join(
        filter(
            None,
            (_text(element, name) for name in ("link_preview_title", "link_preview_description")),
        )
    )
    return Post(
        platform="telegram",
        id=identity,
        url=urljoin(url, f"/{identity}"),
        text="\n\n".join(filter(None, map(shown, texts))),
        author=_text(element, "tgme_widget_message_owner_name") or channel,
        handle=f"@{identity.partition('/')[0]}",
        official=official,
        published=_time(element),
        edited=_time(element) if _is_edited(element) else None,
        context="\n".join(filter(None, [*context, preview])),
        reply_to=reply_to,
        thread=reply_to,
        links=_links(texts, url),
        media=_media(element),
        counts=_counts(element),
        raw=etree.tostring(element, encoding="unicode", with_tail=False)[:100_000],
    )


def _answered(reply: Any) -> str:
    """The words that are answered; who said them may be a citizen and is left out."""
    return _text(reply, "tgme_widget_message_text") or _text(reply, "js-message_reply_text")


def _is_public(element: Any) -> bool:
    """Whether what was forwarded came from a public channel: only these are linked."""
    source = _of_class(element, "tgme_widget_message_forwarded_from_name")
    return bool(source and source[0].get("href"))


def _post_id(href: str) -> str:
    match = re.search(r"/([A-Za-z]\w{3,31}/\d{1,12})(?:$|[?#])", href)
    return match[1] if match else ""


def _time(element: Any) -> datetime | None:
    stamps = element.xpath('.//a[contains(@class, "tgme_widget_message_date")]//time/@datetime')
    return moment(stamps[-1]) if stamps else None


def _is_edited(element: Any) -> bool:
    return any(
        "edited" in shown(meta).lower() for meta in _of_class(element, "tgme_widget_message_meta")
    )


def _links(texts: list[Any], url: str) -> tuple[str, ...]:
    found = [href for text in texts for href in text.xpath(".//a/@href")]
    web = [urljoin(url, href) for href in found if not href.startswith(("?", "#", "tg:"))]
    return tuple(dict.fromkeys(link for link in web if link.startswith("http")))[:MOST_ITEMS]


def _media(element: Any) -> tuple[Media, ...]:
    found: list[Media] = []
    for picture in _of_class(element, "tgme_widget_message_photo_wrap"):
        match = _PICTURE.search(picture.get("style", ""))
        found.append(Media(type="photo", url=match[1] if match else ""))
    found += [Media(type="video") for _ in _of_class(element, "tgme_widget_message_video_player")]
    found += [Media(type="audio") for _ in _of_class(element, "tgme_widget_message_voice_player")]
    found += [
        Media(type="file", description=_text(file, "tgme_widget_message_document_title"))
        for file in _of_class(element, "tgme_widget_message_document_wrap")
    ]
    return tuple(found[:MOST_ITEMS])


def _counts(element: Any) -> dict[str, int]:
    reactions = [_count(shown(one)) for one in _of_class(element, "tgme_reaction")]
    told = [number for number in reactions if number is not None]
    return counts(
        view=_count(_text(element, "tgme_widget_message_views")),
        like=sum(told) if told else None,
    )


def _count(told: str) -> int | None:
    """``1.2K`` is 1200."""
    match = _COUNT.search(told.replace(",", ""))
    return int(float(match[1][:12]) * _TIMES[match[2]]) if match else None


def _parsed(body: bytes) -> Any:
    try:
        return lxml.html.document_fromstring(body.decode("utf-8", "replace").replace("\x00", ""))
    except (etree.ParserError, ValueError):
        return None


def _of_class(element: Any, name: str) -> list[Any]:
    """Elements below that have this class, a whole word of it."""
    return list(
        element.xpath(
            'descendant::*[contains(concat(" ", normalize-space(@class), " "), $name)]',
            name=f" {name} ",
        )
    )


def _text(element: Any, name: str) -> str:
    found = _of_class(element, name)
    return " ".join(shown(found[0]).split())[:LONGEST_FIELD] if found else ""
