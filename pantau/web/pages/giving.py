"""Tambah: what somebody saw and no source has: addresses, words, files, or a table of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, BinaryIO

from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from pantau import intake
from pantau.giving import gone, take
from pantau.intake import Evidence, Given, Mistake, Opening, given, read_csv, read_evidence
from pantau.state import audit, intakes
from pantau.state.intake_tables import EvidenceRow, IntakeRow
from pantau.state.intakes import NOT_YET
from pantau.web.region_names import UnknownRegion, code_of
from pantau.web.rendering import WORDS, address_of, context_of, page
from pantau.web.security.rights import needs
from pantau.web.security.uploads import TooLarge
from pantau.web.viewer import viewer_of

router = APIRouter()

SHOWN = 30
"""Of what somebody gave last."""
MOST_TABLE = 5_000_000
"""Bytes of a table."""
FIELDS = {
    "platform": "platform",
    "isi": "text",
    "penulis": "author",
    "akun": "handle",
    "terbit": "published",
    "dilihat": "seen",
    "wilayah": "region",
}
ABOUT = {
    "gambaran": "description",
    "oleh": "taken_by",
    "diambil": "taken_at",
    "asal": "taken_from",
}
"""What the form calls the columns of a table: of a post, and of its files."""
OF_ONE = ("text", "author", "handle", "published")
"""Columns that tell of one address only."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was not taken, and what to mend."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What somebody gave, and how far it has come."""

    row: IntakeRow
    state: str
    article_id: str
    case_ids: Sequence[int]
    evidence: Sequence[EvidenceRow]


@router.get("/tambah", dependencies=[needs("give")])
def form(request: Request, diterima: int = 0) -> Response:
    """The form, and what the viewer gave last. ``diterima``: how many were taken just now."""
    return _shown(request, taken=max(0, min(diterima, intake.MOST_LINES)))


@router.post("/tambah", dependencies=[needs("give")])
async def give(request: Request) -> Response:
    """Take what was entered. What cannot be taken is told, and the rest is taken all the same."""
    reading = request.form(max_files=intake.MOST_MEDIA + 1, max_fields=30, max_part_size=1_000_000)
    try:
        async with reading as sent:
            return await run_in_threadpool(_taken, request, sent)
    except TooLarge:
        most = context_of(request).config.settings.web.max_upload // 1_000_000
        why = f"Lebih dari {most} MB. Potong video, atau serahkan berkasnya satu per satu"
        return _shown(request, wrong=[Wrong("Kiriman ini", why)], status=413)


@router.post("/tambah/{intake_id}/dihapus", dependencies=[needs("give")])
def deleted(request: Request, intake_id: int) -> Response:
    """A post that the viewer gave is deleted on its platform."""
    context, viewer = context_of(request), viewer_of(request)
    with context.state.read() as session:
        row = session.get(IntakeRow, intake_id)
    if row is None or row.added_by != viewer.name or not row.platform:
        raise HTTPException(404)
    gone(
        row.url,
        row.platform,
        who=viewer.who,
        state=context.state,
        clock=context.clock,
        address=address_of(request),
    )
    return RedirectResponse("/tambah#terakhir", 303)


def _taken(request: Request, sent: FormData) -> Response:
    context, viewer = context_of(request), viewer_of(request)
    table = _file(sent.get("tabel"))
    entered = {name: value for name, value in sent.items() if isinstance(value, str)}
    rows: list[IntakeRow] = []
    wrong: list[Wrong] = []
    found = _of_table(request, sent, table) if table else _of_fields(request, sent, entered)
    for where, one in found:
        try:
            if isinstance(one, Mistake | UnknownRegion):
                raise one
            rows.append(
                take(
                    one,
                    added_by=viewer.name,
                    state=context.state,
                    archive=context.archive,
                    clock=context.clock,
                )
            )
        except (Mistake, UnknownRegion) as error:
            wrong.append(Wrong(where, getattr(error, "indonesian", str(error)).rstrip(".")))
    if rows:
        with context.state.write() as session:
            audit.note(
                session,
                viewer.who,
                "give",
                now=context.clock(),
                subject=f"masukan:{rows[0].id}-{rows[-1].id}",
                address=address_of(request),
            )
    if not wrong:
        return RedirectResponse(f"/tambah?diterima={len(rows)}#terakhir", 303)
    to_mend = "\n".join(one.where for one in wrong if "://" in one.where)
    kept = {} if table else {**entered, "alamat": to_mend or entered.get("alamat", "")}
    return _shown(request, entered=kept, wrong=wrong, taken=len(rows), status=422)


def _of_fields(
    request: Request, sent: FormData, entered: Mapping[str, str]
) -> Iterator[tuple[str, Given | Mistake | UnknownRegion]]:
    """Each address with what was entered of it."""
    context = context_of(request)
    zone, now = context.zone, context.clock()
    addresses = list(dict.fromkeys(entered.get("alamat", "").split()))
    if not addresses:
        yield "Alamat", Mistake("nothing")
        return
    if len(addresses) > intake.MOST_LINES:
        yield "Alamat", Mistake("lines", most=intake.MOST_LINES)
        return
    fields = {column: entered.get(name, "") for name, column in FIELDS.items()}
    about = {column: entered.get(name, "") for name, column in ABOUT.items()}
    files = _files(sent)
    try:
        if len(addresses) > 1 and (files or any(fields[name].strip() for name in OF_ONE)):
            raise Mistake("several")
        if len(files) > intake.MOST_MEDIA:
            raise Mistake("many", most=intake.MOST_MEDIA)
        fields["region"] = code_of(fields["region"]) or ""
        evidence: tuple[Evidence, ...] = tuple(
            read_evidence(file.filename or "", _opening(file), about, zone=zone, now=now)
            for file in files
        )
    except (Mistake, UnknownRegion) as error:
        for url in addresses:
            yield url, error
        return
    for url in addresses:
        try:
            yield url, given({**fields, "url": url}, zone=zone, now=now, evidence=evidence)
        except Mistake as mistake:
            yield url, mistake


def _of_table(
    request: Request, sent: FormData, table: UploadFile
) -> Iterator[tuple[str, Given | Mistake]]:
    """Each line of a table; its files are those that were sent along, and no others."""
    context = context_of(request)
    files = {file.filename: file for file in _files(sent)}

    def along(name: str) -> Opening:
        if name not in files:
            raise Mistake("not_sent", name=name[:100])
        return _opening(files[name])

    try:
        raw = table.file.read(MOST_TABLE + 1)
        if len(raw) > MOST_TABLE:
            raise Mistake("table_large", most=MOST_TABLE // 1_000_000)
        for line, one in read_csv(raw, media=along, zone=context.zone, now=context.clock()):
            yield f"Baris {line}", one
    except Mistake as mistake:
        yield "Tabel", mistake


def _files(sent: FormData) -> list[UploadFile]:
    return [file for value in sent.getlist("berkas") if (file := _file(value))]


def _file(value: UploadFile | str | None) -> UploadFile | None:
    """A file that was chosen; a browser sends a nameless one for none."""
    return value if isinstance(value, UploadFile) and value.filename else None


def _opening(file: UploadFile) -> Opening:
    def opened() -> nullcontext[BinaryIO]:
        file.file.seek(0)
        return nullcontext(file.file)

    return opened


def _shown(
    request: Request,
    *,
    entered: Mapping[str, str] | None = None,
    wrong: Sequence[Wrong] = (),
    taken: int = 0,
    status: int = 200,
) -> Response:
    context, viewer = context_of(request), viewer_of(request)
    with context.state.read() as session:
        last = [_how_far(session, row) for row in intakes.given_by(session, viewer.name, SHOWN)]
    names = ("alamat", *FIELDS, *ABOUT)
    values: dict[str, Any] = {name: (entered or {}).get(name, "") for name in names}
    return page(
        request,
        "give.html",
        status=status,
        entered=values,
        wrong=wrong,
        taken=taken,
        last=last,
        zone=context.clock().astimezone(context.zone).tzname(),
        most_files=intake.MOST_MEDIA,
        most_each=intake.MOST_BYTES // 1_000_000,
        most_all=context.config.settings.web.max_upload // 1_000_000,
    )


def _how_far(session: Session, row: IntakeRow) -> Taken:
    found = intakes.progress(session, row)
    platform = WORDS["platform"].get(row.platform, row.platform)
    if row.status == "waiting" and found.disposition == NOT_YET:
        state = f"menunggu jawaban {platform}"
    elif row.status == "failed":
        state = f"{platform} tidak memberi tahu isinya: serahkan lagi dengan isinya"
    else:
        state = WORDS["disposition"].get(found.disposition, found.disposition)
    return Taken(row, state, found.article_id, found.case_ids, found.evidence)
