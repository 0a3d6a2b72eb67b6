"""news-please over the same site, for ``benchmarks.pipeline --news-please FOLDER``.

It gets an environment of its own under FOLDER, pinned and made once from the package registry; no
test needs it. It is configured as it is installed but for what the comparison needs: it starts at
the list of articles and follows links (``RecursiveCrawler``), an article is what ``og:type`` says
is one, and nothing is kept but its JSON files: no database, no HTML. It takes host names only and
drops a port from them, so the site is reached by a name through a forwarding proxy, as
``http_proxy`` says; the proxy's time is not counted.
"""

from __future__ import annotations

import configparser
import http.client
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from urllib.parse import urlsplit

VERSION = "1.6.16"
HOST = "kabar-uji.example"
LIMIT_S = 1800


@dataclass(frozen=True, slots=True)
class Ran:
    articles: int
    cpu: float
    """Seconds of all its processes, user and system."""


def run(entry: str, folder: Path) -> Ran:
    """Let it read a site, from the address of its list of articles on."""
    python = _environment(folder)
    site = urlsplit(entry)
    with (
        tempfile.TemporaryDirectory(prefix="pantau-news-please-") as temporary,
        _named(site.netloc, site.path) as proxy,
    ):
        root = Path(temporary)
        _configure(python, root, f"http://{HOST}/")
        before = _cpu()
        with (folder / "news-please.log").open("w") as log:
            subprocess.run(
                [python, "-m", "newsplease", "-c", str(root)],
                check=True,
                timeout=LIMIT_S,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "http_proxy": proxy, "no_proxy": "", "OMP_NUM_THREADS": "1"},
            )
        told = [json.loads(path.read_text()) for path in (root / "data").rglob("*.json")]
        articles = {one["url"] for one in told if one.get("maintext")}
        return Ran(len(articles), _cpu() - before)


def _environment(folder: Path) -> Path:
    """Its Python, with the package installed."""
    home = folder / f"news-please-{VERSION}"
    python = home / "bin" / "python"
    if not (home / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        wanted = [f"news-please=={VERSION}"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
        (home / "done").touch()
    return python


def _configure(python: Path, root: Path, entry: str) -> None:
    """Its own configuration, changed where the comparison needs it."""
    where = "import newsplease; print(newsplease.__path__[0])"
    shipped = subprocess.run([python, "-c", where], check=True, capture_output=True, text=True)
    config = configparser.RawConfigParser()
    config.optionxform = str  # type: ignore[assignment,method-assign]  # it keeps capitals
    config.read(Path(shipped.stdout.strip()) / "config" / "config.cfg")
    config["Files"]["working_path"] = str(root)
    config["Heuristics"]["enabled_heuristics"] = '{"og_type": True}'
    config["Heuristics"]["pass_heuristics_condition"] = '"og_type"'
    config["Scrapy"]["LOG_LEVEL"] = "ERROR"
    config["Scrapy"]["ITEM_PIPELINES"] = (
        "{'newsplease.pipeline.pipelines.ArticleMasterExtractor': 100, "
        "'newsplease.pipeline.pipelines.JsonFileStorage': 300}"
    )
    with (root / "config.cfg").open("w") as file:
        config.write(file)
    sites = {"base_urls": [{"url": entry, "crawler": "RecursiveCrawler"}]}
    (root / "sitelist.hjson").write_text(json.dumps(sites))


@contextmanager
def _named(site: str, front: str) -> Iterator[str]:
    """The address of a proxy under which HOST is this site, and its front page what stands at
    ``front``: a recursive crawl begins at a host's front page, whatever it is given."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_forward, args=(site, front, there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.kill()


def _forward(site: str, front: str, told: Connection) -> None:
    """Answer as the site does, under the name that was asked for. Knows no other site."""

    class Forwarding(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.hostname != HOST:
                self.send_error(502)
                return
            path = front if asked.path in ("", "/") else asked.path
            path += f"?{asked.query}" if asked.query else ""
            connection = http.client.HTTPConnection(site, timeout=30)
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read().replace(site.encode(), HOST.encode())
            connection.close()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.getheader("Content-Type") or "")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Forwarding) as server:
        told.send(server.server_address[1])
        server.serve_forever()


def _cpu() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
