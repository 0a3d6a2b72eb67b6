"""Pages that cannot be had, and odd ones that can."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from tests.crawler.misbehaviour.street import BAD, BOMB, CLOUDFLARE
from tests.servers import Answer, habits
from tests.servers.habits import in_turn, raw, redirect, slow
from tests.servers.local import Habit

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Bad:
    """A page that cannot be had."""

    habit: Habit
    reason: str
    disposition: str | None = "failed"
    """None where the page waits for another try in a later run."""


BAD_PAGES = {
    "404": Bad(Answer(status=404), "http 404"),
    "410": Bad(Answer(status=410), "http 410"),
    "400": Bad(Answer(status=400), "http 400"),
    "401": Bad(Answer(status=401), "http 401", "blocked"),
    "403": Bad(Answer(status=403), "http 403", "blocked"),
    "451": Bad(Answer(status=451), "http 451", "blocked"),
    "bot check with 200": Bad(Answer(CLOUDFLARE), "bot check of cloudflare (http 200)", "blocked"),
    "bot check with 503": Bad(
        Answer(CLOUDFLARE, status=503), "bot check of cloudflare (http 503)", "blocked"
    ),
    "bot check by header": Bad(
        Answer(b"x", status=403, headers={"cf-mitigated": "challenge"}),
        "bot check (http 403)",
        "blocked",
    ),
    "500": Bad(Answer(status=500), "http 500", None),
    "503": Bad(Answer(status=503), "http 503", None),
    "408": Bad(Answer(status=408), "http 408", None),
    "reset": Bad(habits.reset, "connection reset", None),
    "hang up": Bad(habits.hang_up, "connection reset", None),
    "no http": Bad(habits.no_http, "connection reset", None),
    "truncated": Bad(habits.truncated, "incomplete", None),
    "trickle": Bad(habits.trickle, "timeout", None),
    "silent": Bad(habits.slow(4, Answer(b"x")), "timeout", None),
    "50 MB": Bad(habits.large(50_000_000), "too large"),
    "endless": Bad(habits.endless, "too large"),
    "zip bomb": Bad(habits.bomb(BOMB), "too large"),
    "broken gzip": Bad(habits.broken_gzip, "broken compression", None),
    "redirect loop": Bad(redirect(BAD), "too many redirects"),
    "redirect to nowhere": Bad(redirect("http://[rusak/"), "no valid address"),
    "redirect to a file": Bad(redirect("file:///etc/passwd"), "http 302"),
    "redirect without a target": Bad(Answer(status=302), "http 302"),
    "304 that nobody asked for": Bad(Answer(status=304), "http 304"),
    "410 as a page": Bad(Answer(b"<h1>Tidak ada</h1>", status=410), "http 410"),
    "418": Bad(Answer(status=418), "http 418"),
    "425": Bad(Answer(status=425), "http 425", None),
    "502": Bad(Answer(status=502), "http 502", None),
    "520 of a front server": Bad(Answer(status=520), "http 520", None),
    "a status that is none": Bad(raw(b"HTTP/1.1 abc OK\r\n\r\nx"), "connection reset", None),
    "a status of 999": Bad(Answer(status=999), "http 999", None),
    "wall of sucuri": Bad(
        Answer(b"<h1>Access Denied - Sucuri Website Firewall</h1>"),
        "bot check of sucuri (http 200)",
        "blocked",
    ),
    "wall of imperva": Bad(
        Answer(b"<iframe src='/_Incapsula_Resource?x'></iframe>"),
        "bot check of imperva (http 200)",
        "blocked",
    ),
    "wall of ddos-guard": Bad(
        Answer(b"<title>DDOS-GUARD</title>Checking your browser", status=403),
        "bot check of ddosguard (http 403)",
        "blocked",
    ),
    "wall of litespeed": Bad(
        Answer(b"<p>Verifying that you are not a robot<script src=lsrecap>"),
        "bot check of litespeed (http 200)",
        "blocked",
    ),
    "wall by a header with 202": Bad(
        Answer(b"", status=202, headers={"x-amzn-waf-action": "challenge"}),
        "bot check (http 202)",
        "blocked",
    ),
    "half a chunked body": Bad(raw(CHUNKED + b"5\r\n<p>is\r\n"), "incomplete", None),
    "a chunk size that is no number": Bad(
        raw(CHUNKED + b"zz\r\n<p>isi\r\n0\r\n\r\n"), "incomplete", None
    ),
    "headers without an end": Bad(
        raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20_000, pause=2), "timeout", None
    ),
    "a header line of a megabyte": Bad(
        raw(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 1_000_000 + b"\r\n\r\nx"), "connection reset", None
    ),
    "a byte of header now and then": Bad(
        raw(*[bytes([byte]) for byte in b"HTTP/1.1 200 OK\r\nA: b\r\n"], pause=0.2), "timeout", None
    ),
    "a length that is no number": Bad(
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: banyak\r\n\r\n<p>isi"), "connection reset", None
    ),
    "two lengths that differ": Bad(
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\n<p>isi"),
        "connection reset",
        None,
    ),
    "nothing but a reset after the header": Bad(
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"), "incomplete", None
    ),
    "TLS on a plain port": Bad(raw(b"\x15\x03\x01\x00\x02\x02\x16"), "connection reset", None),
    "broken deflate": Bad(
        Answer(b"<p>isi", headers={"Content-Encoding": "deflate"}), "broken compression", None
    ),
    "a bomb in a bomb": Bad(
        Answer(
            gzip.compress(habits.packed_zeros(BOMB)),
            headers={"Content-Encoding": "gzip, gzip"},
        ),
        "too large",
    ),
    "a bomb in brotli": Bad(habits.bomb(BOMB, "br"), "too large"),
    "a bomb in zstd": Bad(habits.bomb(BOMB, "zstd"), "too large"),
    "a bomb in zstd in brotli": Bad(
        Answer(
            habits.CODINGS["br"](habits.packed_zeros(BOMB, "zstd")),
            headers={"Content-Encoding": "zstd, br"},
        ),
        "too large",
    ),
    "broken brotli": Bad(
        Answer(b"<p>isi", headers={"Content-Encoding": "br"}), "broken compression", None
    ),
    "broken zstd": Bad(
        Answer(b"<p>isi", headers={"Content-Encoding": "zstd"}), "broken compression", None
    ),
    "redirect to a private network": Bad(
        redirect("http://10.0.0.1/x"), "redirected offsite: 10.0.0.1"
    ),
    "redirect to the machine's own data": Bad(
        redirect("http://169.254.169.254/latest/meta-data/"), "redirected offsite: 169.254.169.254"
    ),
    "redirect to ftp": Bad(redirect("ftp://kabar.example/x"), "http 302"),
    "redirect to a script": Bad(redirect("javascript:alert(1)"), "no valid address"),
    "redirect into a data address": Bad(redirect("data:text/html,<p>isi"), "http 302"),
    "redirect with a password": Bad(redirect("http://a:b@127.0.0.1/x"), "address with a user name"),
    "redirect to an endless address": Bad(redirect("/" + "a" * 4000), "address too long"),
    "a redirect of no kind": Bad(Answer(status=305, headers={"Location": "/x"}), "http 305"),
    "noindex": Bad(
        Answer(b"<p>isi", headers={"X-Robots-Tag": "noindex"}), "noindex", "robots denied"
    ),
    "redirect offsite": Bad(
        redirect("http://iklan.example/x"), "redirected offsite: iklan.example"
    ),
}


ODD_PAGES: dict[str, Habit] = {
    "503 at first": in_turn(Answer(status=503), Answer(status=503), Answer(b"<p>isi")),
    "reset at first": in_turn(habits.reset, Answer(b"<p>isi")),
    "gzip": Answer(gzip.compress(b"<p>isi"), headers={"Content-Encoding": "gzip"}),
    "header line without a colon": habits.bad_header_line(b"<p>isi"),
    "redirect on the site": in_turn(redirect(BAD + "?utama=1")),
    "no content type": Answer(b"<p>isi", content_type=""),
    "broken charset": Answer(b"<p>isi \xff\xfe\x80", content_type="text/html; charset=utf-99"),
    "an empty page": Answer(b""),
    "early hints": raw(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n"
        b"Content-Length: 6\r\n\r\n<p>isi"
    ),
    "continue that nobody asked for": raw(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<p>isi"
    ),
    "HTTP/1.0": raw(b"HTTP/1.0 200 OK\r\n\r\n<p>isi"),
    "no reason phrase": raw(b"HTTP/1.1 200\r\nContent-Length: 6\r\n\r\n<p>isi"),
    "more bytes than promised": raw(
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<p>isi" + b"x" * 99
    ),
    "one byte a chunk": raw(
        CHUNKED + b"".join(b"1\r\n%c\r\n" % byte for byte in b"<p>isi") + b"0\r\n\r\n"
    ),
    "chunks with extensions and trailers": raw(
        CHUNKED + b"6;ext=1\r\n<p>isi\r\n0\r\nX-Sum: 1\r\n\r\n"
    ),
    "an unknown coding": Answer(b"<p>isi", headers={"Content-Encoding": "aneh"}),
    "brotli": Answer(habits.CODINGS["br"](b"<p>isi"), headers={"Content-Encoding": "br"}),
    "zstd": Answer(habits.CODINGS["zstd"](b"<p>isi"), headers={"Content-Encoding": "zstd"}),
    "gzip twice": Answer(
        gzip.compress(gzip.compress(b"<p>isi")), headers={"Content-Encoding": "gzip, gzip"}
    ),
    "gzip without its end": Answer(
        gzip.compress(b"<p>isi" * 50)[:-8], headers={"Content-Encoding": "gzip"}
    ),
    "gzip with rubbish behind it": Answer(
        gzip.compress(b"<p>isi") + b"sampah", headers={"Content-Encoding": "gzip"}
    ),
    "a cookie of eight kilobytes": Answer(b"<p>isi", headers={"Set-Cookie": "a=" + "b" * 8000}),
    "a header in Latin-1": raw(
        b"HTTP/1.1 200 OK\r\nX-Nama: caf\xe9 \xff\r\nContent-Length: 6\r\n\r\n<p>isi"
    ),
    "a picture's type": Answer(b"<p>isi", content_type="image/jpeg"),
    "zero bytes": Answer(b"<p>isi\x00\x00"),
    "meta refresh to elsewhere": Answer(
        b"<p>isi<meta http-equiv=refresh content='0;url=http://iklan.example/'>"
    ),
    "silence before the answer": slow(0.8, Answer(b"<p>isi")),
    "closed after each answer": Answer(b"<p>isi", headers={"Connection": "close"}),
}
