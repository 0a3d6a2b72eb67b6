"""A real Elasticsearch for the tests that need one, and both indices by one fixture."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from pantau.config.models import Search
from search import Index, open_index
from tests.conftest import require_service
from tests.search.world import DOCUMENTS

SCRIPT = Path(__file__).parents[2] / "deploy" / "elasticsearch" / "node.sh"


class Node:
    """A node of our own that can be stopped, killed and started again with its data."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.data = data
        self.log = data / "node.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Raises RuntimeError with the node's last words where it does not come up."""
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [SCRIPT, str(self.port), self.data], stdout=log, stderr=log
            )
        end = time.monotonic() + 90
        while time.monotonic() < end and self._process.poll() is None:
            try:
                health = f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=5s"
                urllib.request.urlopen(health, timeout=10).read()
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
            else:
                return
        self.stop()
        raise RuntimeError(f"Elasticsearch did not start: {self.log.read_text()[-2000:]}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None


@pytest.fixture(scope="session", params=["embedded", "elastic"])
def new_index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Index]]:
    """Opens an empty index; with ``name`` the same one again. Once for each kind of index."""
    hosts = (request.getfixturevalue("node").url,) if request.param == "elastic" else ()
    folder = tmp_path_factory.mktemp("index")
    opened: list[Index] = []

    def open_one(name: str = "", synonyms: Sequence[Sequence[str]] = ()) -> Index:
        chosen = name or f"test{len(opened)}"
        settings = Search(hosts=hosts, index=chosen)
        opened.append(open_index(settings, folder / f"{chosen}.sqlite", synonyms=synonyms))
        return opened[-1]

    yield open_one
    for index in opened:
        index.close()


@pytest.fixture(scope="session")
def index(new_index: Callable[..., Index]) -> Index:
    """An index that holds the articles of ``world``."""
    opened = new_index()
    opened.add(DOCUMENTS)
    return opened


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node that is up; one for all tests of a process."""
    present = all(shutil.which(tool) for tool in ("mvn", "java"))
    require_service(present, "Java 17 with Maven (apt-get install maven openjdk-17-jdk-headless)")
    fetched = subprocess.run([SCRIPT, "--fetch"], capture_output=True, text=True, check=False)
    require_service(fetched.returncode == 0, f"Elasticsearch from Maven Central {fetched.stderr}")
    started = Node(tmp_path_factory.mktemp("elasticsearch"))
    started.start()
    yield started
    started.stop()
