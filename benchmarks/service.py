"""How soon ``pantau run`` mails what papers print, on a quiet day and on a busy one.

    python -m benchmarks.service [--articles 10000] [--cases 200] [--minutes 60] [--idle 10]

The real service watches a farm of papers over HTTP and mails to a real SMTP server. First acts
appear one by one, while it has nothing else to do; then so many articles appear within the
period, so many of which tell a new case. Every province, kabupaten and kota has a subscription of
its own, the centre one for everything; none waits for a daily digest. Papers are polled every
five minutes and asked every two seconds; a shorter period makes both as much faster.

Printed are what was taken and mailed, and how long it took: from an article's appearance to the
server's yes, and of this our own time, from when the feed that shows it is asked for. Ends with 1
where a case was missed or mailed twice, or where a goal is not met.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import func, select

from benchmarks.press import Edition, edition, serve
from benchmarks.watched import service
from extract.entities.regions import level, table
from pantau.home import Home
from pantau.state import State, merging, open_state
from pantau.state.outbox import UNSENT
from pantau.state.tables import AlertRow, ArticleRow, MentionRow, OutboxRow, PageRow
from tests.servers.postbox import Postbox, Taken, serving_mail

GOAL_S = 600.0
"""After the last article's appearance the last mail is there."""
IDLE_GOAL_S = 5.0
POLLED_S = 300
"""In an hour's run; and the pause between two requests to one paper:"""
PAUSE_S = 2
LIVELY_S = 10
"""How often the paper is polled in which the acts of the quiet day appear."""
CENTRE = "pusat"
NEW, HEADING = "DUGAAN BARU", re.compile(r"^([A-Z ]+) \(\d+\)$")
"""Of a mail that lists several cases."""
CASE = re.compile(r"https://pantau\.example/kasus/(\d+)")
SETTINGS = """
[crawl]
slowest = "{every}s"
allow_private = {hosts}
[alerts]
alert_horizon = "36500d"
handled = "now"
base_url = "https://pantau.example"
[mail]
sender = "pantau@pantau.example"
[mail.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
"""
SOURCE = """
[[source]]
id = "koran-{number}"
name = "Koran {number}"
region = "{region}"
every = "{every}s"
politeness = {{ delay = "{pause}s" }}
ways = [{{ kind = "feed", url = "{root}/feed" }}]
"""
SUBSCRIPTION = """
[[subscription]]
id = "{id}"
name = "Bawaslu {name}"
recipients = ["{id}@bawaslu.example"]
regions = {regions}
"""
Telling = tuple[str, int]
"""A recipient, and the number of a case."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=60.0, help="in which the articles appear")
    parser.add_argument("--idle", type=int, default=10, help="acts on the quiet day before")
    parser.add_argument("--papers", type=int, default=360)
    asked = parser.parse_args()
    printed = edition(
        articles=asked.articles,
        cases=asked.cases,
        papers=asked.papers,
        seconds=60 * asked.minutes,
        idle=asked.idle,
    )
    kinds = Counter(piece.kind for piece in printed.busy)
    print(f"{asked.articles} articles of {asked.papers} papers in {asked.minutes:g} minutes:")
    print(f"  {', '.join(f'{number} {kind}' for kind, number in kinds.items())}", flush=True)
    with tempfile.TemporaryDirectory(prefix="pantau-bench-") as folder:
        ok = measure(printed, Home(Path(folder)), hours=asked.minutes / 60)
    sys.exit(0 if ok else 1)


def measure(printed: Edition, home: Home, *, hours: float) -> bool:
    """Run the service through both days and print what came of it; whether all is well."""
    here, there = multiprocessing.Pipe()
    press = multiprocessing.get_context("spawn").Process(
        target=serve, args=(printed, there), daemon=True
    )
    press.start()
    box = _Clocked()
    with serving_mail(box) as server:
        roots: list[str] = here.recv()
        configure(home, printed, roots, port=server.port, hours=hours)
        state = open_state(home.database_url(home.load_config()))
        with service(home) as watched:
            days = Days(printed, here, box, state)
            days.settle()
            days.quiet()
            before = watched.cpu
            days.busy(60 * 60 * hours)
            used, peak = watched.cpu - before, watched.peak_mb
        ok = days.tell()
        state.close()
    each = 1000 * used / len(printed.busy)
    print(
        f"the service used {used:.0f} s of the processor on the busy day, {each:.0f} ms an", end=" "
    )
    print(f"article, and held {peak:.0f} MB at most, its readers included")
    return ok


class _Clocked(Postbox):
    """Takes every mail and notes when."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = await super().handle_DATA(server, session, envelope)
        self.at += [time.time()] * len(envelope.rcpt_tos)
        return said


def configure(home: Home, printed: Edition, roots: list[str], *, port: int, hours: float) -> None:
    """The defaults, but that acts of any year are news, and handled ones are mailed at once."""
    every, pause = max(1, round(POLLED_S * hours)), round(PAUSE_S * hours)
    hosts = json.dumps([root.removeprefix("http://") for root in roots])
    last = len(roots) - 1
    sources = [
        SOURCE.format(
            number=number,
            region=printed.papers[number],
            every=LIVELY_S if number == last else every,
            pause=PAUSE_S if number == last else pause,
            root=root,
        )
        for number, root in enumerate(roots)
    ]
    subscriptions = [
        SUBSCRIPTION.format(id=_office(code), name=region.full, regions=f'["{code}"]')
        for code, region in table().items()
        if level(code) != "district"
    ]
    subscriptions.append(SUBSCRIPTION.format(id=CENTRE, name="RI", regions="[]"))
    files = {
        "settings.toml": SETTINGS.format(every=every, hosts=hosts, port=port),
        "sources/papers.toml": "".join(sources),
        "subscriptions.toml": "".join(subscriptions),
    }
    for name, text in files.items():
        path = home.root / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _office(code: str) -> str:
    return f"wilayah-{code.replace('.', '-')}"


def recipients(region: str) -> list[str]:
    """Who is to be told of an act in a kabupaten or kota."""
    return [f"{one}@bawaslu.example" for one in (CENTRE, _office(region[:2]), _office(region))]


@dataclass
class Days:
    """A quiet day and a busy one, and what came of them."""

    printed: Edition
    press: Connection
    box: _Clocked
    state: State
    appeared: dict[int, float] = field(default_factory=dict)
    """When a piece did, by its number."""

    def settle(self) -> None:
        """Wait until every paper was read once."""
        self._wait(len(self.printed.pieces) - len(self.printed.busy) - len(self.printed.idle))

    def quiet(self) -> None:
        known = self._taken()
        for number, piece in enumerate(self.printed.idle, start=1):
            self.appeared[piece.number] = time.time()
            self.press.send(("show", piece.number))
            self._wait(known + number)

    def busy(self, seconds: float) -> None:
        known, begun = self._taken(), time.time()
        self.press.send(("begin", begun))
        for piece in self.printed.busy:
            self.appeared[piece.number] = begun + piece.at
        time.sleep(seconds)
        print(
            f"{self._taken() - known} were taken when the last had appeared,", end=" ", flush=True
        )
        self._wait(known + len(self.printed.busy))
        print(f"and {self._taken() - known}, all mailed,", end=" ")
        print(f"{time.time() - begun - seconds:.0f} s later", flush=True)

    def _taken(self) -> int:
        with self.state.read() as session:
            query = select(func.count()).where(PageRow.status == "done")
            return session.scalar(query) or 0

    def _wait(self, pages: int) -> None:
        """Until so many pages are done and nothing is left to be indexed, told or sent, or twice
        the time is over in which that is to be."""
        deadline = time.monotonic() + 2 * GOAL_S
        while time.monotonic() < deadline and (self._taken() < pages or self._something_left()):
            time.sleep(0.5)

    def _something_left(self) -> bool:
        left = (
            select(MentionRow.id).where(MentionRow.clustered.is_(False)),
            select(ArticleRow.id).where(ArticleRow.indexed_revision < ArticleRow.revision),
            select(AlertRow.id).where(AlertRow.due_at.is_not(None)),
            select(OutboxRow.id).where(OutboxRow.status.in_(UNSENT)),
        )
        with self.state.read() as session:
            return any(session.scalar(query.limit(1)) is not None for query in left)

    def tell(self) -> bool:
        """Print what came of it; whether all is as it should be."""
        self.press.send(("end",))
        shown, asked = self.press.recv()
        by_number = {piece.number: piece for piece in self.printed.pieces}
        cases = self._cases()
        first = {case: min(pieces, key=self.appeared.__getitem__) for case, pieces in cases.items()}
        due = {
            (recipient, case): number
            for case, number in first.items()
            for recipient in recipients(by_number[number].region)
        }
        told = self._told()
        missed = sorted(due.keys() - told.keys())
        twice = sorted(key for key, times in told.items() if len(times) > 1)
        acts = sum(piece.kind == "act" for piece in self.printed.pieces)
        others = {case for _, case in told} - cases.keys()
        print(
            f"{acts} acts made {len(cases)} cases, of which {len(due)} tellings were due:", end=" "
        )
        print(f"{len(missed)} missed, {len(twice)} twice, in {len(self.box.mails)} mails", end=" ")
        print(f"(with {len(others)} cases of texts that tell no act)")
        for recipient, case in (*missed, *twice):
            title = by_number[first[case]].title if case in first else "no act"
            print(f"  case {case} to {recipient}: {title}")
        once = {key: told[key][0] for key in due if key in told}
        ok = len(cases) == acts and not missed and not twice
        return (
            self._busy_in_time(due, once, shown) & self._quiet_in_time(due, once, shown, asked) & ok
        )

    def _busy_in_time(
        self,
        due: Mapping[Telling, int],
        once: Mapping[Telling, float],
        shown: Mapping[int, float],
    ) -> bool:
        times = {piece.number: self.appeared[piece.number] for piece in self.printed.busy}
        busy = {key: at for key, at in once.items() if due[key] in times}
        if not busy:
            return not times
        late = max(busy.values()) - max(times.values())
        print(f"the last mail was taken {late:.0f} s after the last article's appearance", end=" ")
        print(f"(goal: {GOAL_S:.0f})")
        for what, since in (("it appeared", times), ("its feed was asked for", shown)):
            for who, central in (("a region's", False), ("the centre's", True)):
                _spread(
                    f"from when {what} to {who} mail",
                    [
                        at - since[due[key]]
                        for key, at in busy.items()
                        if key[0].startswith(CENTRE) is central
                    ],
                )
        return late <= GOAL_S

    def _quiet_in_time(
        self,
        due: Mapping[Telling, int],
        once: Mapping[Telling, float],
        shown: Mapping[int, float],
        asked: Mapping[int, float],
    ) -> bool:
        last = {
            piece.number: max(at for key, at in once.items() if due[key] == piece.number)
            for piece in self.printed.idle
            if piece.number in {due[key] for key in once}
        }
        if not last:
            return not self.printed.idle
        own = [at - shown[number] for number, at in last.items()]
        _spread("quiet day, from when its feed was asked for to the last of three mails", own)
        _spread(
            f"  of this, from when the page was, {PAUSE_S} s of politeness later",
            [at - asked[number] for number, at in last.items()],
        )
        return max(own) <= IDLE_GOAL_S

    def _cases(self) -> dict[int, list[int]]:
        """The acts' cases, each with the numbers of the pieces that tell it."""
        by_path = {piece.path: piece.number for piece in self.printed.pieces if piece.region}
        found: dict[int, list[int]] = defaultdict(list)
        query = (
            select(PageRow.final_url, MentionRow.case_id)
            .join(MentionRow, MentionRow.article_id == PageRow.article_id)
            .where(MentionRow.case_id.is_not(None))
            .distinct()
        )
        with self.state.read() as session:
            for url, case_id in session.execute(query):
                path = "/" + url.split("/", 3)[3].partition("?")[0]
                if path in by_path and case_id is not None:
                    found[merging.leads_to(session, case_id)].append(by_path[path])
        return found

    def _told(self) -> dict[Telling, list[float]]:
        """When each recipient was told of each case as a new one, as the mails say."""
        found: dict[Telling, list[float]] = defaultdict(list)
        with self.state.read() as session:
            for mail, at in zip(self.box.mails, self.box.at, strict=True):
                for number in new_cases(mail):
                    found[mail.recipient, merging.leads_to(session, number)].append(at)
        return found


def new_cases(mail: Taken) -> set[int]:
    """The numbers of the cases that a mail tells as new."""
    kind = mail.message["X-Pantau-Kind"]
    found: set[int] = set()
    telling = kind == "new"
    for line in mail.text.splitlines():
        if kind == "digest" and (heading := HEADING.match(line)):
            telling = heading[1] == NEW
        elif telling:
            found.update(int(number) for number in CASE.findall(line))
    return found


def _spread(what: str, seconds: Sequence[float]) -> None:
    cuts = quantiles(seconds, n=10, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 9
    print(f"{what}: median {cuts[4]:.1f} s,", end=" ")
    print(f"nine of ten within {cuts[8]:.1f} s, longest {max(seconds):.1f} s")


if __name__ == "__main__":
    main()
