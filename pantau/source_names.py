"""What a source is called where people read of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from pantau import intake
from pantau.config import Config


def source_name(config: Config, source_id: str, *, url: str, platform: str = "") -> str:
    """Its name in the configuration. What people gave has none: the platform of a post stands for
    it, or the site of a page; no more of the address, which may hold an account."""
    source = config.sources.get(source_id)
    if source is not None:
        return source.name
    if source_id == intake.SOURCE:
        return platform or (urlsplit(url).hostname or "").removeprefix("www.") or source_id
    return source_id
