"""What readers wrote below the articles of a WordPress site: its REST interface's comments.

developer.wordpress.org/rest-api/reference/comments: ``wp/v2/comments`` tells the approved comments
of all posts, newest first, paged and bounded as posts are. One that was withdrawn is not listed by
its id any more, and asked for alone it is an error of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import urldefrag, urlsplit

from w3lib.url import add_or_replace_parameters

from crawler.platforms.reading import name, number, plain
from crawler.wordpress import BEFORE, PER_PAGE, rendered, time_of, value_of
from pantau.posts import Post

FIELDS = "id,parent,author_name,date,date_gmt,content,link"
WITHDRAWN = frozenset({"rest_comment_invalid_id", "rest_cannot_read", "rest_cannot_read_post"})
"""What WordPress calls it when a comment is not there, or not for the public any more."""
MOST_CONTEXT = 1000
"""Characters of the comment that is answered."""


@dataclass(frozen=True, slots=True)
class Comment:
    id: int
    parent: int
    """The comment it answers; 0 for none."""
    article: str
    """The address of what it stands below."""
    url: str
    author: str
    published: datetime | None
    text: str
    raw: dict[str, Any]

    def post(self, *, title: str, answers: str) -> Post:
        """As a post. ``title``: of the article; ``answers``: what the comment it answers says.

        It has no account: whoever writes a comment may call himself anything."""
        host = (urlsplit(self.article).hostname or "").removeprefix("www.")
        return Post(
            platform="wordpress",
            id=f"{host}/{self.id}",
            local=str(self.id),
            url=self.url,
            text=self.text,
            author=self.author,
            published=self.published,
            context="\n".join(filter(None, (title, answers[:MOST_CONTEXT]))),
            reply_to=f"{host}/{self.parent}" if self.parent else self.article,
            thread=self.article,
            links=(self.article,),
            raw=self.raw,
        )


@dataclass(frozen=True, slots=True)
class Comments:
    found: tuple[Comment, ...] = ()
    problem: str = ""
    """Why these are no comments."""
    code: str = ""
    """WordPress's own name of the problem."""

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(comment.id for comment in self.found)


def endpoint_of(posts: str) -> str:
    """The address of the comments, of that of the posts."""
    return "/wp/v2/comments".join(posts.rsplit("/wp/v2/posts", 1))


def ask(endpoint: str, *, since: datetime | None, page: int = 1, per_page: int = PER_PAGE) -> str:
    """The address of one page of what was written since, or of the newest."""
    query = {"_fields": FIELDS, "per_page": str(per_page)}
    if since is not None:
        day = (since - BEFORE).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        query["after"] = f"{day:%Y-%m-%dT%H:%M:%S}"
    if page > 1:
        query["page"] = str(page)
    return add_or_replace_parameters(endpoint, query)


def ask_for(endpoint: str, ids: Iterable[str]) -> str:
    """The address that tells which of these comments are there."""
    wanted = list(ids)
    query = {"_fields": FIELDS, "include": ",".join(wanted), "per_page": str(PER_PAGE)}
    return add_or_replace_parameters(endpoint, query)


def ask_for_one(endpoint: str, comment_id: str) -> str:
    """The address of a single comment."""
    parts = urlsplit(endpoint)
    if "rest_route" not in parts.query:
        return f"{endpoint.rstrip('/')}/{comment_id}"
    return add_or_replace_parameters(endpoint, {"rest_route": f"/wp/v2/comments/{comment_id}"})


def read_comments(body: bytes, *, zone: tzinfo) -> Comments:
    """The comments of one answer. ``zone`` is that of the site's clock."""
    answer = value_of(body)
    if isinstance(answer, dict):
        code = name(answer, "code") or name(answer, "message") or "an object"
        return Comments(problem=code[:100], code=code[:100])
    if not isinstance(answer, list):
        return Comments(
            problem="HTML in place of JSON" if b"<html" in body[:2000].lower() else "no JSON"
        )
    found = [_comment(one, zone) for one in answer[:PER_PAGE] if isinstance(one, dict)]
    return Comments(tuple(comment for comment in found if comment is not None))


def _comment(told: dict[str, Any], zone: tzinfo) -> Comment | None:
    url, identity = name(told, "link"), number(told, "id")
    article = urldefrag(url).url
    if not identity or not article.startswith(("http://", "https://")):
        return None
    return Comment(
        id=identity,
        parent=number(told, "parent") or 0,
        article=article,
        url=url if "#" in url else f"{article}#comment-{identity}",
        author=plain(name(told, "author_name")),
        published=time_of(told.get("date_gmt"), UTC) or time_of(told.get("date"), zone),
        text=plain(rendered(told, "content")),
        raw=told,
    )
