"""Looks at what lies around the home: the web, the mail server, the index, the own pages."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from alerts.delivery import Smtp, transport
from crawler.clocks import ENOUGH_HOSTS, Clocks
from pantau.config import Config
from pantau.doctor.findings import Finding, of_certificate
from pantau.errors import PantauError
from pantau.health import CLOCK_OFF
from pantau.home import Home
from pantau.tls import certificate_ends
from search import open_index

_TIMEOUT_S = 10.0
_ASKED = 5
"""Sources that are asked for their robots.txt: enough to know whether the web is there."""


def web(config: Config, now: datetime) -> Iterator[Finding]:
    """Whether names resolve, sites answer (through the proxy, where there is one), and whose
    clock is right."""
    settings = config.settings.crawl
    clocks = Clocks()
    answered, failures = [], []
    hosts = _hosts(config)
    started = datetime.now(UTC)
    with httpx.Client(
        proxy=settings.proxy or None,
        trust_env=False,
        verify=ssl.create_default_context(),
        timeout=_TIMEOUT_S,
        headers={"User-Agent": settings.introduction},
    ) as client:
        for root in hosts:
            host = urlsplit(root).hostname or root
            if not settings.proxy and (problem := _unresolved(host)):
                failures.append(f"{host}: {problem}")
                continue
            try:
                answer = client.get(f"{root}/robots.txt")
            except httpx.TransportError as error:
                failures.append(f"{host}: {error}")
                continue
            answered.append(host)
            date = answer.headers.get("Date")
            clocks.note(root, date.encode() if date else None, now + (datetime.now(UTC) - started))
    if not hosts:
        return
    by = f" through {settings.proxy}" if settings.proxy else ""
    told = f"{len(answered)} of {len(hosts)} sources answer{by}"
    if not answered:
        yield Finding("web", "wrong", f"{told}. {failures[0]}")
    elif failures:
        yield Finding("web", "look", f"{told}. {'; '.join(failures)}")
    else:
        yield Finding("web", "ok", told)
    ahead = clocks.ahead()
    if ahead is None:
        if answered:
            yield Finding("clock", "look", f"fewer than {ENOUGH_HOSTS} sites told the time")
    elif abs(ahead) > CLOCK_OFF.total_seconds():
        told = f"it is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} most sites."
        yield Finding("clock", "wrong", f"{told} Set it by NTP: deadlines are counted by it.")
    else:
        yield Finding("clock", "ok", f"within {abs(ahead):.0f} s of most sites")


def smtp(
    home: Home, config: Config, environment: Mapping[str, str], now: datetime
) -> Iterator[Finding]:
    """Whether the mail server lets us in. Nothing is sent."""
    if config.settings.mail.smtp is None:
        return
    try:
        with transport(config.settings.mail, home.mail, environment) as way:
            assert isinstance(way, Smtp)
            ends = way.greet()
    except PantauError as error:
        yield Finding("smtp", "wrong", str(error))
        return
    server = config.settings.mail.smtp
    yield Finding("smtp", "ok", f"{server.host}:{server.port} lets us in")
    if ends is None:
        yield Finding("smtp", "look", "what is sent can be read on its way. Set security.")
    else:
        yield of_certificate("smtp", ends, now)


def domain(config: Config, resolver: Resolver | None) -> Iterator[Finding]:
    """Whether the sender's domain says who may send for it: SPF (RFC 7208), DMARC (RFC 7489).

    A DKIM key cannot be found without its selector; the mail server signs, not Pantau.
    """
    if config.settings.mail.smtp is None:
        return
    name = config.settings.mail.sender.rpartition("@")[2]
    for what, asked, mark, mend in (
        ("spf", name, "v=spf1", "many servers take its mails for forged. Publish an SPF record."),
        ("dmarc", f"_dmarc.{name}", "v=dmarc1", "anybody can forge its mails. Publish one."),
    ):
        try:
            records = _texts(asked, resolver)
        except DNSException as error:
            yield Finding(what, "look", f"{asked} could not be looked up ({error}).")
            continue
        found = [record for record in records if record.casefold().startswith(mark)]
        if len(found) == 1:
            yield Finding(what, "ok", f"{asked}: {found[0]}")
        elif found:
            told = f"{asked} has {len(found)} records, which counts as none. Leave one."
            yield Finding(what, "wrong", told)
        else:
            yield Finding(what, "look", f"{asked} has no {mark} record: {mend}")


def index(home: Home, config: Config, now: datetime) -> Iterator[Finding]:
    """Whether the index answers, and is of this version."""
    settings = config.settings.search
    if not settings.hosts and not home.index.is_file():
        return
    try:
        opened = open_index(settings, home.index, synonyms=config.synonyms)
        try:
            held = opened.count()
        finally:
            opened.close()
    except PantauError as error:
        yield Finding("index", "wrong", str(error))
        return
    yield Finding("index", "ok", f"{held} articles")
    for host in settings.hosts:
        yield from _certificate("index", host, now, settings.ca_file)


def pages(config: Config, now: datetime) -> Iterator[Finding]:
    """Whether the address in mails leads anywhere, and safely."""
    url = config.settings.alerts.base_url
    if not url:
        return
    if not url.startswith("https://"):
        told = f"{url} is not https: mails carry no one-click unsubscription (RFC 8058)."
        yield Finding("base_url", "look", told)
        return
    yield from _certificate("base_url", url, now, None)


def _certificate(what: str, url: str, now: datetime, ca_file: Path | None) -> Iterator[Finding]:
    parts = urlsplit(url)
    if parts.scheme != "https":
        return
    host, port = parts.hostname or "", parts.port or 443
    try:
        context = ssl.create_default_context(cafile=ca_file)
        with (
            socket.create_connection((host, port), timeout=_TIMEOUT_S) as line,
            context.wrap_socket(line, server_hostname=host) as safe,
        ):
            ends = certificate_ends(safe)
    except OSError as error:
        yield Finding(what, "wrong", f"{host}:{port}: {error}")
        return
    yield of_certificate(what, ends, now)


def _hosts(config: Config) -> list[str]:
    """Roots of a few sources that are watched, spread over all there are."""
    roots = dict.fromkeys(
        "{0.scheme}://{0.netloc}".format(urlsplit(source.ways[0].url))
        for source in config.sources.values()
        if source.enabled and source.ways[0].url
    )
    step = max(1, len(roots) // _ASKED)
    return list(roots)[::step][:_ASKED]


def _unresolved(host: str) -> str:
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError) as error:
        return f"the name does not resolve ({error})"
    return ""


def _texts(name: str, resolver: Resolver | None) -> list[str]:
    """The TXT records of a name, each put together."""
    asked = resolver or Resolver()
    asked.lifetime = _TIMEOUT_S
    try:
        answer = asked.resolve(name, "TXT")
    except (NXDOMAIN, NoAnswer):
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
