"""What else means a person: a title alone, "yang bersangkutan", a list, the other of a pair."""

from __future__ import annotations

from collections.abc import Sequence

from .figures import Figure, last_before
from .positions import Position
from .scene import Scene, listed
from .tokens import Words, lexicon
from .workplaces import meant, staffed_by

_ARE = frozenset({"adalah", "ialah", "yakni", "yaitu", ","})


class References:
    """Finds words that stand for persons already known."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._speech = frozenset(lexicon("names")["speech"])

    def read(self, figures: Sequence[Figure], owner: dict[int, Figure]) -> None:
        """Fill in what refers to ``figures``."""
        for position in self._scene.positions:
            if position.start not in self._scene.linked:
                self._refers(position, figures)
        self._relatives(owner)
        self._pairs(owner)
        self._in_question(figures)
        self._listed(figures, owner)

    def _refers(self, position: Position, figures: Sequence[Figure]) -> None:
        """A title alone: "Camat Nunleu Timur itu", "dari jabatan Sekcam Cibangle Hilir".

        It means the holder of that office, or else the person named last who holds none.
        """
        words = self._scene.words
        before = words.fold[position.start - 1] if position.start else ""
        if before in listed("many") or before in listed("former") or before in listed("candidate"):
            return
        same = [f for f in figures if any(_one_office(words, position, p) for p in f.offices)]
        if len(same) == 1:
            same[0].refers.append((position.start, position.end))
            return
        if same:
            return
        dismissed = before in ("jabatan", "jabatannya", "posisi")
        if not dismissed and not self._pointed(position):
            return
        figure = self._last_named(position.start, figures)
        if figure is not None and self._borne_by_another(position, figure):
            return
        if figure is not None and not figure.offices and not figure.former:
            figure.offices.append(position)
            figure.refers.append((position.start, position.end))

    def _borne_by_another(self, position: Position, figure: Figure) -> bool:
        """Whether the office was told of somebody unnamed since the person was first named.

        "… Yusnidar … Kepala sekolah tempat Yusnidar bekerja … kata kepala sekolah itu".
        """
        return any(
            p.office is position.office
            and figure.names[0].start < p.start < position.start
            and p.start not in self._scene.linked
            and not self._pointed(p)
            for p in self._scene.positions
        )

    def _pointed(self, position: Position) -> bool:
        """Whether "itu" or "tersebut" closes the title: "Dosen PNS itu"."""
        words = self._scene.words
        clause = position.end < len(words) and words.fold[position.end] == "yang"
        reach = 14 if clause else 4  # "Camat Karangwuni yang awal bulan ini diperiksa itu"
        for k in range(position.end, min(position.end + reach, len(words))):
            if not words.joined(position.start, k) or k in self._scene.name_starts:
                return False
            if words.fold[k] in ("itu", "tersebut"):
                return True
            if clause:
                continue
            if words.fold[k] in self._speech or words.text[k] == ",":
                return False
        return False

    def _last_named(self, i: int, figures: Sequence[Figure]) -> Figure | None:
        """The person named last before word ``i``, at most two sentences back; else the next."""
        words = self._scene.words
        near = [
            (name.start, figure)
            for figure in figures
            for name in figure.names
            if name.start < i and words.sent[i] - words.sent[name.start] <= 2
        ]
        free = [p for p in near if not p[1].offices and "candidate" not in p[1].roles]
        if free:
            return max(free, key=lambda pair: pair[0])[1]
        if near:
            return None
        after = [
            (name.start, figure)
            for figure in figures
            for name in figure.names
            if name.start > i
            and words.sent[name.start] - words.sent[i] <= 1
            and "candidate" not in figure.roles
        ]
        return min(after, key=lambda pair: pair[0])[1] if after else None

    def _in_question(self, figures: Sequence[Figure]) -> None:
        """ "yang bersangkutan" means the civil servant named last before it."""
        words = self._scene.words
        civil = [f for f in figures if f.offices or "asn" in f.roles]
        for i in range(len(words) - 1):
            if words.fold[i] == "yang" and words.fold[i + 1] == "bersangkutan":
                before = [f for f in civil if f.names[0].start < i]
                if before:
                    nearest = max(before, key=lambda f: last_before(f, i))
                    nearest.refers.append((i, i + 2))

    def _relatives(self, owner: dict[int, Figure]) -> None:
        """ "suaminya, calon anggota DPRD … bergambar suaminya, Anang": one relative, told twice."""
        words = self._scene.words
        kin = listed("kin") | {f"{word}nya" for word in listed("kin")}
        standing = {
            words.fold[i]
            for i in range(len(words) - 2)
            if words.fold[i] in kin
            and words.text[i + 1] == ","
            and words.fold[i + 2] in listed("candidate")
        }
        for name in self._scene.names:
            i = name.start - 1
            if i > 0 and words.text[i] == ",":
                i -= 1
            if i >= 0 and words.fold[i] in standing and words.joined(i, name.start):
                owner[name.start].roles.add("candidate")

    def _pairs(self, owner: dict[int, Figure]) -> None:
        """ "kampanye Chaidar-Suhartina": who is joined to a candidate is one too."""
        words = self._scene.words
        for one, two in zip(self._scene.names, self._scene.names[1:], strict=False):
            if two.start - one.end != 1 or words.text[one.end] not in ("-", "–", "/"):
                continue
            both = (owner[one.start], owner[two.start])
            if any("candidate" in figure.roles for figure in both):
                for figure in both:
                    figure.roles.add("candidate")

    def _listed(self, figures: Sequence[Figure], owner: dict[int, Figure]) -> None:
        """ "Tiga pegawai Dinas X … Mereka adalah Lely, Juwita, dan Ramlan"."""
        words = self._scene.words
        for i, fold in enumerate(words.fold):
            if fold not in ("mereka", "keduanya", "ketiganya", "keempatnya") or not words.first[i]:
                continue
            if i + 1 >= len(words) or words.fold[i + 1] not in _ARE:
                continue
            told = [k for k in range(len(words)) if words.sent[k] == words.sent[i] - 1]
            civil = [k for k in told if words.fold[k] in listed("civil_servant", "staff")]
            if not civil:
                continue
            near = [a for a in self._scene.agencies if a.start in told and a.kind.role == "agency"]
            kind = staffed_by(words.fold[civil[0]])
            if not near and kind is not None:  # "Dua guru ikut dipanggil. Keduanya adalah …"
                house = meant(words, self._scene.agencies, kind, i)
                near = [house] if house is not None else []
            for name in self._scene.names:
                figure = owner[name.start]
                if words.sent[name.start] == words.sent[i] and not figure.offices:
                    figure.roles.add("asn")
                    if not figure.served:
                        figure.agencies.extend(near[:1])


def _one_office(words: Words, one: Position, other: Position) -> bool:
    """Whether a later title may mean the earlier office: same office, no other place or agency."""
    if one.office is not other.office:
        return False
    for ours, theirs in (
        (one.place and words.slice(*one.place), other.place and words.slice(*other.place)),
        (one.agency and one.agency.full, other.agency and other.agency.full),
    ):
        if ours and theirs and ours.casefold() != theirs.casefold():
            return False
    return True
