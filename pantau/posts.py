"""A post as a platform told it: what the crawl keeps of it, and what it is read from.

The crawl turns each platform's answer into this one form, and keeps it in the archive as a page
of its own, together with the platform's own words for it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from pantau.records import Media

CONTENT_TYPE = "application/vnd.pantau.post+json"
LONGEST_TEXT = 50_000
"""Characters; the platforms themselves allow far less."""
LONGEST_FIELD = 500
MOST_ITEMS = 50
"""Links or media of one post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """All texts are plain; what a platform does not tell is empty."""

    platform: str
    id: str
    """Its id, unique on the platform."""
    url: str
    """Where a person reads it."""
    text: str
    local: str = ""
    """Its id at the server where it was read, where that is another."""
    title: str = ""
    author: str = ""
    """The name that the account shows."""
    handle: str = ""
    author_id: str = ""
    official: bool = False
    """Whether an institution wrote it on its own account."""
    published: datetime | None = None
    edited: datetime | None = None
    lang: str = ""
    context: str = ""
    """The words it answers, or what it stands under."""
    reply_to: str = ""
    thread: str = ""
    links: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    """``like, reply, repost, view``, as far as told."""
    raw: Any = None
    """What the platform sent of it, as JSON or as a piece of HTML."""

    @property
    def key(self) -> str:
        """The id of its article: the same wherever it was found."""
        return key_of(self.platform, self.id)

    @property
    def said(self) -> str:
        """Changes when its author changes what it says; counts and addresses of pictures do not
        count."""
        told = (self.title, self.text, [(item.type, item.description) for item in self.media])
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def to_bytes(self) -> bytes:
        """As the archive keeps it: JSON in UTF-8."""
        record = asdict(self)
        for name in ("published", "edited"):
            record[name] = record[name].isoformat() if record[name] else None
        return json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Self:
        """Raises ValueError for what ``to_bytes`` has not written."""
        try:
            record = json.loads(body)
            for name in ("published", "edited"):
                record[name] = datetime.fromisoformat(record[name]) if record[name] else None
            media = tuple(Media(**item) for item in record["media"])
            return cls(**{**record, "media": media, "links": tuple(record["links"])})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"no post as the crawl keeps it: {error}") from error


def key_of(platform: str, platform_id: str) -> str:
    """The id of the article that a post with this id of its platform is, or would be."""
    return hashlib.sha256(f"{platform} {platform_id}".encode("utf-8", "replace")).hexdigest()
