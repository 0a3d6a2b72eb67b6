"""What is told beside the act: by whom its stage was decided, and what the accused answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.entities.tokens import is_common
from extract.law import load as load_law
from extract.mentions.frames import Frame
from extract.mentions.sentences import Sentence

AUTHORITY_STAGES = {
    "proven": ("bkn", "kasn", "court", "ppk", "bawaslu"),
    "dismissed": ("court", "bawaslu", "bkn", "kasn", "police", "ppk"),
    "under_examination": ("bawaslu", "bkn", "kasn", "police", "ppk"),
    "reported": ("bawaslu",),
    "alleged": (),
}


def stage_by(stage: str, frames: Sequence[Frame], order: Sequence[int]) -> str:
    """The authority named where the stage is told: looked for in the frames in ``order`` that
    hold the stage's cues; ``""`` where the text names none."""
    wanted = AUTHORITY_STAGES[stage]
    group = {"under_examination": "examined"}.get(stage, stage)
    for index in order:
        sentence = frames[index].sentence
        if group in sentence.groups:
            named = _authority(sentence, wanted)
            if named:
                return named
    return ""


def same_authority(one: str, other: str) -> bool:
    """Whether two names mean the same kind of authority, of whatever place."""
    ours, theirs = _kind(one), _kind(other)
    return bool(ours) and ours == theirs


def _kind(named: str) -> str:
    """The id of the authority that ``named`` is the name of; ``""`` for none."""
    told = named.lower()
    known = [(alias, a.id) for a in load_law().authorities for alias in a.aliases]
    found = [(len(alias), id_) for alias, id_ in known if alias.lower() in told]
    return max(found)[1] if found else ""


def _authority(sentence: Sentence, wanted: Sequence[str]) -> str:
    """The first wanted authority in the sentence, with the place it serves where named."""
    by_id = {a.id: a for a in load_law().authorities}
    best: tuple[int, str] | None = None
    for authority in (by_id[i] for i in wanted):
        for alias in authority.aliases:
            match = re.search(
                rf"\b{re.escape(alias)}\b(?:\s+(?:Kabupaten|Kota|Provinsi))?(?:\s+[A-Z][a-z]+){{0,2}}",
                sentence.text,
            )
            if match and (best is None or match.start() < best[0]):
                best = (match.start(), _without_verbs(match.group(), alias))
        if best:
            return best[1]
    return ""


def _without_verbs(named: str, alias: str) -> str:
    """The authority's name with its place, without what a headline goes on with: "Bawaslu Palu
    [Setop]"."""
    kept = alias.split()
    for word in named.split()[len(kept) :]:
        if is_common(word.lower()) and word not in {"Kabupaten", "Kota", "Provinsi"}:
            break
        kept.append(word)
    return " ".join(kept).removesuffix(" Kabupaten").removesuffix(" Kota")


def answer(frames: Sequence[Frame], names: Sequence[str]) -> tuple[bool, str]:
    """Whether the accused denies it, and the sentence that says so.

    ``names`` are words by which the accused is called. A denial told by an authority or another
    person does not count.
    """
    parts = {part.lower() for name in names for part in name.split() if len(part) > 2}
    for place, frame in enumerate(frames):
        sentence = frame.sentence
        if "denial" not in sentence.groups or sentence.noise:
            continue
        words = set(sentence.lower)
        mine = bool(words & parts) or bool(words & {"ia", "dia", "terlapor", "beliau"})
        if "watchdog" in sentence.groups and not words & parts:
            continue
        if mine or frame.carried:
            text = sentence.text
            if (
                not sentence.quoted
                and place + 1 < len(frames)
                and frames[place + 1].sentence.quoted
            ):
                text = f"{text} {frames[place + 1].sentence.text}"
            return True, text
    return False, ""
