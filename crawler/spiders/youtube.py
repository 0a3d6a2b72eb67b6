"""YouTube channels and the comments below their videos, by the Data API or the Atom feed."""

from __future__ import annotations

import asyncio
import json
from typing import ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from scrapy.http import Response

from crawler.errors import Spent, Unreadable
from crawler.platforms.reading import Answer
from crawler.platforms.youtube import (
    problem_of,
    read_atom,
    read_channel,
    read_comments,
    read_playlist,
    read_replies,
    read_there,
    read_videos,
    unfinished,
)
from crawler.spiders.asking import Asked
from crawler.spiders.posts import PostSpider, remembered_counts
from crawler.verdicts import Next, Verdict
from pantau.records import Disposition
from pantau.state import spending

API = "https://www.googleapis.com/youtube/v3"
QUOTA_ZONE = ZoneInfo("America/Los_Angeles")
"""A day of the quota begins at midnight there."""
PER_PAGE, COMMENTS_PER_PAGE = 50, 100
MOST_REMEMBERED = 200
"""Videos of which the number of comments is remembered."""
_USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded"})
_NONE_THERE = frozenset({"commentsDisabled", "videoNotFound", "playlistNotFound", "forbidden"})


class YouTubeSpider(PostSpider):
    """Takes a channel's videos (title and description), and with ``comments`` what is written
    below those whose number of comments has changed. Each question costs one unit of the day's
    quota, which is noted before it is asked.

    Without a key only a channel's Atom feed (``…/feeds/videos.xml?channel_id=…``) can be read, and
    only where robots.txt allows that.
    """

    name = "youtube"
    kind: ClassVar[str] = "youtube"
    by_terms: ClassVar[bool] = True

    async def read(self) -> None:
        if "/feeds/" in self.way.url:
            await self._read_atom()
        else:
            self._key = self.key_of("youtube.key")
            await self._read_uploads()
            await self._look_after()

    async def _read_atom(self) -> None:
        response = await self.fetch(self.way.url, by_terms=False)  # robots.txt decides
        answer = await asyncio.to_thread(read_atom, response.body, official=self.source.official)
        await self.keep(_usable(answer).posts)
        self.joins(min((p.published for p in answer.posts if p.published), default=None))
        self.read_up_to()

    async def _read_uploads(self) -> None:
        playlist = self.memory.get("uploads") or await self._uploads()
        token = ""
        commented: dict[str, str] = {}
        for _ in range(self.way.max_pages):
            response = await self._question(
                "playlistItems",
                {
                    "part": "contentDetails",
                    "playlistId": playlist,
                    "maxResults": PER_PAGE,
                    **_page(token),
                },
            )
            listed = _usable(read_playlist(response.body))
            videos = await self._videos(listed.told["ids"])
            commented.update(videos.told)
            token = listed.next
            oldest = min((p.published for p in videos.posts if p.published), default=None)
            if not token or self.joins(oldest):
                break
        if not self.shown:
            self.account.unchanged = True  # it was read, and has published nothing
        titles = {post.id: post.title for post in self.shown.values()}
        self.read_up_to()
        self.memory["uploads"] = playlist
        if self.way.comments:
            await self._read_comments(commented, titles)

    async def _uploads(self) -> str:
        name = urlsplit(self.way.url).path.rpartition("/")[2]
        which = {"forHandle": name} if name.startswith("@") else {"id": name}
        response = await self._question("channels", {"part": "contentDetails", **which})
        return _usable(read_channel(response.body)).told["uploads"]

    async def _videos(self, ids: str) -> Answer:
        if not ids:
            return Answer()
        response = await self._question("videos", {"part": "snippet,statistics", "id": ids})
        videos = _usable(
            await asyncio.to_thread(read_videos, response.body, official=self.source.official)
        )
        await self.keep(videos.posts)
        return videos

    async def _read_comments(self, commented: dict[str, str], titles: dict[str, str]) -> None:
        """Below each video whose number of comments is another than it was."""
        before = remembered_counts(self.memory.get("comments", ""))
        known = {video: before[video] for video in commented if video in before}
        try:
            for video, told in commented.items():
                number = int(told)
                if number != known.get(video, 0):
                    await self._below(video, titles.get(video, ""), number - known.get(video, 0))
                known[video] = number
        finally:  # what was read is not asked for again when the quota ends here
            kept = dict(list(known.items())[:MOST_REMEMBERED])
            self.memory["comments"] = json.dumps(kept)

    async def _below(self, video: str, title: str, more: int) -> None:
        token, new = "", 0
        for _ in range(self.way.max_pages):
            response = await self._question(
                "commentThreads",
                {
                    "part": "snippet,replies",
                    "videoId": video,
                    "maxResults": COMMENTS_PER_PAGE,
                    "order": "time",
                    "textFormat": "plainText",
                    **_page(token),
                },
            )
            if response.status != 200:
                return  # switched off, or the video is gone
            answer = _usable(
                await asyncio.to_thread(read_comments, response.body, video=video, title=title)
            )
            new += await self._keep_comments(answer)
            said = {post.id: post.text for post in answer.posts}
            for thread in unfinished(response.body):
                new += await self._replies(video, thread, f"{title}\n{said.get(thread, '')[:1000]}")
            token = answer.next
            if not token or (more > 0 and new >= more):
                return

    async def _replies(self, video: str, thread: str, context: str) -> int:
        """The replies of a thread that has more than are told with it; how many are new."""
        parameters: Asked = {
            "part": "snippet",
            "parentId": thread,
            "maxResults": COMMENTS_PER_PAGE,
            "textFormat": "plainText",
        }
        response = await self._question("comments", parameters)
        if response.status != 200:
            return 0
        answer = await asyncio.to_thread(
            read_replies, response.body, video=video, context=context, thread=thread
        )
        return await self._keep_comments(_usable(answer))

    async def _keep_comments(self, answer: Answer) -> int:
        shown = self.shown.copy()
        new = await self.keep(answer.posts)
        self.shown = shown  # comments tell nothing about which videos are missing
        return new

    async def _look_after(self) -> None:
        """Videos and comments that are missing, or have not been seen for long."""
        asked = self.to_look_after(PER_PAGE)
        # A comment's id is longer than a video's eleven characters.
        for method, ids in (
            ("videos", [one for one in asked if len(one) <= 11]),
            ("comments", [one for one in asked if len(one) > 11]),
        ):
            if ids:
                response = await self._question(method, {"part": "id", "id": ",".join(ids)})
                there = read_there(response.body) if response.status == 200 else None
                if there is not None:
                    self.settle_asked({one: asked[one] for one in ids}, there)

    async def _question(self, method: str, parameters: Asked) -> Response:
        """One question of one unit; its answer, or one that says that there is nothing there.

        Raises Spent where the day's quota is used up, Unreadable for any other refusal.
        """
        context = self.errand.context
        day = context.clock().astimezone(QUOTA_ZONE).date().isoformat()
        most = context.platforms.youtube.units_per_day
        with context.state.write() as session:
            if not spending.reserve(session, "youtube", day, 1, most):
                raise Spent(f"the {most} units of {day} (Pacific time) are used up")
        response = await self.fetch(
            f"{(self.way.api or API).rstrip('/')}/{method}",
            parameters,
            headers={"X-Goog-Api-Key": self._key, "Accept": "application/json"},
            take=(400, 403, 404),
        )
        if response.status == 200:
            return response
        reason, words = problem_of(response.body)
        if reason in _USED_UP:
            with context.state.write() as session:
                spending.use_up(session, "youtube", day, most)
            raise Spent(f"the platform says that the quota of {day} is used up ({reason})")
        if reason in _NONE_THERE and method in ("commentThreads", "comments"):
            return response
        told = f"the interface refuses: {reason or response.status} {words}"[:300]
        raise Unreadable(Verdict(Disposition.FAILED, told.strip(), Next.END))


def _page(token: str) -> dict[str, str]:
    return {"pageToken": token} if token else {}


def _usable(answer: Answer) -> Answer:
    """Raises Unreadable for one that has a problem."""
    if answer.problem:
        raise Unreadable(Verdict(Disposition.FAILED, answer.problem, Next.END))
    return answer
