"""No request leaves for an address that is not public.

The check stands in the resolver, after the name was resolved and before the connection is
made, and the connection goes to exactly the addresses that passed. So it holds for
redirects, for robots.txt and for names that resolve differently each time. Which private
servers may be asked all the same (``crawl.allow_private``) travels with the request in a
context variable; a request that brings none may ask none.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Self

from scrapy.crawler import Crawler
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped, unused-ignore]

from crawler.errors import PrivateAddress

NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "168.63.129.16/32",  # Azure's host agent: a public address that answers locally
            "192.0.0.0/24",  # protocol assignments; a metadata service of Oracle's is there
            "192.88.99.0/24",  # 6to4 relays, withdrawn (RFC 7526)
            "64:ff9b:1::/48",  # local-use NAT64 (RFC 8215)
            "fec0::/10",  # a site's own addresses, in use where RFC 3879 was not heard of
        ),
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
DNS_SECONDS = 20.0

_dns_threads = ThreadPoolExecutor(8, thread_name_prefix="dns")
"""Of their own: a slow name server must not hold up the archive's threads."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, whatever it is wrapped in."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped:
            return is_public(str(wrapped))
    outside = any(ip.version == net.version and ip in net for net in NOT_PUBLIC)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not outside


@dataclass(slots=True)
class Visit:
    """What one request may ask, and what was refused to it."""

    allowed: frozenset[str]
    """``host:port``."""
    refused: list[str] = field(default_factory=list)


_visit: ContextVar[Visit | None] = ContextVar("visit", default=None)


@contextmanager
def visiting(allowed: frozenset[str]) -> Iterator[Visit]:
    """Requests made inside may ask these private ``host:port`` as well."""
    visit = Visit(allowed)
    token = _visit.set(visit)
    try:
        yield visit
    finally:
        _visit.reset(token)


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name
        self.task: asyncio.Task[None] | None = None

    def cancel(self) -> None:
        if self.task is not None:
            self.task.cancel()


def _resolve(host: str, port: int) -> list[tuple[int, str]]:
    """Family and address of each answer, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, str(address[0])) for family, _, _, _, address in found]


async def connected(
    host: str, port: int, allowed: frozenset[str], *, timeout: float
) -> socket.socket:
    """A connection to a host that Scrapy does not make, to exactly an address that passed.

    Raises PrivateAddress where none may be asked, OSError where none answers.
    """
    loop = asyncio.get_running_loop()
    pending = loop.run_in_executor(_dns_threads, _resolve, host, port)
    found = await asyncio.wait_for(pending, DNS_SECONDS)
    private = [address for _, address in found if not is_public(address)]
    if private and f"{host}:{port}" not in allowed:
        raise PrivateAddress(f"private address {private[0]}")
    failure: OSError = OSError(f"{host} has no address")
    for family, address in found:
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setblocking(False)
        try:
            await asyncio.wait_for(loop.sock_connect(made, (address, port)), timeout)
            return made
        except OSError as error:  # TimeoutError is one
            made.close()
            failure = error
        except BaseException:
            made.close()
            raise
    raise failure


async def look_up(host: str, port: int, allowed: frozenset[str]) -> None:
    """Whether a proxy may be asked for this host. Raises PrivateAddress where it may not.

    A name that cannot be resolved here is the proxy's to resolve: offices with a proxy often
    let nobody else ask.
    """
    loop = asyncio.get_running_loop()
    try:
        pending = loop.run_in_executor(_dns_threads, _resolve, host, port)
        found = await asyncio.wait_for(pending, DNS_SECONDS)
    except (OSError, UnicodeError, TimeoutError):
        return
    private = [address for _, address in found if not is_public(address)]
    if private and f"{host}:{port}" not in allowed:
        raise PrivateAddress(f"private address {private[0]}")


@implementer(IHostnameResolver)
class GuardedResolver:
    """Twisted's name resolver for this process: hands on public addresses only."""

    def __init__(self, resolve: Callable[[str, int], Sequence[tuple[int, str]]] = _resolve) -> None:
        self._lookup = resolve

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """So that ``scrapy crawl`` takes it as its TWISTED_DNS_RESOLVER."""
        return cls()

    def install_on_reactor(self) -> None:
        install(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: object = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        resolution.task = asyncio.ensure_future(
            self._answer(resolutionReceiver, hostName, portNumber, _visit.get())
        )
        return resolution  # type: ignore[return-value, unused-ignore]

    async def _answer(self, receiver: Any, host: str, port: int, visit: Visit | None) -> None:
        loop = asyncio.get_running_loop()
        try:
            pending = loop.run_in_executor(_dns_threads, self._lookup, host, port)
            found = await asyncio.wait_for(pending, DNS_SECONDS)
        except (OSError, UnicodeError, TimeoutError):
            found = []
        for family, address in found:
            if not is_public(address) and not (visit and f"{host}:{port}" in visit.allowed):
                if visit:
                    visit.refused.append(address)
                continue
            kind = IPv6Address if family == socket.AF_INET6 else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()


def install(resolver: GuardedResolver | None = None) -> None:
    """Make the reactor resolve names through the guard; done already, it stays as it is."""
    from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

    installed: Any = reactor
    if resolver is not None or not isinstance(installed.nameResolver, GuardedResolver):
        installed.installNameResolver(resolver or GuardedResolver())
