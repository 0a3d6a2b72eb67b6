"""Says what is new in a case since somebody was told of it. Pure.

New is what changes what an office would do: the stage, a name, an act or a place that became
known, a denial, an answer that was entered (hak jawab), and that nobody tells it any longer.
Further reports are counted, not told.
The words stand in ``data/wording.toml``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from alerts.data import load
from alerts.names import is_initials
from alerts.plain import plain, quoted
from extract.law import load as load_law
from pantau.records import NO_NAME, Case

_SAY: dict[str, str] = load("wording.toml")["change"]
_STAGE: dict[str, str] = load("wording.toml")["stage"]
_FORMS = load_law().forms


def changes(
    told: Case,
    case: Case,
    region_name: Callable[[str], str],
    *,
    numbers: frozenset[int] = frozenset(),
    nameless: bool = False,
) -> tuple[str, ...]:
    """What a case tells that it did not tell then, a sentence each; none where nothing is new.

    ``numbers`` are those under which it was told: who was told of two cases that turned out to
    be one is told so, and who knows it by another number, as soon as there is other news.
    ``nameless``: the same without anybody's name or words.
    """
    if case.withdrawn:
        return () if told.withdrawn else (_SAY["withdrawn"],)
    said = [_SAY["told_again"]] if told.withdrawn else []
    if case.stage != told.stage:
        named = case.stage_by and not nameless
        by = f" {_STAGE['by'].format(by=quoted(case.stage_by))}" if named else ""
        said.append(_SAY["stage"].format(stage=_STAGE[case.stage] + by, before=_STAGE[told.stage]))
    if _known(case) > _known(told):
        name = quoted(case.actor.name)
        said.append(_SAY["name_known"] if nameless else _SAY["name"].format(name=name))
    for number in sorted(set(case.skb_forms) - set(told.skb_forms)):
        said.append(_SAY["form"].format(number=number, name=_FORMS[number].title))
    if case.region_code and _more_exact(case.region_code, told.region_code):
        said.append(_SAY["region"].format(place=plain(region_name(case.region_code))))
    if case.denied and not told.denied:
        said.append(_SAY["denied"])
    if case.rectification and case.rectification != told.rectification:
        answer = quoted(case.rectification, 1000)
        said.append(_SAY["answered" if nameless else "rectification"].format(answer=answer))
    joined = numbers & ({case.id, *case.also} - {told.id, *told.also})
    if joined or (said and told.id != case.id):
        shown = ", ".join(map(str, sorted({*joined, told.id, case.id})))
        said.insert(0, _SAY["joined"].format(numbers=shown, id=case.id))
    for number in sorted((set(told.also) - set(case.also)) - {case.id}):
        said.append(_SAY["parted"].format(number=number, id=case.id))
    return tuple(said)


def changes_since(
    told: Sequence[Case], case: Case, region_name: Callable[[str], str], *, nameless: bool = False
) -> tuple[str, ...]:
    """The same for who was told of it under several numbers: what none of them told."""
    numbers = frozenset(one.id for one in told)
    since = (changes(one, case, region_name, numbers=numbers, nameless=nameless) for one in told)
    return min(since, key=len)


def piece_of_news(case: Case) -> str:
    """A mark of all that ``changes`` looks at: the same news twice has the same mark."""
    facts = (
        case.stage,
        str(_known(case)),
        ",".join(map(str, sorted(case.skb_forms))),
        case.region_code or "",
        str(case.denied),
        str(case.withdrawn),
        case.rectification,
        ",".join(map(str, case.also)),
    )
    return hashlib.sha256("\x00".join(facts).encode()).hexdigest()[:32]


def _known(case: Case) -> int:
    """How far the actor's name is known: not at all, by initials, in full."""
    if case.actor.name in (NO_NAME, ""):
        return 0
    return 1 if is_initials(case.actor.name) else 2


def _more_exact(code: str, told: str | None) -> bool:
    return told is None or (code != told and not told.startswith(code))
