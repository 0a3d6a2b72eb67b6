"""A channel's public preview, as Telegram's web pages are built; every word is invented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.servers.local import Answer

PER_PAGE = 20


@dataclass
class Message:
    id: int
    text: str
    at: datetime
    views: str = "1.2K"
    edited: bool = False
    forwarded: str = ""
    answers: tuple[int, str, str] | None = None
    """Id, author and words of what it answers."""
    photo: str = ""
    service: bool = False

    def html(self, channel: str, name: str) -> str:
        said = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{self.text}</div>'
        if self.service:
            return (
                '<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="'
                f'tgme_widget_message service_message" data-post="{channel}/{self.id}">{said}'
                '<div class="tgme_widget_message_service_date">3 November</div></div></div>'
            )
        reply = forwarded = photo = ""
        if self.answers:
            number, author, words = self.answers
            reply = (
                f'<a class="tgme_widget_message_reply" href="https://t.me/{channel}/{number}">'
                f'<span class="tgme_widget_message_author_name">{author}</span>'
                f'<div class="tgme_widget_message_text js-message_text">{words}</div></a>'
            )
        if self.forwarded:
            forwarded = (
                '<div class="tgme_widget_message_forwarded_from">Forwarded from <a class="'
                'tgme_widget_message_forwarded_from_name" href="https://t.me/kecamatan/5"><span>'
                f"{self.forwarded}</span></a></div>"
            )
        if self.photo:
            photo = (
                '<a class="tgme_widget_message_photo_wrap 55" style="width:800px;'
                f"background-image:url('{self.photo}')\"></a>"
            )
        edited = "edited " if self.edited else ""
        return (
            '<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="'
            'tgme_widget_message text_not_supported_wrap js-widget_message" '
            f'data-post="{channel}/{self.id}"><div class="tgme_widget_message_bubble">'
            '<div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name">'
            f'<span dir="auto">{name}</span></a></div>{forwarded}{reply}{photo}{said}'
            '<div class="tgme_widget_message_footer"><div class="tgme_widget_message_info">'
            f'<span class="tgme_widget_message_views">{self.views}</span>'
            f'<span class="tgme_widget_message_meta">{edited}<a class="tgme_widget_message_date" '
            f'href="https://t.me/{channel}/{self.id}"><time datetime="{self.at.isoformat()}">'
            "</time></a></span></div></div></div></div></div>"
        )


@dataclass
class Channel:
    """Answers ``/s/NAME``, ``?before=`` and ``/NAME/ID``."""

    handle: str
    name: str
    messages: dict[int, Message] = field(default_factory=dict)
    noindex: bool = False
    private: bool = False

    def post(self, *messages: Message) -> None:
        for message in messages:
            self.messages[message.id] = message

    def delete(self, *ids: int) -> None:
        for one in ids:
            del self.messages[one]

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        self.answer(handler.path)(handler)

    def answer(self, path: str) -> Answer:
        parts = urlsplit(path)
        if parts.path == "/robots.txt":
            return Answer(b"User-agent: *\nAllow: /", "text/plain")
        if parts.path == f"/s/{self.handle}":
            if self.private:
                return Answer(status=302, headers={"Location": f"/{self.handle}"})
            before = parse_qs(parts.query).get("before")
            return self._page(int(before[0]) if before else 10**9)
        if parts.path == f"/{self.handle}":
            return Answer(b'<div class="tgme_page_title">Kanal</div>')
        if parts.path.startswith(f"/{self.handle}/"):
            return self._one(int(parts.path.rpartition("/")[2]))
        return Answer(status=404)

    def _page(self, before: int) -> Answer:
        older = sorted(number for number in self.messages if number < before)
        shown = older[-PER_PAGE:]
        more = f'<a class="tme_messages_more js-messages_more" data-before="{shown[0]}"></a>'
        return self._whole(
            (more if len(older) > len(shown) else "")
            + "".join(self._wraps(self.messages[number] for number in shown))
        )

    def _wraps(self, messages: Iterable[Message]) -> list[str]:
        return [message.html(self.handle, self.name) for message in messages]

    def _whole(self, messages: str) -> Answer:
        robots = '<meta name="robots" content="noindex">' if self.noindex else ""
        return Answer(
            f"<!DOCTYPE html><html><head>{robots}</head><body>"
            '<div class="tgme_channel_info"><div class="tgme_channel_info_header">'
            f'<div class="tgme_channel_info_header_title"><span>{self.name}</span></div></div>'
            '</div><main><section class="tgme_channel_history js-message_history">'
            f"{messages}</section></main></body></html>".encode()
        )

    def _one(self, number: int) -> Answer:
        if number in self.messages:
            return self._whole("".join(self._wraps([self.messages[number]])))
        return Answer(
            b'<html><body><div class="tgme_widget_message_error">Post not found</div></body></html>'
        )
