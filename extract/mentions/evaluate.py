"""``pantau evaluate mentions``: how well the judgement does, on whatever labelled sets are given.

For each set: precision and recall per document with Wilson intervals (borderline left out), the
same for the keyword rule, shares by class, form, stage, actor, position, agency and region, and a
reliability table. For ordinary articles: alarms, and what they mean for a national day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import corpus
from extract.entities.regions import table as regions
from extract.gate import Gate
from extract.mentions.beneficiary import same_side
from extract.mentions.deciders import names_authority, same_authority
from extract.mentions.judge import Judge
from extract.mentions.labelled import Labelled, from_row
from extract.mentions.measures import Share, f1, keyword_rule, matched, prevalence_precision
from pantau.records import Judgement

NATIONAL_DAY = 14_000
"""News articles of a day from all watched sources."""
HEADLINE = 400
"""Characters below which a text is a headline or summary rather than an article."""
BINS = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0001)


@dataclass(frozen=True)
class Judged:
    """A labelled text with its judgement; of a text the gate let fall, an empty one."""

    text: Labelled
    judgement: Judgement
    gate: bool

    @property
    def alarm(self) -> bool:
        return self.judgement.decision == "likely_violation"

    @property
    def wrong(self) -> bool:
        return self.text.label != "borderline" and self.alarm != (self.text.label == "violation")


def judge_all(texts: Iterable[Labelled], judge: Judge, gate: Gate) -> list[Judged]:
    """Every text through gate and judgement, as the pipeline would."""
    judged = []
    for text in texts:
        passes = gate.admits(text.article)
        judgement = (
            judge.judge(text.article)
            if passes
            else Judgement(id=text.article.id, decision="none", score=0.0)
        )
        judged.append(Judged(text, judgement, passes))
    return judged


def evaluate(
    sets: Mapping[str, Iterable[Labelled]], judge: Judge, *, ordinary: Iterable[Labelled] = ()
) -> tuple[dict[str, Any], list[Judged]]:
    """The report as plain values, and every judged text that went wrong."""
    gate = Gate.load()
    report: dict[str, Any] = {"sets": {}}
    wrong: list[Judged] = []
    for name, texts in sets.items():
        judged = judge_all(texts, judge, gate)
        report["sets"][name] = measure(judged)
        wrong += [one for one in judged if one.wrong]
    everyday = judge_all(ordinary, judge, gate)
    if everyday:
        report["ordinary"] = _everyday(everyday)
        wrong += [one for one in everyday if one.alarm]
    return report, wrong


def measure(judged: Sequence[Judged]) -> dict[str, Any]:
    """All figures of one set."""
    counted = [one for one in judged if one.text.label != "borderline"]
    true = [one for one in counted if one.text.label == "violation"]
    false = [one for one in counted if one.text.label == "not_violation"]
    alarms = [one for one in counted if one.alarm]
    hits = [one for one in true if one.alarm]
    by_rule = [one for one in counted if keyword_rule(one.text.article.full_text)]
    ruled = [one for one in by_rule if one.text.label == "violation"]
    recall = Share(len(hits), len(true))
    false_rate = Share(len(alarms) - len(hits), len(false))
    return {
        "texts": len(judged),
        "precision": Share(len(hits), len(alarms)),
        "recall": recall,
        "keyword_precision": Share(len(ruled), len(by_rule)),
        "keyword_recall": Share(len(ruled), len(true)),
        "gate_recall": Share(sum(one.gate for one in true), len(true)),
        "false_alarms_per_1000": round(1000 * false_rate.value, 1) if false else None,
        "precision_at_5_percent": round(prevalence_precision(recall.value, false_rate.value), 3)
        if true and false
        else None,
        "by_kind": _by_kind(counted),
        "by_class": _by_class(counted),
        **_details(hits),
        "form_confusion": _form_confusion(hits),
        "subject": _subjects(judged),
        "reliability": _reliability(counted),
    }


def _by_kind(counted: Sequence[Judged]) -> dict[str, dict[str, Share]]:
    """Precision and recall of posts, of headlines and summaries of a sentence or two, and of
    articles."""
    found: dict[str, dict[str, Share]] = {}
    for kind in ("article", "headline", "post"):
        mine = [one for one in counted if _kind(one) == kind]
        hits = sum(one.alarm and not one.wrong for one in mine)
        if mine:
            found[kind] = {
                "precision": Share(hits, sum(one.alarm for one in mine)),
                "recall": Share(hits, sum(one.text.label == "violation" for one in mine)),
            }
    return found


def _kind(one: Judged) -> str:
    article = one.text.article
    if article.kind == "post":
        return "post"
    return "headline" if len(article.full_text) < HEADLINE else "article"


def _by_class(counted: Sequence[Judged]) -> dict[str, Share]:
    total: Counter[str] = Counter(one.text.class_ for one in counted)
    right: Counter[str] = Counter(one.text.class_ for one in counted if not one.wrong)
    return {name: Share(right[name], number) for name, number in sorted(total.items())}


def _details(hits: Sequence[Judged]) -> dict[str, Any]:
    """What the mentions of rightly alarmed texts say, against what was labelled."""
    formed = [one for one in hits if one.text.forms]
    staged = [one for one in hits if one.text.stage]
    placed = [one for one in hits if one.text.region]
    dated = [one for one in hits if one.text.act_date]
    gained = [one for one in hits if one.text.beneficiary]
    decided = [
        one for one in hits if names_authority(one.text.article.full_text, one.text.stage_by)
    ]
    undated = [one for one in hits if one.text.dated and not one.text.act_date]
    details: dict[str, Any] = {
        "form": Share(sum(_form(one) in one.text.forms for one in formed), len(formed)),
        "stage": Share(sum(_stage(one) == one.text.stage for one in staged), len(staged)),
        "region": Share(sum(_region_right(one) for one in placed), len(placed)),
        "beneficiary": Share(sum(_side_right(one) for one in gained), len(gained)),
        "stage_by": Share(sum(_decider_right(one) for one in decided), len(decided)),
        **_denials(hits),
        "act_date": Share(sum(_date_right(one) for one in dated), len(dated)),
        "act_date_left_open": Share(sum(_best(o).act_date is None for o in undated), len(undated)),
    }
    for place, part in enumerate(("name", "position", "agency")):
        counts = [
            matched(
                [actor[place] for actor in one.text.actors],
                [_part(m.actor, part) for m in one.judgement.mentions if m.subject == "asn"],
            )
            for one in hits
            if one.text.actors
        ]
        good, gold, found = (sum(c[i] for c in counts) for i in range(3))
        precision, recall = Share(good, found), Share(good, gold)
        details[f"actor_{part}"] = {
            "f1": round(f1(precision, recall), 3) if gold else None,
            "precision": precision,
            "recall": recall,
        }
    return details


def _part(actor: Any, part: str) -> str:
    value = str(getattr(actor, part))
    return "" if value == "belum disebut" else value


def _best(one: Judged) -> Any:
    """The strongest ASN mention of an alarmed text."""
    return max((m for m in one.judgement.mentions if m.subject == "asn"), key=lambda m: m.score)


def _form(one: Judged) -> int:
    return int(_best(one).skb_forms[0])


def _stage(one: Judged) -> str:
    return str(_best(one).stage)


def _date_right(one: Judged) -> bool:
    found = _best(one).act_date
    return found is not None and found.isoformat() == one.text.act_date


def _side_right(one: Judged) -> bool:
    said = str(_best(one).beneficiary)
    return any(same_side(told, said) for told in one.text.beneficiary)


def _decider_right(one: Judged) -> bool:
    """Whether the same kind of authority is named, of whatever place."""
    return same_authority(one.text.stage_by, str(_best(one).stage_by))


def _denials(hits: Sequence[Judged]) -> dict[str, Share]:
    """Of the texts in which the accused denies it, those found; of those found, the true ones."""
    told = [one for one in hits if one.text.denied is not None]
    found = [one for one in told if any(m.denied for m in one.judgement.mentions)]
    right = sum(bool(one.text.denied) for one in found)
    return {
        "denied_precision": Share(right, len(found)),
        "denied_recall": Share(right, sum(bool(one.text.denied) for one in told)),
    }


def _region_right(one: Judged) -> bool:
    """At kabupaten or kota level; a set may give the code or the name."""
    code = _best(one).region_code or next(iter(one.judgement.region_codes), None)
    if code is None:
        return False
    if one.text.region[:2].isdecimal():
        return bool(code[:5] == one.text.region[:5])
    found = regions().get(code[:5])
    return found is not None and _plain(found.name) in _plain(one.text.region)


def _plain(name: str) -> str:
    """A region's name as all write it: "Fak Fak" and "Fakfak" are one."""
    return "".join(char for char in name.lower() if char.isalpha())


def _form_confusion(hits: Sequence[Judged]) -> dict[str, int]:
    """``said → true`` where no true form was said first."""
    counts = Counter(
        f"{_form(one)}→{'/'.join(str(f) for f in one.text.forms)}"
        for one in hits
        if one.text.forms and _form(one) not in one.text.forms
    )
    return dict(counts.most_common())


def _subjects(judged: Sequence[Judged]) -> dict[str, Share]:
    """Acts of others who are bound: kept with their own subject, and never as an ASN's."""
    found: dict[str, Share] = {}
    for subject in ("village_official", "security", "elected_official", "contract_staff"):
        mine = [one for one in judged if one.text.subject == subject and one.text.class_ == subject]
        kept = [one for one in mine if any(m.subject == subject for m in one.judgement.mentions)]
        found[subject] = Share(len(kept), len(mine))
    return found


def _reliability(counted: Sequence[Judged]) -> list[dict[str, Any]]:
    """Per band of the score: how many texts, their mean score, and the share that were true."""
    rows = []
    for low, high in pairwise(BINS):
        band = [one for one in counted if low <= one.judgement.score < high]
        if band:
            rows.append(
                {
                    "from": low,
                    "to": min(high, 1.0),
                    "mean_score": round(sum(one.judgement.score for one in band) / len(band), 3),
                    "true": Share(sum(one.text.label == "violation" for one in band), len(band)),
                }
            )
    return rows


def _everyday(judged: Sequence[Judged]) -> dict[str, Any]:
    alarms = Share(sum(one.alarm for one in judged), len(judged))
    topical = [one for one in judged if one.gate]
    return {
        "texts": len(judged),
        "passed_gate": Share(len(topical), len(judged)),
        "alarms": alarms,
        "alarms_per_1000": round(1000 * alarms.value, 2),
        "alarms_per_1000_topical": round(1000 * alarms.hits / max(1, len(topical)), 2),
        "false_mails_per_national_day": round(NATIONAL_DAY * alarms.value, 1),
        "at_most_with_95_percent": round(NATIONAL_DAY * alarms.interval[1], 1),
        "keyword_alarms": Share(
            sum(keyword_rule(one.text.article.full_text) for one in judged), len(judged)
        ),
    }


def plain(value: Any) -> Any:
    """The report with every ``Share`` as numbers, for JSON."""
    if isinstance(value, Share):
        return value.json()
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


def lines(value: Any, indent: int = 0) -> Iterable[str]:
    """The report for a person to read."""
    pad = "  " * indent
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield f"{pad}{key}"
            yield from lines(inner, indent + 1)
        elif isinstance(inner, list):
            yield f"{pad}{key}"
            for row in inner:
                yield pad + "  " + "  ".join(f"{k} {v}" for k, v in row.items())
        else:
            yield f"{pad}{key:28} {inner}"


def error_line(one: Judged) -> str:
    kind = "false alarm" if one.alarm else "missed"
    text = one.text.article.full_text.strip().replace("\n", " ")
    return (
        f"{kind:11} {one.judgement.score:.2f} {one.text.article.id} {one.text.class_}: {text[:160]}"
    )


def corpus_set(part: corpus.Split) -> list[Labelled]:
    """The whole texts of a part of the corpus."""
    return [from_row(row) for row in corpus.texts(part)]
