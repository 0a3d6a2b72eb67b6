"""What makes a paper's page heavy: menus, styles and scripts around the article.

The page of a regional paper weighs some 115 kB, of which the article is two or three.
"""

from __future__ import annotations

import re

_NAVIGATION = "".join(f'<li><a href="/kanal/{one}/">Kanal {one}</a></li>' for one in range(120))
_SCRIPT = "window.dataLayer=window.dataLayer||[];push({'kanal':'berita'});" * 700
_STYLE = f"<style>{'.kolom{margin:0 auto;padding:1rem}' * 400}</style>"
_BODY = re.compile(r"<body[^>]*>")
_HEAD_END = f"{_STYLE}<script>{_SCRIPT}</script></head>"
_TOP = f'<nav><ul class="menu">{_NAVIGATION}</ul></nav>'
_BOTTOM = (
    f"<aside><h2>Kanal lain</h2><ul>{_NAVIGATION}</ul></aside><script>{_SCRIPT}</script></body>"
)


def weighed(html: str) -> str:
    """The page with everything around its article that a paper's page has."""
    html = html.replace("</head>", _HEAD_END, 1)
    html = _BODY.sub(lambda body: body[0] + _TOP, html, count=1)
    return html.replace("</body>", _BOTTOM, 1)
