"""Places among sources are shared fairly: one host's many sources keep no other waiting."""

from __future__ import annotations

import asyncio

from crawler.turns import MOST_OF_ONE_HOST, Turns


def test_a_slow_host_with_many_sources_takes_few_of_the_places() -> None:
    turns = Turns()
    running: list[str] = []
    most_at_once: list[int] = []

    async def crawl(host: str, ready: asyncio.Event) -> None:
        async with turns.turn(host, most=6):
            running.append(host)
            most_at_once.append(len(running))
            await ready.wait()
            running.remove(host)

    async def scene() -> None:
        never, at_once = asyncio.Event(), asyncio.Event()
        at_once.set()
        slow = [asyncio.ensure_future(crawl("lambat.example", never)) for _ in range(30)]
        await asyncio.sleep(0)
        others = [crawl(f"kota{number}.example", at_once) for number in range(50)]
        await asyncio.wait_for(asyncio.gather(*others), 5)
        assert running == ["lambat.example"] * MOST_OF_ONE_HOST
        for task in slow:
            task.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        async with turns.turn("lambat.example", most=6):
            pass

    asyncio.run(scene())
    assert max(most_at_once) <= 6
