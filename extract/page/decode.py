"""Bytes of a page to clean text: charset, double encoding, invisible marks.

What a server declares is a hint. Bytes that are valid UTF-8 with at least one
multi-byte sequence are UTF-8 whatever was declared; other bytes are read as
windows-1252 unless a declared charset fits them.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata

_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-:.]{2,40})", re.I
)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-:.]{2,40})", re.I)
_DATA_URI = re.compile(rb"data:[a-z]+/[a-z0-9.+\-]+;base64,[A-Za-z0-9+/=\s]{200,}", re.I)
_SMALL = 512 * 1024
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,12}\d{0,2});")
# A UTF-8 sequence once read as windows-1252: a lead byte's character, then its followers.
_CONTINUATION = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(0x80, 0xC0))
_MOJIBAKE = re.compile(
    rf"(?:[\u00c2-\u00df][{re.escape(_CONTINUATION)}]"
    rf"|[\u00e0-\u00ef][{re.escape(_CONTINUATION)}]{{2}}"
    rf"|[\u00f0-\u00f4][{re.escape(_CONTINUATION)}]{{3}})+"
)
_LEADS = "ÂÃâð"
_DOUBLED = tuple(lead.encode("utf-8") for lead in _LEADS)
_LEAD_BYTE = 0xC3
"""The first byte of each of them: looked for alone it is found, or not, in no time."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CONTROL_BYTES = bytes(b for b in range(0x20) if b not in b"\t\n\f\r") + b"\x7f"
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x1f\x8b")
_SAMPLE = 65_536
_C1 = re.compile("[\x80-\x9f]")
_SPACE = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_LATIN = {"iso-8859-1", "latin-1", "latin1", "iso8859-1", "us-ascii", "ascii"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _known(name: str) -> str | None:
    """Python's name for a declared charset; Latin-1 is read as windows-1252, as browsers do."""
    name = name.strip().lower()
    if name in _LATIN:
        return "cp1252"
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs such as "hex" or "zlib" are not charsets and must not run on strangers' bytes.
    return found.name if found._is_text_encoding else None


def _declared(body: bytes, content_type: str) -> list[str]:
    names = []
    if header := _HEADER_CHARSET.search(content_type):
        names.append(header[1])
    if meta := _META_CHARSET.search(body[:8192]):
        names.append(meta[1].decode("ascii", "ignore"))
    known = [_known(name) for name in names]
    return [name for name in known if name and not name.startswith(("utf-16", "utf-32", "utf-7"))]


def charset(body: bytes, content_type: str = "") -> str:
    """The charset ``body`` is really written in, as a Python codec name."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name
    sample = body[:4096]
    if sample.count(0) > len(sample) // 4 > 0:
        return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8"
    loose = body.decode("utf-8", "ignore")
    sequences = len(loose) - len(loose.encode("ascii", "ignore"))
    broken = body.decode("utf-8", "replace").count("\ufffd")
    if sequences > 2 * broken:
        return "utf-8"  # real UTF-8 with a few broken places
    for name in _declared(body, content_type):
        if name != "utf-8":
            try:
                body.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
            return name
    return "cp1252"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8 in a UTF-8 page was mostly pasted from windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error("pantau-cp1252", _as_cp1252)


def is_binary(body: bytes) -> bool:
    """Whether the bytes are no text at all: a picture, a PDF, an archive."""
    if body.startswith(_MAGIC):
        return True
    sample = body[:_SAMPLE]
    if 0 not in sample and b"<" in sample[:1024]:
        return False
    odd = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    # Broken pages hold a few control bytes, other files hold them all over.
    return odd > 0.02 * len(sample) and not charset(body).startswith("utf-16")


def without_embedded_files(body: bytes) -> bytes:
    """``body`` without pictures and fonts written into it as base64: they may be megabytes."""
    if len(body) < _SMALL or b";base64," not in body:
        return body
    return _DATA_URI.sub(b"data:,", body)


def decode(body: bytes, content_type: str = "") -> str:
    """The page's text as a parser may have it: no NUL, no surrogates, no control characters."""
    name = charset(body, content_type)
    if name == "utf-8":
        # Control bytes never stand inside a UTF-8 sequence; taking them out of bytes is cheap.
        text = body.translate(None, _CONTROL_BYTES).decode("utf-8", "pantau-cp1252")
    else:
        text = _CONTROL.sub("", body.decode(name, "replace"))
    return undouble(text.removeprefix("\ufeff"))


def utf8(body: bytes, content_type: str = "") -> bytes:
    """``decode`` as UTF-8, for a parser that takes bytes: most pages are that already."""
    plain = body.translate(None, _CONTROL_BYTES)
    doubled = _LEAD_BYTE in plain and any(lead in plain for lead in _DOUBLED)
    if 0 not in body[:4096] and not doubled:
        try:
            plain.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return plain.removeprefix(codecs.BOM_UTF8)
    return decode(body, content_type).encode("utf-8")


def undouble(text: str) -> str:
    """UTF-8 that was read as windows-1252 and encoded again, set right piece by piece."""
    if not any(lead in text for lead in _LEADS):
        return text
    return _MOJIBAKE.sub(_undouble_run, text).replace("â€", "”")  # its third byte got lost


def _undouble_run(match: re.Match[str]) -> str:
    raw = bytearray()
    for character in match[0]:
        try:
            raw += character.encode("cp1252")
        except UnicodeEncodeError:
            raw.append(ord(character) & 0xFF)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def clean(text: str) -> str:
    """One line as a reader sees it: entities resolved (also twice escaped), no invisible
    marks, NFC, single spaces."""
    for _ in range(2):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = html.unescape(text)
    if _C1.search(text):
        text = _C1.sub(lambda m: m[0].encode("latin-1").decode("cp1252", "replace"), text)
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", _SPACE.sub(" ", text).strip())
