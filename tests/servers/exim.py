"""A real mail server, Debian's Exim, with a queue and mailboxes of its own under a folder.

As root it runs as the user ``mail``, otherwise as whoever runs the tests: it needs no privilege.
"""

from __future__ import annotations

import grp
import mailbox
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.servers.postbox import free_port

EXIM = shutil.which("exim4") or shutil.which("exim4", path="/usr/sbin")
_CONFIG = Path(__file__).with_suffix(".conf")
_STARTED_S = 30.0


@dataclass(frozen=True)
class Exim:
    """A running server."""

    root: Path
    port: int
    user: str

    def exim(self, *arguments: str) -> str:
        """Run its command line, as its own user."""
        assert EXIM is not None
        done = subprocess.run(
            [EXIM, "-C", str(self.root / "exim.conf"), *arguments],
            user=self.user if os.getuid() == 0 else None,
            group=pwd.getpwnam(self.user).pw_gid if os.getuid() == 0 else None,
            extra_groups=[] if os.getuid() == 0 else None,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        return done.stdout

    def run_queue(self) -> None:
        """Try to deliver all that waits, now."""
        self.exim("-qf")

    def waiting(self) -> int:
        """Mails in its queue."""
        return int(self.exim("-bpc"))

    def knows_the_sender(self) -> None:
        """Turn nobody away any more at ``abu.example``."""
        (self.root / "known").touch()

    def open_mailboxes(self) -> None:
        """Deliver to ``lambat.example`` from the next run of the queue on."""
        (self.root / "open").touch()

    def mails(self, recipient: str) -> list[EmailMessage]:
        """What lies in a mailbox."""
        path = self.root / "mail" / recipient
        if not path.is_dir():
            return []
        raw = (message.as_bytes() for message in mailbox.Maildir(path, create=False))
        return [message_from_bytes(one, policy=default) for one in raw]  # type: ignore[misc]


@contextmanager
def serving(*boxes: str) -> Iterator[Exim]:
    """A server with mailboxes for these addresses, while the context lasts."""
    uid = os.getuid()
    me = pwd.getpwnam("mail") if uid == 0 else pwd.getpwuid(uid)
    root = Path(tempfile.mkdtemp(prefix="exim-"))  # pytest's own folders are closed to others
    server = Exim(root, free_port(), me.pw_name)
    for folder in (root, root / "spool", root / "log", root / "mail"):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o750)
        os.chown(folder, me.pw_uid, me.pw_gid)
    told = {"HERE": str(root), "PORT": str(server.port), "USER": me.pw_name,
            "GROUP": grp.getgrgid(me.pw_gid).gr_name, "EXIM": str(EXIM)}  # fmt: skip
    macros = "".join(f"{name} = {value}\n" for name, value in told.items())
    (root / "exim.conf").write_text(macros + _CONFIG.read_text(encoding="utf-8"))
    (root / "boxes").write_text("".join(f"{box}:\n" for box in boxes), encoding="utf-8")
    try:
        server.exim("-bd")
        _wait_for(server.port)
        yield server
    finally:
        pid = root / "pid"
        if pid.exists():
            os.kill(int(pid.read_text()), 15)
        shutil.rmtree(root, ignore_errors=True)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _STARTED_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "exim does not answer"
            time.sleep(0.1)
