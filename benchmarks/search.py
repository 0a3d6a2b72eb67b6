"""How fast articles are found, on both indices, how that grows, and how fast they are indexed.

    python -m benchmarks.search [--articles 10000 20000] [--elastic http://127.0.0.1:9200]

Articles are synthetic: about 280 words each, drawn as often as they stand in the texts of
``corpus/``, with a tail of rare words such as names are. Questions are two words of one
article, half of them frequent, with facets and highlights, 20 hits by date; each is asked once
before it is timed, as a server that has just started knows nothing of its work yet. Beside the
wall clock stands the processor's time, this process's and a local node's together: on a machine
that does other work too it says what the answer costs. An index grows from one number to the
next, and on Elasticsearch stays there: asked for again, what it holds is not filled in again.

With Elasticsearch, indexing is set beside a bare ``helpers.bulk`` of the same bodies, made
beforehand, in the same run. Stems are looked up anew for it, as by a process just started.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

import corpus
from extract.entities.regions import table
from pantau.config.models import Search
from search import Document, ElasticIndex, Index, open_index
from search.elastic_mapping import MAPPINGS, SETTINGS, to_body
from search.words import _stems, tokens

SEED = 20240827
START = datetime(2024, 1, 1, tzinfo=UTC)
FACETS = ("wilayah", "media", "bentuk", "tahap", "instansi", "calon", "jenis", "hari")
NAME = "pantau-benchmark"
AGENCIES = [f"Dinas {number}" for number in range(400)]
CANDIDATES = [f"Calon {number}" for number in range(1200)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="*", default=[10_000, 20_000])
    parser.add_argument("--elastic", help="a node; without it only the embedded index is measured")
    parser.add_argument("--only-elastic", action="store_true", help="leave the embedded one out")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--indexed", type=int, default=20_000, help="beside a bare bulk; 0: none")
    options = parser.parse_args()
    if not options.only_elastic:
        folder = Path(tempfile.mkdtemp(prefix="pantau-search-"))
        index = open_index(Search(), folder / "index")
        for number in options.articles:
            measure("embedded", index, number, options.queries)
        shutil.rmtree(folder)
    if options.elastic:
        settings = Search(hosts=(options.elastic,), index=NAME, timeout=timedelta(minutes=2))
        index, node = open_index(settings, Path()), node_of(options.elastic)
        for number in options.articles:
            measure("elastic", index, number, options.queries, node)
        if options.indexed:
            compare_with_bare_bulk(options.elastic, options.indexed)


def measure(
    name: str, index: Index, number: int, queries: int, node: psutil.Process | None = None
) -> None:
    """Let an index grow to that many articles, and ask it; one line each."""
    held = index.count()
    if held > number:
        index.rebuild([])
        held = 0
    if held < number:
        started = time.perf_counter()
        index.add(islice(articles(number), held, None))
        filled = time.perf_counter() - started
        print(f"{name:8} {number:>8} articles: {(number - held) / filled:.0f}/s", flush=True)
    asked = questions(number, queries)
    for order in ("date", "relevance"):
        took, cost = [], []
        for timed in (False, True):
            for query in asked:
                begun, worked = time.perf_counter(), processor(node)
                index.search(query, order=order, facets=FACETS)
                if timed:
                    took.append(time.perf_counter() - begun)
                    cost.append(processor(node) - worked)
        print(
            f"{name:8} {number:>8} by {order}: {spread(took)}; processor {spread(cost)}", flush=True
        )


def node_of(url: str) -> psutil.Process | None:
    """The process that answers at an address of this machine."""
    for connection in psutil.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == urlsplit(url).port:
            return psutil.Process(connection.pid) if connection.pid else None
    return None


def processor(node: psutil.Process | None) -> float:
    """Seconds that this process and the node have worked."""
    # Linux counts every process's time finely on a clock of its own (clock_getcpuclockid(3)).
    return time.process_time() + (time.clock_gettime((~node.pid << 3) | 2) if node else 0.0)


def compare_with_bare_bulk(url: str, number: int) -> None:
    """Our way from documents to the index beside the bodies alone, turn about, three times."""
    documents = list(articles(number))
    bodies = [{"_index": f"{NAME}-bare", "_id": d.id, "_source": to_body(d)} for d in documents]
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    node = node_of(url)

    def timed(work: Callable[[], object]) -> tuple[float, float]:
        """Seconds by the wall clock, and of the processors."""
        started, worked = time.perf_counter(), processor(node)
        work()
        return time.perf_counter() - started, processor(node) - worked

    with Elasticsearch(url, request_timeout=120) as client:
        index = ElasticIndex(client, f"{NAME}-ours")
        for _ in range(3):
            client.options(ignore_status=404).indices.delete(index=f"{NAME}-bare")
            client.indices.create(index=f"{NAME}-bare", mappings=MAPPINGS, settings=SETTINGS)
            bare.append(timed(lambda: bulk(client, bodies)))
            index.rebuild([])
            _stems.cache_clear()
            ours.append(timed(lambda: index.add(documents)))
        ours_too = client.indices.get(index=f"{NAME}-ours-*")
        client.indices.delete(index=[f"{NAME}-bare", *ours_too])
    for clock, what in enumerate(("wall clock", "processor")):
        mine, alone = (min(times[clock] for times in rounds) for rounds in (ours, bare))
        print(
            f"indexing by {what}: ours {number / mine:.0f}/s, "
            f"bare bulk {number / alone:.0f}/s, ratio {alone / mine:.2f}"
        )


class Vocabulary:
    """Words by how often they stand in the corpus, and rare ones behind them."""

    def __init__(self) -> None:
        counted = Counter(
            word for row in corpus.texts() for word in tokens(f"{row['title']} {row['text']}")
        )
        self.words = [word for word, _ in counted.most_common()]
        rare = random.Random(SEED)
        letters = "abcdeghiklmnoprstuwy"
        self.words += ["".join(rare.choices(letters, k=rare.randint(5, 10))) for _ in range(60_000)]
        weights = [counted[word] or 0.3 for word in self.words]
        self.weights = list(accumulate(weights))

    def draw(self, draw: random.Random, number: int) -> list[str]:
        return draw.choices(self.words, cum_weights=self.weights, k=number)


def articles(number: int) -> Iterator[Document]:
    """The same articles for the same number, one after the other."""
    draw, words = random.Random(SEED), Vocabulary()
    regions = sorted(code for code in table() if len(code) == len("32.05"))
    for at in range(number):
        code = draw.choice(regions)
        forms = (draw.randint(1, 13),) if draw.random() < 0.1 else ()
        yield Document(
            id=f"{draw.getrandbits(256):064x}",
            url=f"https://kabar.example/{at}",
            title=" ".join(words.draw(draw, 10)).title(),
            text=prose(words.draw(draw, max(40, int(draw.lognormvariate(5.5, 0.5))))),
            kind="news",
            source_id=f"sumber-{at % 350}",
            source_name=f"Kabar {at % 350}",
            published=START + timedelta(minutes=draw.randint(0, 500_000)),
            first_seen=START,
            decision="likely_violation" if forms else "none",
            score=draw.random(),
            region_codes=(code,),
            region_names=(table()[code].full,),
            agencies=tuple(draw.sample(AGENCIES, 2)),
            positions=("Camat",),
            names=(" ".join(words.draw(draw, 2)),),
            roles=("asn",),
            candidates=tuple(draw.sample(CANDIDATES, 1)),
            forms=forms,
            stages=("alleged",) if forms else (),
        )


def prose(words: Sequence[str]) -> str:
    """Sentences of about fifteen words, paragraphs of about four sentences."""
    sentences = [" ".join(words[at : at + 15]).capitalize() for at in range(0, len(words), 15)]
    return "\n\n".join(
        ". ".join(sentences[at : at + 4]) + "." for at in range(0, len(sentences), 4)
    )


def questions(number: int, queries: int) -> list[str]:
    """Two words of one article; every other pair from the thousand most frequent words."""
    frequent = set(Vocabulary().words[:1000])
    draw = random.Random(SEED)
    asked: list[str] = []
    for document in articles(min(number, queries)):
        words = sorted({word for word in tokens(document.text) if len(word) > 3})
        if len(asked) % 2:
            words = [word for word in words if word in frequent]
        asked.append(" ".join(draw.sample(words, 2)))
    return asked


def spread(took: Sequence[float]) -> str:
    ordered = sorted(took)
    middle, high = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    return f"p50 {middle * 1000:.1f} ms, p95 {high * 1000:.1f} ms"


if __name__ == "__main__":
    main()
