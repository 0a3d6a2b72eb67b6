"""Answers a monitoring system: is Pantau at work, and how much has come of it.

``/health`` answers 200 as long as the service takes up its work and its database answers, 503
otherwise; ``/metrics`` speaks Prometheus' text format. Both are read from the rows when asked
for, so there is nothing to keep in step. No person's name and no address of a page is among it.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from pantau.clock import Clock
from pantau.state import State, house, summary

STALE = timedelta(minutes=30)
"""Without a sign of work for so long the service is not at work: one round, such as that of a
first day, may take minutes."""


class Pulse:
    """When the service last took up its work. Touched by the service, read by who asks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last = clock()

    def beat(self) -> None:
        self.last = self._clock()

    def stale(self) -> bool:
        return self._clock() - self.last > STALE


class _State(Collector):
    """Reads the numbers from the database each time they are asked for."""

    def __init__(self, state: State, pulse: Pulse) -> None:
        self._state = state
        self._pulse = pulse

    def collect(self) -> Iterator[Metric]:
        with self._state.read() as session:
            told = summary.summarise(session)
            troubles = Counter(row.kind for row in house.open_troubles(session))
            paused = house.paused(session) is not None
        pages: Counter[str] = Counter()
        for source in told["sources"].values():
            pages.update(source["pages"])
        yield _labelled(
            CounterMetricFamily("pantau_pages", "Pages by disposition.", labels=["disposition"]),
            pages,
        )
        yield _labelled(
            GaugeMetricFamily("pantau_mails", "Mails by status.", labels=["status"]), told["mails"]
        )
        waiting = {name: int(number) for name, number in told["waiting"].items()}  # type: ignore[call-overload]
        yield _labelled(
            GaugeMetricFamily("pantau_waiting", "What waits to be done.", labels=["what"]), waiting
        )
        yield _labelled(
            GaugeMetricFamily("pantau_troubles", "Open troubles.", labels=["kind"]), troubles
        )
        yield GaugeMetricFamily("pantau_paused", "1 while no mail is sent.", value=int(paused))
        yield GaugeMetricFamily(
            "pantau_last_work_timestamp_seconds",
            "When the service last took up its work.",
            value=self._pulse.last.timestamp(),
        )


def _labelled(
    family: CounterMetricFamily | GaugeMetricFamily, numbers: dict[str, int]
) -> CounterMetricFamily | GaugeMetricFamily:
    for label, number in sorted(numbers.items()):
        family.add_metric([label], number)
    return family


@contextmanager
def monitored(state: State, pulse: Pulse, host: str, port: int) -> Iterator[int]:
    """Answer on an address while the context lasts; the port is given, also where 0 was asked.

    Raises OSError where the address cannot be had.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_State(state, pulse))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                if self.path == "/health":
                    status, body = _health(state, pulse)
                    self._send(status, "application/json", body)
                elif self.path == "/metrics":
                    self._send(200, CONTENT_TYPE_LATEST, generate_latest(registry))
                else:
                    self._send(404, "text/plain", b"/health or /metrics\n")
            except SQLAlchemyError:
                self._send(503, "application/json", b'{"ok": false, "why": "database"}\n')

        def _send(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: it is asked every few seconds."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _health(state: State, pulse: Pulse) -> tuple[int, bytes]:
    with state.read() as session:
        troubles = [
            " ".join(filter(None, (row.kind, row.subject))) for row in house.open_troubles(session)
        ]
    stale = pulse.stale()
    told = {
        "ok": not stale,
        "last_work": _utc(pulse.last),
        "troubles": troubles,
    }
    return (503 if stale else 200), (json.dumps(told) + "\n").encode()


def _utc(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
