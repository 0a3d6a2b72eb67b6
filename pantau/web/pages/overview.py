"""Ikhtisar: how many cases, when, where, of which form and how far they went."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from extract.entities.regions import table
from pantau.documents import region_name
from pantau.records import STAGES
from pantau.state import casework
from pantau.state.people_tables import CaseworkRow
from pantau.state.tables import CaseRow
from pantau.web.charts import Timeline, timeline
from pantau.web.rendering import WORDS, context_of, form_name, page
from pantau.web.security.rights import needs, sees
from pantau.web.viewer import Viewer, viewer_of

router = APIRouter()

PERIODS = {"90": "90 hari terakhir", "365": "setahun terakhir", "1095": "tiga tahun terakhir"}
Row = tuple[str, int, str]
"""Label, count, and the address that lists them."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Cases of a period and place; one that was dismissed counts only as such."""

    total: int
    weeks: Timeline
    regions: list[Row]
    forms: list[Row]
    stages: list[Row]
    outcomes: list[Row]


@router.get("/ikhtisar", dependencies=[needs("read")])
def overview(request: Request) -> Response:
    context = context_of(request)
    days = request.query_params.get("hari", "365")
    days = days if days in PERIODS else "365"
    region = request.query_params.get("wilayah", "")
    region = region if region in table() else ""
    now = context.clock().astimezone(context.zone)
    since = now - timedelta(days=int(days))
    with context.state.read() as session:
        counted = count(session, viewer_of(request), since, now, region)
    provinces = [one for one in table().values() if one.level == "province"]
    return page(
        request,
        "overview.html",
        counted=counted,
        days=days,
        region=region,
        periods=PERIODS,
        provinces=provinces,
    )


def count(session: Session, viewer: Viewer, since: datetime, now: datetime, region: str) -> Counted:
    """Cases first read since then, in a region (empty: everywhere the viewer works); days are
    those of the zone of ``now``."""
    record, zone = CaseRow.record, now.tzinfo
    query = select(
        CaseRow.id,
        CaseRow.first_seen,
        CaseRow.region_code,
        record["stage"].as_string(),
        record["skb_forms"].as_string(),
    ).where(CaseRow.first_seen >= since)
    if region:
        query = query.where(CaseRow.region_code.startswith(region))
    rows = [row for row in session.execute(query) if row[3] and sees(viewer, [row[2]])]
    standing = [row for row in rows if row[3] != "dismissed"]
    width = 5 if region else 2
    places = Counter((row[2] or "")[:width] for row in standing)
    forms: Counter[int] = Counter()
    for told, number in Counter(row[4] for row in standing).items():
        forms.update(dict.fromkeys(json.loads(told), number))
    stages = Counter(row[3] for row in rows)
    return Counted(
        total=len(standing),
        weeks=timeline(
            Counter(row[1].astimezone(zone).date().isoformat() for row in standing),
            "minggu",
            (since.date(), now.date()),
        ),
        regions=[
            (region_name(code) if code else "tempat belum disebut", number, _listed(code))
            for code, number in _most(places)
        ],
        forms=[(form_name(f), n, f"/kasus?bentuk={f}") for f, n in _most(forms)],
        stages=[
            (WORDS["stage"][stage], stages[stage], f"/kasus?tahap={stage}")
            for stage in STAGES
            if stages[stage]
        ],
        outcomes=_outcomes(session, {row[0] for row in standing}),
    )


def _listed(code: str) -> str:
    return f"/kasus?wilayah={code}" if code else ""


def _outcomes(session: Session, case_ids: set[int]) -> list[Row]:
    """How an office has these cases in hand; only of those with a log is it read."""
    logged = select(CaseworkRow.case_id).union(
        select(CaseRow.merged_into).where(CaseRow.merged_into.is_not(None))
    )
    touched = case_ids.intersection(session.scalars(logged))
    counted = Counter(s.status for s in casework.standings(session, list(touched)).values())
    if untouched := len(case_ids) - len(touched):
        counted[casework.standing(()).status] += untouched
    return [(name, number, "") for name, number in _most(counted)]


def _most(counted: Counter[Any]) -> list[tuple[Any, int]]:
    """The most frequent first, ties in order."""
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))
