"""Local servers for tests: real sockets on loopback, well-behaved or not.

    with LocalServer() as site:
        site.on("/feed", Answer(b"<rss/>", "application/rss+xml"))
        site.on("/berita/1", habits.reset)
        ...                                   # ask site.root + "/feed"
        assert site.asked("/feed") == 1

Used by tests of every room; knows none of them.
"""

from tests.servers.local import Answer, LocalServer, Seen
from tests.servers.tls import self_signed

__all__ = ["Answer", "LocalServer", "Seen", "self_signed"]
