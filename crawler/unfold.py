"""An index's bytes as text, whatever it was wrapped in.

Real ones come gzipped without a word of it, with a BOM or blank lines before the declaration,
or in another charset than they say.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib

_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?\?>")
_DECLARED = re.compile(rb"""encoding\s*=\s*["']([\w.:-]+)["']""")


class Unreadable(ValueError):
    """These bytes are no text to be read; its text says why."""


def unfold(body: bytes, most: int) -> bytes:
    """The bytes, unpacked where they are gzip (by what they are, not by what they are called).

    Raises Unreadable for what is broken, empty, or more than ``most`` bytes.
    """
    if body[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(body)) as packed:
                body = packed.read(most + 1)
        except (OSError, EOFError, zlib.error):
            raise Unreadable("broken compression") from None
    if len(body) > most:
        raise Unreadable("too large")
    if not body.strip():
        raise Unreadable("an empty answer")
    return body


def xml_text(body: bytes, charset: str = "") -> str:
    """The characters of an XML answer, without its declaration.

    Charsets are tried strictly in the order: BOM, UTF-8, the declared, the header's
    (``charset``). Bytes that fit none are read as UTF-8 with each stray byte taken for
    Windows-1252, so that one old quotation mark does not garble the whole.
    """
    declared = _DECLARED.search(body[:200])
    tried = [declared[1].decode("ascii", "ignore") if declared else "", charset]
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried.insert(0, "utf-16")
    for name in ["utf-8-sig", *tried] if tried[0] != "utf-16" else tried:
        try:
            text = body.decode(name)
            break
        except (LookupError, UnicodeError):
            continue
    else:
        text = body.decode("utf-8-sig", "stray_cp1252")
    text = text.lstrip("\ufeff\x00 \t\r\n")
    return _DECLARATION.sub(b"", text[:400].encode()).decode() + text[400:]


def _stray_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    stray = error.object[error.start : error.end]
    return stray.decode("cp1252", "replace"), error.end


codecs.register_error("stray_cp1252", _stray_cp1252)
