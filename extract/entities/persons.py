"""Who is who in one article, what they are and whom they serve: the readers of persons, joined."""

from __future__ import annotations

from collections.abc import Sequence

from .figures import Figure
from .offices import Offices
from .positions import Position
from .references import References
from .scene import Scene, listed
from .standing import Standing


def read(scene: Scene, figures: Sequence[Figure]) -> None:
    """Fill in the offices, roles, agencies and references of ``figures``."""
    owner = {name.start: figure for figure in figures for name in figure.names}
    standing = Standing(scene)
    Offices(scene, standing).read(owner)
    standing.read(owner)
    References(scene).read(figures, owner)
    standing.charged(figures)


def is_entity(scene: Scene, position: Position) -> bool:
    """Whether a position is one by our labels: beside a name, or with a place or an agency."""
    words = scene.words
    small = not (words.cap[position.start] or words.small)
    before = words.fold[position.start - 1] if position.start else ""
    if position.office.role == "contract_staff" or before in listed("candidate"):
        return False
    if before in listed("not_of_one"):
        return False
    beside = scene.linked.get(position.start)
    if beside is not None and words.fold[beside - 1] in listed("not_beside"):
        return position.complete and not small  # "Perawat berinisial YL"
    if not small:
        after = words.fold[position.end] if position.end < len(words) else ""
        apart = after in ("setempat", "itu", "tersebut")  # "Jagabaya setempat, Wagiman"
        return position.complete or (beside is not None and not apart)
    if beside is None or before == "seorang":
        return False
    if position.office.role == "agency" and not position.office.sure:
        return False
    after = words.fold[position.end] if position.end < len(words) else ""
    if after == "dari" and position.office.role == "elected_official":
        return True  # "anggota DPRD dari Partai Perindo, Denison"
    return 0 <= scene.people.honorific_start(words, beside) - position.end <= 1
