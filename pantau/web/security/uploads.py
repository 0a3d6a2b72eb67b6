"""Forms that bring files: let through to their page piece by piece, and never as a whole in memory.

Everywhere else a form is small and the guard reads all of it. Here it reads no further than the
first field, which is the token: what is not ours is refused before anything of it is kept. The page
reads the rest, up to a bound.
"""

from __future__ import annotations

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

PATHS = ("/tambah",)
TOKEN_WITHIN = 64 * 1024
"""Bytes in which the token must have come."""


class TooLarge(HTTPException):
    """More was sent than may be. Raised where the page reads the form."""

    def __init__(self) -> None:
        super().__init__(413)


def expected(request: Request) -> bool:
    """Whether this is a form with files, at an address where one may come."""
    kind, _ = parse_options_header(request.headers.get("content-type"))
    return request.url.path in PATHS and kind == b"multipart/form-data"


async def begun(request: Request, receive: Receive, most: int) -> tuple[str, Receive]:
    """The token in a form's first field (empty where it is none), and the whole form to be read
    anew. Reading raises TooLarge beyond ``most`` bytes."""
    _, options = parse_options_header(request.headers.get("content-type"))
    field = _FirstField(options.get(b"boundary", b""))
    messages: list[Message] = []
    came, more = 0, True

    async def read() -> Message:
        nonlocal came, more
        message = await receive()
        came += len(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
        return message

    while more and not field.ended and came < TOKEN_WITHIN:
        messages.append(await read())
        field.read(messages[-1].get("body", b""))
    told = request.headers.get("content-length", "")
    hopeless = told.isdecimal() and int(told[:20]) > most

    async def again() -> Message:
        if hopeless or came > most:
            while more and came < 2 * most:  # a browser reads no answer while it sends
                await read()
            raise TooLarge
        return messages.pop(0) if messages else await read()

    return field.value, again


class _FirstField:
    """The value of a form's first field, if it is named ``csrf``."""

    def __init__(self, boundary: bytes) -> None:
        self.value = ""
        """Known once the field has ``ended``."""
        self.ended = False
        self._name = self._told = self._sent = b""
        self._is_token = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_header_field": self._on_name,
                    "on_header_value": self._on_told,
                    "on_header_end": self._on_header,
                    "on_part_data": self._on_data,
                    "on_part_end": self._on_end,
                },
            )
        except FormParserError:
            self.ended = True

    def read(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except FormParserError:
            self.ended = True

    def _on_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _on_told(self, data: bytes, start: int, end: int) -> None:
        self._told += data[start:end]

    def _on_header(self) -> None:
        if self._name.lower() == b"content-disposition":
            _, options = parse_options_header(self._told)
            self._is_token = options.get(b"name") == b"csrf" and b"filename" not in options
        self._name = self._told = b""

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if not self.ended:
            self._sent += data[start:end]

    def _on_end(self) -> None:
        if self._is_token and not self.ended:
            self.value = self._sent.decode("ascii", "replace")
        self.ended = True
