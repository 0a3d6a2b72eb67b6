"""Runs ``pantau`` and dies at a named point: ``python -m tests.endtoend.killed POINT ARGUMENT…``.

A point is the first time a function is entered, or the first time it has done its work.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

POINTS = {
    "crawl: the feed is read": "crawler.ledger:Ledger.note after",
    "crawl: a page is in the archive": "crawler.archive:Archive.put after",
    "crawl: a page's row says so": "pantau.state.pages:fetched after",
    "read: pages are claimed": "pantau.state.pages:claim_fetched after",
    "read: an article is written, its page not yet": "pantau.state.articles:store after",
    "read: a page is done": "pantau.state.pages:done after",
    "index: articles are handed over": "search.embedded:EmbeddedIndex.add before",
    "index: it has them, no row says so": "search.embedded:EmbeddedIndex.add after",
    "cluster: an article is taken up": "pantau.state.cases:told_by after",
    "cluster: a case is made, its mention not in it": "pantau.state.cases:create after",
    "cluster: an alert is noted": "pantau.state.alerts:add after",
    "mail: an alert counts as told, its mail is not queued": "pantau.state.alerts:settle after",
    "mail: a mail is queued": "pantau.state.outbox:queue after",
    "mail: mails are claimed": "pantau.state.outbox:claim_due after",
    "mail: the server is about to get it": "alerts.delivery:EmlFolder.send before",
    "mail: the server has it, no row says so": "alerts.delivery:EmlFolder.send after",
    "mail: a row says so": "pantau.state.outbox:sent after",
}


def deadly(work: Callable[..., Any], *, when: str) -> Callable[..., Any]:
    def work_and_die(*arguments: Any, **more: Any) -> Any:
        if when == "after":
            work(*arguments, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    return work_and_die


def main(point: str, arguments: list[str]) -> None:
    where, _, when = POINTS[point].partition(" ")
    module, _, path = where.partition(":")
    holder: Any = import_module(module)
    *within, name = path.split(".")
    for part in within:
        holder = getattr(holder, part)
    setattr(holder, name, deadly(getattr(holder, name), when=when))
    sys.argv = ["pantau", *arguments]
    from pantau.cli import main as pantau

    pantau()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
