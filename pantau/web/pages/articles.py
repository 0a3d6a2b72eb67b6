"""Artikel: a text with what was found in it, and where a person mends that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.masking import mask, masked
from extract.law import load as load_law
from extract.page import article_id, canonical_url
from pantau.documents import region_name
from pantau.posts import key_of
from pantau.records import Label, Mention
from pantau.source_names import source_name
from pantau.state import articles, corrections, intakes
from pantau.state.corrections import (
    Correction,
    CorrectionError,
    EntityCorrection,
    FormCorrection,
    Made,
    RegionCorrection,
)
from pantau.state.tables import ArticleRow, MentionRow, PictureRow, RevisionRow
from pantau.web.context import WebContext
from pantau.web.differences import Change, differences
from pantau.web.marking import paragraphs
from pantau.web.region_names import UnknownRegion, code_of
from pantau.web.rendering import WORDS, address_of, context_of, page
from pantau.web.security.masks import (
    CITIZEN,
    author_shown,
    holds_a_case_of,
    is_sealed,
    unmask,
    url_shown,
)
from pantau.web.security.rights import may, must_see, needs
from pantau.web.viewer import viewer_of

router = APIRouter()

LABELS: tuple[Label, ...] = get_args(Label)
MOST_OTHERS = 100


@dataclass(frozen=True, slots=True)
class Told:
    """A mention with its number in the text and the case it stands in."""

    number: int
    mention: Mention
    case_id: int | None


@dataclass(frozen=True, slots=True)
class Other:
    """Another article, as a list shows it."""

    id: str
    title: str
    source: str
    row: ArticleRow


@dataclass(frozen=True, slots=True)
class Revised:
    row: RevisionRow
    changes: list[list[Change]]
    """Against the revision before; empty for the first."""


@router.get("/artikel/{article_id}", dependencies=[needs("read")])
def article(request: Request, article_id: str) -> Response:
    return _shown(request, article_id)


def _shown(request: Request, article_id: str, *, mistake: str = "", status: int = 200) -> Response:
    context = context_of(request)
    with context.state.read() as session:
        row = session.get(ArticleRow, article_id)
        if row is None:
            raise HTTPException(404)
        viewer = viewer_of(request)
        if is_sealed(session, viewer, row):
            return page(request, "gone.html", status=410, erased=row.erased_at is not None)
        told = _mentions(session, row)
        regions_told = row.judgement.get("region_codes", [])
        must_see(viewer, [*regions_told, *(one.mention.region_code for one in told)])
        held = articles.to_article(row)
        cases = sorted({one.case_id for one in told if one.case_id is not None})
        values: dict[str, Any] = {
            "article": row,
            "source": _source(context, row),
            "address": _address(row),
            "paragraphs": paragraphs(
                held.full_text,
                articles.entities_of(row),
                [one.mention for one in told],
                masked(held.full_text),
            ),
            "told": told,
            "author": mask(author_shown(row.author, citizen=row.citizen)),
            "regions": regions_told,
            "post": _post(row),
            "above": _above(session, row),
            "may_correct": may(viewer, "correct"),
            "may_unmask": row.citizen and holds_a_case_of(session, viewer, row.id),
            "others": _same_event(context, session, row, cases),
            "copies": _copies(context, session, row),
            "revisions": _revisions(session, row),
            "pictures": _pictures(session, row),
            "evidence": intakes.evidence_of(session, row.id),
            "made": [(one, _said(one)) for one in corrections.ever(session, row.id)],
        }
    return page(
        request,
        "article.html",
        status=status,
        mistake=mistake,
        labels=LABELS,
        forms=load_law().forms,
        mask=mask,
        **values,
    )


@router.post("/artikel/{article_id}/akun", dependencies=[needs("unmask")])
def open_account(request: Request, article_id: str) -> Response:
    """A post's account and address, for whoever handles a case that it tells; logged."""
    context, viewer = context_of(request), viewer_of(request)
    _visible(request, article_id)
    with context.state.write() as session:
        opened = unmask(session, viewer, article_id, context.clock(), address_of(request))
    if opened is None:
        raise HTTPException(403)
    author, url = opened
    return page(request, "citizen.html", article_id=article_id, author=author, url=url)


class Correcting(BaseModel):
    """The form by which a person mends an article."""

    hal: Literal["entitas", "bentuk", "wilayah"]
    teks: str = Field(default="", max_length=5000)
    """The words of the article that name somebody or something."""
    kalimat: int = -1
    """Where the sentence of a mention begins; -1 is none. The sentence itself is not put into
    the form: it may hold what is masked on the page."""
    golongan: str = ""
    peran: str = ""
    instansi: str = Field(default="", max_length=200)
    bentuk: list[int] = []
    wilayah: str = Field(default="", max_length=100)
    catatan: str = Field(default="", max_length=2000)


@router.post("/artikel/{article_id}/koreksi", dependencies=[needs("correct")])
def correct(request: Request, article_id: str, form: Annotated[Correcting, Form()]) -> Response:
    """Keep a correction; what cannot be one is told on the page, with nothing kept."""
    context = context_of(request)
    _visible(request, article_id)
    try:
        with context.state.write() as session:
            correction = _correction(form, _sentence(session, article_id, form.kalimat))
            corrections.add(
                session,
                article_id,
                correction,
                viewer_of(request).who,
                context.clock(),
                note=form.catatan.strip(),
            )
    except CorrectionError as error:
        return _shown(request, article_id, mistake=str(error), status=422)
    return RedirectResponse(f"/artikel/{article_id}#perbaikan", status_code=303)


@router.post("/artikel/{article_id}/koreksi/{number}/tarik", dependencies=[needs("correct")])
def withdraw(request: Request, article_id: str, number: int) -> Response:
    """Take a correction back; who did stays to be read beside it."""
    context = context_of(request)
    _visible(request, article_id)
    try:
        with context.state.write() as session:
            corrections.withdraw(
                session, article_id, number, viewer_of(request).who, context.clock()
            )
    except CorrectionError as error:
        return _shown(request, article_id, mistake=str(error), status=422)
    return RedirectResponse(f"/artikel/{article_id}#perbaikan", status_code=303)


def _visible(request: Request, article_id: str) -> None:
    """404 for an article that there is not, or that lies where the viewer does not work."""
    with context_of(request).state.read() as session:
        row = session.get(ArticleRow, article_id)
        if row is None:
            raise HTTPException(404)
        must_see(viewer_of(request), row.judgement.get("region_codes", []))


def _sentence(session: Session, article_id: str, start: int) -> str:
    """The sentence of the mention that begins there; empty where none is asked for."""
    if start < 0:
        return ""
    for mention in articles.mentions_of(session, article_id):
        if mention.start == start:
            return mention.sentence
    raise CorrectionError("Naskahnya sudah berubah. Muat ulang halaman ini, lalu ulangi.")


def _correction(form: Correcting, sentence: str) -> Correction:
    """What a form asks for. Raises CorrectionError for what cannot be meant."""
    words = form.teks.strip()
    match form.hal:
        case "entitas":
            if not words:
                raise CorrectionError("Tulis kata yang diperbaiki, seperti dalam artikel.")
            label = next((label for label in LABELS if label == form.golongan), None)
            if label is None:
                return EntityCorrection(text=words, label=None)
            roles = (form.peran,) if form.peran in WORDS["role"] else ()
            return EntityCorrection(
                text=words, label=label, roles=roles, agency=form.instansi.strip()
            )
        case "bentuk":
            if not set(form.bentuk) <= set(load_law().forms):
                raise CorrectionError("Bentuk SKB bernomor 1 sampai 13.")
            return FormCorrection(sentence=sentence, forms=tuple(sorted(set(form.bentuk))))
        case "wilayah":
            try:
                code = code_of(form.wilayah)
            except UnknownRegion as error:
                raise CorrectionError(str(error)) from None
            return RegionCorrection(code=code, sentence=sentence)


def _said(made: Made) -> str:
    """A correction in words."""
    match made.correction:
        case EntityCorrection() as said if said.label is None:
            return f"“{said.text}” bukan nama apa pun"
        case EntityCorrection() as said:
            roles = [WORDS["role"].get(role, role) for role in said.roles]
            told = [WORDS["label"][str(said.label)], *roles, said.agency]
            return f"“{said.text}”: {', '.join(filter(None, told))}"
        case FormCorrection() as said:
            numbers = ", ".join(map(str, said.forms))
            what = f"bentuk {numbers}" if said.forms else "bukan perbuatan memihak"
            return f"“{said.sentence}”: {what}"
        case RegionCorrection() as said:
            where = region_name(said.code) if said.code else "tempat tidak disebut"
            return f"“{said.sentence}”: {where}" if said.sentence else f"seluruh artikel: {where}"


def _mentions(session: Session, row: ArticleRow) -> list[Told]:
    rows = session.scalars(
        select(MentionRow)
        .where(MentionRow.article_id == row.id, MentionRow.revision == row.revision)
        .order_by(MentionRow.ordinal)
    )
    return [
        Told(number, articles.mention_from_json(mention.record), mention.case_id)
        for number, mention in enumerate(rows, start=1)
    ]


def _same_event(
    context: WebContext, session: Session, row: ArticleRow, cases: Sequence[int]
) -> list[Other]:
    """Articles of other reports that stand in the same cases."""
    ids = select(MentionRow.article_id).where(
        MentionRow.case_id.in_(cases), MentionRow.article_id != row.id
    )
    return _others(context, session.scalars(_newest_of(ArticleRow.id.in_(ids))) if cases else ())


def _copies(context: WebContext, session: Session, row: ArticleRow) -> list[Other]:
    """Articles that carry the same text."""
    first = row.copy_of or row.id
    same = (ArticleRow.copy_of == first) | (ArticleRow.id == first)
    return _others(context, session.scalars(_newest_of(same & (ArticleRow.id != row.id))))


def _newest_of(condition: Any) -> Any:
    return (
        select(ArticleRow)
        .where(condition, ArticleRow.gone_at.is_(None))
        .order_by(ArticleRow.published.desc(), ArticleRow.id)
        .limit(MOST_OTHERS)
    )


def _others(context: WebContext, rows: Iterable[ArticleRow]) -> list[Other]:
    return [Other(row.id, row.title, _source(context, row), row) for row in rows]


def _post(row: ArticleRow) -> dict[str, Any] | None:
    """What is shown of a post beside its words; of a citizen's links only where they lead to."""
    if row.kind != "post":
        return None
    held = articles.to_article(row)
    links = [urlsplit(link).hostname or "" for link in held.links] if row.citizen else held.links
    return {
        "platform": WORDS["platform"].get(row.platform, row.platform),
        "answers": bool(held.reply_to),
        "counts": [(WORDS["count"][name], number) for name, number in held.counts],
        "media": [WORDS["media"][item.type] for item in held.media],
        "links": list(dict.fromkeys(filter(None, links))),
    }


def _above(session: Session, row: ArticleRow) -> ArticleRow | None:
    """Of a post what it answers, or else what the conversation stands below, as far as it is
    held."""
    held = articles.to_article(row)
    for one in filter(None, (held.reply_to, held.thread)):
        is_address = "://" in one
        key = article_id(canonical_url(one)) if is_address else key_of(row.platform, one)
        above = session.get(ArticleRow, key)
        if above is not None and above.gone_at is None and above.id != row.id:
            return above
    return None


def _source(context: WebContext, row: ArticleRow) -> str:
    if row.citizen:
        return CITIZEN
    return source_name(context.config, row.source_id, url=row.url, platform=row.platform)


def _address(row: ArticleRow) -> str:
    """Where it can be read; only an address of the web is made a link."""
    shown = url_shown(row.url, citizen=row.citizen)
    return shown if re.match(r"https?://[^/\s]+", shown) else ""


def _revisions(session: Session, row: ArticleRow) -> list[Revised]:
    """All revisions, the newest first, each against the one before."""
    rows = session.scalars(
        select(RevisionRow).where(RevisionRow.article_id == row.id).order_by(RevisionRow.number)
    ).all()
    told = []
    before: RevisionRow | None = None
    for revision in rows:
        changes = []
        if before is not None:
            changes = differences(
                mask(f"{before.title}\n{before.text}"), mask(f"{revision.title}\n{revision.text}")
            )
        told.append(Revised(revision, changes))
        before = revision
    return told[::-1]


def _pictures(session: Session, row: ArticleRow) -> Sequence[PictureRow]:
    return session.scalars(
        select(PictureRow)
        .where(PictureRow.article_id == row.id, PictureRow.status == "fetched")
        .order_by(PictureRow.id)
    ).all()
