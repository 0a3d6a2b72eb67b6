"""Cari: the index, asked by people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from alerts.masking import mask, masked
from alerts.plain import quoted
from pantau.documents import region_name
from pantau.errors import QueryError
from pantau.web.asking import COUNTED, MOST, ORDERS, Asked
from pantau.web.charts import timeline
from pantau.web.context import WebContext
from pantau.web.marking import Part, highlighted
from pantau.web.regions import Branch, tree
from pantau.web.rendering import WORDS, context_of, form_name, page
from pantau.web.security.rights import needs
from pantau.web.viewer import Viewer, viewer_of
from search import Document, Hit, Index, Results
from search.query import NOWHERE, parse

router = APIRouter()

SHOWN = 20
"""Hits on a page; those that carry one text are one."""
MANY, INSIDE = 40, 10
"""Values of a facet that are shown, and of a region those that lie in it: behind a region's own
address stand all of its."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet, and where it leads."""

    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class RegionValue:
    label: str
    count: int
    url: str
    values: tuple[RegionValue, ...]
    """The most frequent of those that lie in it, and how many ``more`` there are."""
    more: int


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    values: tuple[Value, ...] = ()
    regions: tuple[RegionValue, ...] = ()


@router.get("/")
def front() -> Response:
    return RedirectResponse("/cari", status_code=307)


@router.get("/cari", dependencies=[needs("read")])
def search(request: Request) -> Response:
    """Results with facets and chart; a mistaken query with its column, what it means, and help."""
    context = context_of(request)
    asked = Asked.of(request.query_params)
    try:
        if len(asked.words) > MOST:
            raise QueryError(f"pencarian lebih dari {MOST} huruf. Persingkatlah.")
        parse(asked.words)  # by itself, so that columns are those of what was typed
        results = _found(context, asked, viewer_of(request))
    except QueryError as mistake:
        return page(
            request, "search_mistake.html", status=400, asked=asked, mistake=_pointed(mistake)
        )
    names = {source.id: source.name for source in context.config.sources.values()}
    following = asked.at(asked.start + SHOWN)
    return page(
        request,
        "search.html",
        asked=asked,
        orders=ORDERS,
        results=results,
        hits=results.hits[:SHOWN],
        chips=_chips(asked, names),
        facets=_facets(asked, results, names),
        chart=timeline(results.facets["hari"]),
        following=following.url() if len(results.hits) > SHOWN else "",
        passage=_passage,
        heading=_heading,
        url_within=lambda first, last: asked.within(first, last).url(),
    )


def _found(context: WebContext, asked: Asked, viewer: Viewer) -> Results:
    def find() -> Results:
        with context.index() as index:
            return _ask(index, asked, viewer)

    if asked.query:
        return find()
    return context.front.get((asked.order, asked.start, viewer.regions), find)


def _ask(index: Index, asked: Asked, viewer: Viewer) -> Results:
    return index.search(
        asked.query,
        limit=SHOWN + 1,  # one more tells whether another page follows
        offset=asked.start,
        order=ORDERS[asked.order],
        facets=[*COUNTED.values(), "hari"],
        regions=viewer.regions,
        folded=True,
    )


def _passage(hit: Hit) -> list[Part]:
    """The passage with the asked words apart, and without numbers of persons and handles."""
    return highlighted(hit.passage, hit.highlights, masked(hit.passage))


def _heading(document: Document) -> str:
    """What stands where a title would: most posts have none."""
    if document.kind != "post":
        return "(tanpa judul)"
    return quoted(mask(document.text.partition("\n")[0]), 120) or "(tanpa judul)"


def _chips(asked: Asked, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the hits are narrowed to, each with the address that lifts it."""
    chips = [
        (f"{WORDS['facet'][name]}: {_label(name, value, names)}", asked.widened(name).url())
        for name, value in asked.chosen.items()
    ]
    if asked.since or asked.until:
        chips.append((f"{asked.since or '…'} sampai {asked.until or '…'}", asked.ever().url()))
    return chips


def _facets(asked: Asked, results: Results, names: Mapping[str, str]) -> list[Facet]:
    facets = []
    for name, counted in COUNTED.items():
        counts, url_of = results.facets[counted], asked.narrowing(name)
        if name == "wilayah":
            inside = MANY if name in asked.chosen else INSIDE
            facets.append(Facet(name, regions=_regions(tree(counts)[:MANY], url_of, inside)))
        elif name not in asked.chosen:
            values = (
                Value(_label(name, value, names), count, url_of(value))
                for value, count in islice(counts.items(), MANY)
            )
            facets.append(Facet(name, tuple(values)))
    return [facet for facet in facets if facet.values or facet.regions]


def _regions(
    branches: Iterable[Branch], url_of: Callable[[str], str], inside: int
) -> tuple[RegionValue, ...]:
    return tuple(
        RegionValue(
            _place(branch.code),
            branch.count,
            url_of(branch.code),
            _regions(branch.branches[:inside], url_of, inside),
            len(branch.branches[inside:]),
        )
        for branch in branches
    )


def _label(name: str, value: str, names: Mapping[str, str]) -> str:
    match name:
        case "wilayah":
            return _place(value)
        case "sumber":
            return names.get(value, value)
        case "bentuk":
            return form_name(value) if value.isdecimal() else value
        case "tahap":
            return WORDS["stage"].get(value, value)
        case "jenis":
            return WORDS["kind"].get(value, value)
        case "putusan":
            return WORDS["decision"].get(value, value)
    return value


def _place(code: str) -> str:
    return "tempat tidak disebut" if code == NOWHERE else region_name(code)


@dataclass(frozen=True, slots=True)
class Pointed:
    """A mistake in a query, and the column it is at (from 1); 0 where none is told."""

    text: str
    column: int


def _pointed(mistake: QueryError) -> Pointed:
    where, colon, what = str(mistake).partition(": ")
    column = where.removeprefix("kolom ")
    if colon and column.isdecimal():
        return Pointed(what, int(column))
    return Pointed(str(mistake), 0)
