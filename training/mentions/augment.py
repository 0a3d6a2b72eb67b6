"""Contrasts made from the training texts: the same act by another, or not as a fact, or told
among paragraphs that change nothing.

A one-sentence text that begins with its actor ("Camat X membagikan ...") is cut into actor and
act; the act is put behind other actors and into the frames of ``augment.toml``. Which ones follows
from a hash of the text's id, so the result is the same each time.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from extract.mentions.frames import ACTING, Frame

MATERIAL = Path(__file__).with_suffix(".toml")
TURNED_EACH, KEPT_EACH = 3, 1
ENDS = ".,;:!?"
BREAKS = (", ", "; ", ". ", " - ")


def contrasts(rows: Iterable[tuple[dict[str, Any], list[Frame]]]) -> Iterator[dict[str, Any]]:
    """New rows from labelled short rows and the frames read in them."""
    with MATERIAL.open("rb") as file:
        material = tomllib.load(file)
    for row, frames in rows:
        cut = _cut(row, frames)
        if cut is not None:
            yield from _made(row, *cut, material)
        elif row["label"] == "violation" and "kind" in row and row["text"]:
            yield _surrounded(row, material["around"]["paragraphs"])


def _surrounded(row: dict[str, Any], paragraphs: list[str]) -> dict[str, Any]:
    """The same report with a paragraph before, in or after it that leaves it what it is."""
    seed = hashlib.sha256(row["id"].encode()).digest()
    extra = paragraphs[seed[0] % len(paragraphs)]
    parts = row["text"].split("\n\n")
    place = (0, 2, len(parts), len(parts))[seed[1] % 4]
    return {
        **row,
        "id": f"{row['id']}+around",
        "text": "\n\n".join([*parts[:place], extra, *parts[place:]]),
    }


def _cut(row: dict[str, Any], frames: list[Frame]) -> tuple[str, str] | None:
    """(actor, act) of a positive one-sentence text that tells the act right after its actor."""
    if row["label"] != "violation" or row.get("title") or len(frames) != 1:
        return None
    frame = frames[0]
    actor = frame.actor
    if actor is None or actor.group not in ACTING or actor.first > 1 or not frame.acts:
        return None
    act = next((a for a in frame.acts if a.first > actor.last), None)
    if act is None:
        return None
    text = frame.sentence.text
    base = frame.sentence.start
    who = text[: act.start - base].strip(" ,")
    deed = text[act.start - base :]
    for mark in BREAKS:
        deed = deed.partition(mark)[0]
    deed = deed.rstrip(ENDS)
    if len(who.split()) > 7 or not 2 <= len(deed.split()) <= 20:
        return None
    return who, deed[:1].lower() + deed[1:]


def _made(
    row: dict[str, Any], who: str, act: str, material: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    seed = hashlib.sha256(row["id"].encode()).digest()
    made = 0

    def new(text: str, label: str, class_: str, **more: Any) -> dict[str, Any]:
        nonlocal made
        made += 1
        return {
            "id": f"{row['id']}+{made}",
            "event": row["event"],
            "text": text,
            "label": label,
            "class": class_,
            "stage": "none",
            "subject": "none",
            "skb": [],
            **more,
        }

    turned, kept = material["turned"], material["kept"]
    for step in range(TURNED_EACH):
        frame = turned[(seed[step] + step) % len(turned)]
        yield new(frame["frame"].format(who=who, act=act), "not_violation", frame["class"])
    for step in range(KEPT_EACH):
        frame = kept[seed[4 + step] % len(kept)]
        yield new(
            frame["frame"].format(who=who, act=act),
            "violation",
            "act",
            stage=frame["stage"],
            subject="asn",
            skb=row["skb"],
        )
    kinds = list(material["actors"])
    kind = kinds[seed[8] % len(kinds)]
    other = material["actors"][kind][seed[9] % len(material["actors"][kind])]
    yield new(
        f"{other} {act}.",
        "not_violation",
        kind if kind != "none" else "other",
        subject=kind,
    )
