"""What a TLS connection says of the other side."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime


def certificate_ends(line: ssl.SSLSocket) -> datetime:
    """When the certificate of the other side, which was found good, ends."""
    certificate = line.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
