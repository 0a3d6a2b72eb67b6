"""What a browser makes of a page."""

from __future__ import annotations

import re

import lxml.html

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>{{7*7}}"
"""A text from outside that means ill."""


def words(text: str) -> str:
    """What a reader sees of a page."""
    shown = lxml.html.document_fromstring(text).find("body").text_content()
    return " ".join(shown.split())


def harmless(text: str) -> None:
    """Nothing inline, nothing that runs but our own file, no address that runs."""
    for element in lxml.html.document_fromstring(text).iter(lxml.html.etree.Element):
        assert element.tag not in ("iframe", "object", "embed", "img", "style", "base"), text
        if element.tag == "script":
            assert element.get("src") == "/static/htmx.min.js"
            assert not (element.text or "").strip()
        for name, value in element.attrib.items():
            assert not name.startswith(("on", "hx-on")), (element.tag, name)
            assert name != "style"
            if name in ("href", "src", "action"):
                assert re.match(r"/(?!/)|https?://|#", value), value
