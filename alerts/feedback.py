"""Measures the mails by what watchers answered: how many of them were worth having.

A case counts as right once an office has taken it up in any way, and as wrong once it was said
to be none; what nobody answered counts for nothing and is told apart.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from alerts.dossier import Dossier, read_cases
from pantau.config import Config
from pantau.state import cases, casework, merging
from pantau.state.tables import AlertRow, ArticleRow

WRONG = "not_one"
RIGHT = frozenset({"take", "trace", "known_already", "finding", "forward", "transfer", "duplicate"})
BATCH = 200


@dataclass(frozen=True, slots=True)
class Answered:
    """A case that was mailed, and what was answered: True right, False wrong, None nothing."""

    dossier: Dossier
    right: bool | None


def answered(session: Session, config: Config) -> Iterator[Answered]:
    """All cases that were told as new, in order of id. The last answer counts."""
    ids = session.scalars(
        select(AlertRow.case_id)
        .where(AlertRow.kind == "new", AlertRow.told_at.is_not(None))
        .distinct()
        .order_by(AlertRow.case_id)
    ).all()
    ids = sorted({merging.leads_to(session, case_id) for case_id in ids})
    for place in range(0, len(ids), BATCH):
        some = ids[place : place + BATCH]
        logs = casework.logs(session, some)
        for dossier in read_cases(session, cases.stored(session, some), config):
            right = None
            for entry in logs[dossier.case.id]:
                if entry.verb.id == WRONG or entry.verb.id in RIGHT:
                    right = entry.verb.id != WRONG
            yield Answered(dossier, right)


def figures(session: Session, config: Config) -> dict[str, Any]:
    """Right, wrong and unanswered cases, and the share that was right: in all, by source, by form
    and by the cue that spoke most for it."""
    groups: dict[str, dict[str, Counter[str]]] = {
        name: defaultdict(Counter) for name in ("all", "source", "form", "cue")
    }
    for one in answered(session, config):
        said = {True: "right", False: "wrong", None: "unanswered"}[one.right]
        groups["all"][""][said] += 1
        for source in {report.source_name for report in one.dossier.reports}:
            groups["source"][source][said] += 1
        for form in one.dossier.case.skb_forms:
            groups["form"][str(form)][said] += 1
        first = max(one.dossier.reports, key=lambda report: report.mention.score).mention
        for reason in [reason for reason in first.reasons if reason.effect == "for"][:1]:
            groups["cue"][reason.cue][said] += 1
    told = {
        name: {key: _share(counts) for key, counts in sorted(group.items())}
        for name, group in groups.items()
    }
    everything = told.pop("all").get("", _share(Counter()))
    return {**everything, "by": told}


def _share(counts: Counter[str]) -> dict[str, Any]:
    judged = counts["right"] + counts["wrong"]
    return {
        "right": counts["right"],
        "wrong": counts["wrong"],
        "unanswered": counts["unanswered"],
        "precision": counts["right"] / judged if judged else None,
    }


def labelled(session: Session, config: Config) -> Iterator[str]:
    """The texts of answered cases as JSON lines in the form of ``corpus/texts``, for training.

    They are other people's texts: they stay in the house.
    """
    for one in answered(session, config):
        if one.right is None:
            continue
        for report in one.dossier.reports:
            article = session.get_one(ArticleRow, report.article_id)
            published = article.published.isoformat() if article.published else None
            yield json.dumps(
                {
                    "id": article.id,
                    "kind": article.kind,
                    "title": article.title,
                    "text": article.text,
                    "published": published,
                    "label": "violation" if one.right else "not_violation",
                    "forms": list(report.mention.skb_forms) if one.right else [],
                    "region": report.mention.region_code,
                    "event": f"kasus-{one.dossier.case.id}",
                },
                ensure_ascii=False,
            )


def table(told: dict[str, Any]) -> str:
    """The figures for a person."""
    lines = [_line("all", told)]
    for name, group in told["by"].items():
        lines += ["", f"by {name}"]
        lines += [_line(f"  {key}", counts) for key, counts in group.items()]
    return "\n".join(lines)


def _line(label: str, counts: dict[str, Any]) -> str:
    share = counts["precision"]
    shown = "–" if share is None else f"{share:.2f}"
    return (
        f"{label:<44} right {counts['right']:>4}  wrong {counts['wrong']:>4}  "
        f"unanswered {counts['unanswered']:>4}  precision {shown}"
    )
