"""Arsip: the bytes as they were fetched, shown as text or handed over, never as a page of ours."""

from __future__ import annotations

import mimetypes

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.archive import Archive, ArchiveError
from extract.page.decode import decode
from pantau.state import audit
from pantau.state.intake_tables import EvidenceRow
from pantau.state.tables import ArticleRow, PictureRow, RevisionRow
from pantau.web.rendering import address_of, context_of
from pantau.web.security.masks import holds_a_case_of, is_sealed
from pantau.web.security.rights import must_see, needs
from pantau.web.viewer import viewer_of

router = APIRouter()

SANDBOX = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


@router.get("/arsip/{sha256}", dependencies=[needs("read")])
def archived(request: Request, sha256: str, unduh: bool = False) -> Response:
    """A kept body: as plain text, or with ``unduh=1`` its very bytes as an attachment.

    Only what an article of the viewer's regions was made of; of a post, which names its
    account, only for whoever handles the case. Each is logged.
    """
    context, viewer = context_of(request), viewer_of(request)
    with context.state.write() as session:
        article, only_handed_over = _of(session, sha256)
        ending = _ending(session, sha256)
        if article is None or is_sealed(session, viewer, article):
            raise HTTPException(404)
        must_see(viewer, article.judgement.get("region_codes", []))
        if article.citizen and not holds_a_case_of(session, viewer, article.id):
            raise HTTPException(403)
        audit.note(
            session,
            viewer.who,
            "view_archive",
            now=context.clock(),
            subject=f"arsip:{sha256}",
            address=address_of(request),
        )
    try:
        if unduh or only_handed_over:
            return _handed_over(context.archive, sha256, ending)
        body = context.archive.get(sha256)
    except ArchiveError:
        raise HTTPException(404) from None
    return Response(decode(body), media_type="text/plain; charset=utf-8", headers=SANDBOX)


def _handed_over(archive: Archive, sha256: str, ending: str) -> Response:
    """The very bytes, as a file to be kept. In pieces: a video need not fit into memory."""
    size, pieces = archive.get_file(sha256)
    return StreamingResponse(
        pieces,
        media_type="application/octet-stream",
        headers={
            **SANDBOX,
            "Content-Disposition": f'attachment; filename="{sha256}{ending}"',
            "Content-Length": str(size),
        },
    )


def _of(session: Session, sha256: str) -> tuple[ArticleRow | None, bool]:
    """The article that was made of these bytes, or in which they stand as a picture or evidence,
    which are only handed over."""
    revision = session.scalar(select(RevisionRow).where(RevisionRow.page_sha256 == sha256).limit(1))
    if revision is not None:
        return session.get(ArticleRow, revision.article_id), False
    picture = session.scalar(select(PictureRow).where(PictureRow.sha256 == sha256).limit(1))
    if picture is not None:
        return session.get(ArticleRow, picture.article_id), True
    evidence = session.scalar(select(EvidenceRow).where(EvidenceRow.sha256 == sha256).limit(1))
    return (session.get(ArticleRow, evidence.key) if evidence else None), True


def _ending(session: Session, sha256: str) -> str:
    """What a file's name ends in, so that evidence opens in a viewer of its kind."""
    kind = session.scalar(select(EvidenceRow.media_type).where(EvidenceRow.sha256 == sha256))
    return (mimetypes.guess_extension(kind) if kind else None) or ".bin"
