"""A name server on loopback that knows the TXT records it was told."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from dns.rdatatype import TXT
from dns.resolver import Resolver


class NameServer:
    def __init__(self, records: Mapping[str, Sequence[str]]) -> None:
        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, line = self.request
                asked = dns.message.from_wire(data)
                answer = dns.message.make_response(asked)
                answer.flags |= dns.flags.RA
                question = asked.question[0]
                name = question.name.to_text(omit_final_dot=True)
                if name not in records:
                    answer.set_rcode(dns.rcode.NXDOMAIN)
                elif question.rdtype == TXT and records[name]:
                    told = [f'"{text}"' for text in records[name]]
                    answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", *told))
                line.sendto(answer.to_wire(), self.client_address)

        self._server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)

    def resolver(self) -> Resolver:
        """A resolver that asks this server only."""
        resolver = Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = self._server.server_address[1]
        return resolver

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
