"""From names to persons: who is who in one article, what they are and whom they serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .agencies import Organisation
from .candidates import Candidates
from .linking import Linker
from .people import Name, People
from .positions import Position
from .regions import government, table
from .tokens import Words, lexicon


@dataclass(slots=True)
class Figure:
    """A person while the article is being read."""

    names: list[Name]
    words: set[str]
    """Small-letter words of all its names."""
    offices: list[Position] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    agencies: list[Organisation] = field(default_factory=list)
    status: str = ""
    former: bool = False
    refers: list[tuple[int, int]] = field(default_factory=list)
    """Words of a title alone or "yang bersangkutan" that mean this person."""


def group(words: Words, names: Sequence[Name]) -> list[Figure]:
    """Put the names of one person together, in order of first appearance.

    A shorter name belongs to the longer that holds its words, the one named last before it where
    there are several; initials to the only name they fit.
    """
    figures: list[Figure] = []
    long = [n for n in names if n.end - n.start > 1]
    for name in long:
        tokens = _tokens(words, name)
        for figure in reversed(figures):
            if tokens <= figure.words or figure.words <= tokens:
                figure.names.append(name)
                figure.words |= tokens
                break
        else:
            figures.append(Figure([name], tokens))
    for name in names:
        if name.end - name.start > 1:
            continue
        (token,) = _tokens(words, name)
        fitting = [f for f in figures if token in f.words]
        if not fitting and words.text[name.start].isupper():
            fitting = [f for f in figures if _initials(words, f) == token]
            fitting = fitting if len(fitting) == 1 else []
        if fitting:
            nearest = max(fitting, key=lambda f: _last_before(f, name.start))
            nearest.names.append(name)
        else:
            figures.append(Figure([name], {token}))
    for figure in figures:
        figure.names.sort(key=lambda n: n.start)
    figures.sort(key=lambda f: f.names[0].start)
    return figures


def _tokens(words: Words, name: Name) -> set[str]:
    return {words.fold[k] for k in range(name.start, name.end)}


def _initials(words: Words, figure: Figure) -> str:
    longest = max(figure.names, key=lambda n: n.end - n.start)
    return "".join(words.fold[k][0] for k in range(longest.start, longest.end))


def _last_before(figure: Figure, i: int) -> int:
    """How late the figure was named before word ``i``; those named only later come last."""
    before = [n.start for n in figure.names if n.start < i]
    return max(before) if before else -min(n.start for n in figure.names)


class Reader:
    """Reads what one article says about its persons."""

    def __init__(
        self,
        words: Words,
        people: People,
        positions: Sequence[Position],
        agencies: Sequence[Organisation],
        names: Sequence[Name],
    ) -> None:
        data = lexicon("persons")
        self._words = words
        self._people = people
        self._positions = positions
        self._agencies = agencies
        self._opens = {p.start: p for p in positions}
        self._ends = {p.end: p for p in positions}
        self._agency_ends = {a.end: a for a in agencies}
        self._agency_starts = {a.start: a for a in agencies}
        self._names = names
        self._name_starts = {n.start: n for n in names}
        self._name_ends = {n.end - 1 for n in names}
        self._kin = frozenset(data["kin"])
        self._former = frozenset(data["former"])
        self._candidate = frozenset(data["candidate"])
        self._filler = frozenset(data["candidate_filler"])
        self._copula = frozenset(data["copula"])
        self._given = frozenset(data["given"])
        self._takes = frozenset(data["takes"])
        self._civil = data["civil_servant"]
        self._contract = frozenset(data["contract"])
        self._many = frozenset(data["many"])
        self._staff = frozenset(data["civil_servant"]["staff"])
        self._votes = frozenset(data["vote"]["verbs"])
        self._serves = frozenset(data["serves"]["verbs"])
        self._speech_like = frozenset(lexicon("names")["speech"])
        self.linked: dict[int, int] = {}
        """Start word of each position that belongs to a name, with the name's start."""

    def read(self, figures: Sequence[Figure]) -> None:
        """Fill in the offices, roles and agencies of ``figures``."""
        owner = {name.start: figure for figure in figures for name in figure.names}
        for name in self._names:
            self._before(name, owner[name.start])
        for name in self._names:
            self._after(name, owner[name.start])
        for name in self._names:
            self._status(name, owner[name.start])
        for position in self._positions:
            if position.start not in self.linked:
                self._told(position, owner)
        for position in self._positions:
            if position.start not in self.linked:
                self._refers(position, figures)
        self._pairs(owner)
        self._in_question(figures)
        self._listed(figures, owner)
        for figure in figures:
            self._charged(figure)

    def _before(self, name: Name, figure: Figure) -> None:
        """What stands before the name: "Camat Bandar, Sugeng", "calon bupati Wirawan"."""
        words = self._words
        i = self._people.honorific_start(words, name.start)
        if i and words.text[i - 1] == "," and words.joined(i - 1, name.start):
            i -= 1
            if i and words.fold[i - 1] in ("itu", "tersebut"):
                i -= 1  # "bendahara sekolah itu, Maria"
        agency = self._agency_ends.get(i)
        if agency is not None and agency.start and words.fold[agency.start - 1] == "dari":
            i = agency.start - 1  # "Wakil Ketua DPRD dari Partai Demokrat, Said"
            if i and words.text[i - 1] == ",":
                i -= 1
        position = self._ends.get(i)
        if position is not None and words.joined(position.start, name.start):
            before = words.fold[position.start - 1] if position.start else ""
            if before in self._kin and words.joined(position.start - 1, name.start):
                return
            if before in self._candidate:
                figure.roles.add("candidate")
                self.linked[position.start] = name.start
                return
            self._link(position, name, figure, before in self._former)
        if self._is_candidate(i - 1, name.start) or self._is_described_candidate(i, name):
            figure.roles.add("candidate")
        elif i and words.fold[i - 1] in self._votes and words.joined(i - 1, name.start):
            if not figure.offices:
                figure.roles.add("candidate")

    def _is_candidate(self, i: int, start: int) -> bool:
        """Whether a word for a candidate stands before, with nothing but fillers between."""
        words = self._words
        sentence = words.sent[start]
        for _ in range(14):
            if i < 0 or words.sent[i] != sentence:
                return False
            fold = words.fold[i]
            if fold in self._candidate:
                return i == 0 or words.fold[i - 1] not in ("tim", "pemenangan", "kampanye")
            other = next((n for n in self._names if n.start <= i < n.end), None)
            if other is not None:
                i = other.start - 1
                continue
            region = next((p for p in self._positions if p.start <= i < p.end), None)
            if region is not None and region.office.role == "elected_official":
                i = region.start - 1
                continue
            if fold not in self._filler and not fold.isdigit():
                return False
            i -= 1
        return False

    def _is_described_candidate(self, i: int, name: Name) -> bool:
        """ "Calon bupati yang disebut menerima data, Ruswandi": the clause opens the sentence."""
        words = self._words
        if i >= len(words) or words.text[i] != "," or i == name.start:
            return False
        k = i - 1
        while k > 0 and not words.first[k] and words.text[k] != "," and i - k < 14:
            if any(n.start <= k < n.end for n in self._names):
                return False
            k -= 1
        if words.text[k] == ",":
            k += 1
        return words.fold[k] in self._candidate and "yang" in words.fold[k:i]

    def _after(self, name: Name, figure: Figure) -> None:
        """What stands behind the name: "Gatot Subiantoro, Camat Tanjung Raya"."""
        words = self._words
        k = name.end
        while k < len(words) and words.joined(name.start, k):
            text = words.text[k]
            if text == "," and k + 1 < len(words) and self._people.is_degree(words.text[k + 1]):
                k += 2
                continue
            if self._people.is_degree(text) or (len(text) == 2 and text[1] == "."):
                k += 1
                continue
            break
        if k < len(words) and words.text[k] == "(" and k + 2 < len(words):
            close = next((j for j in range(k, min(k + 5, len(words))) if words.text[j] == ")"), 0)
            k = close + 1 if close else k
        if k >= len(words) or not words.joined(name.start, k):
            return
        j = k + 1 if words.text[k] in (",", "(", "–", "-") else k
        plain = j > k
        former = False
        while j < len(words) and j - k < 6 and words.joined(name.start, j):
            position = self._opens.get(j)
            if position is not None and position.start not in self.linked:
                if plain and not self._leads_to_name(position):
                    self._link(position, name, figure, former)
                return
            fold = words.fold[j]
            if fold in self._former:
                former = True
            elif fold in self._copula:
                plain = True
            elif fold in self._candidate and plain:
                figure.roles.add("candidate")
                return
            elif fold in ("maju", "mendaftar", "mencalonkan", "nyalon", "diri", "bertarung"):
                plain = True
            elif fold not in ("yang", "juga", "itu", "kini", "saat", "ini", "seorang", "masih"):
                break
            j += 1
        self._appointed(name, figure, k)

    def _leads_to_name(self, position: Position) -> bool:
        """Whether the position already belongs to a name that follows it."""
        words = self._words
        k = position.end
        if k < len(words) and words.text[k] == ",":
            k += 1
        k = self._people.honorific_end(words, k) if k < len(words) else k
        return k in self._name_starts and words.joined(position.start, k)

    def _appointed(self, name: Name, figure: Figure, k: int) -> None:
        """ "Rusdi dikukuhkan sebagai Kepala SMPN 3", "Lisnawati memimpin SDN 12"."""
        words = self._words
        verb = False
        for j in range(k, min(k + 9, len(words))):
            if not words.joined(name.start, j) or j in self._name_starts:
                return
            fold = words.fold[j]
            if fold in self._serves and self._works(j, figure):
                return
            if fold in self._takes:
                verb = True
            elif fold == "memimpin" and j + 1 in self._agency_starts:
                agency = self._agency_starts[j + 1]
                if agency.kind.role == "agency":
                    figure.roles.add("asn")
                    figure.agencies.append(agency)
                return
            position = self._opens.get(j)
            if position is not None:
                if verb and position.start not in self.linked:
                    self._link(position, name, figure, False)
                return

    def _works(self, j: int, figure: Figure) -> bool:
        """ "mengajar di SMPN 2": the agency right behind the verb is the person's."""
        for agency in self._agencies:
            near = 0 < agency.start - j <= 3 and self._words.joined(j, agency.start)
            if near and agency.kind.role == "agency" and self._contract_told(j):
                figure.status = "honorer"
                return True
            if near and agency.kind.role == "agency":
                figure.roles.add("asn")
                figure.agencies.append(agency)
                return True
        return False

    def _contract_told(self, i: int) -> bool:
        """Whether the sentence of word ``i`` or the two before it speak of contract staff."""
        words = self._words
        k = i
        while k >= 0 and words.sent[i] - words.sent[k] <= 2:
            if words.fold[k] in self._contract:
                return True
            k -= 1
        return False

    def _told(self, position: Position, owner: dict[int, Figure]) -> None:
        """ "Camat Sijuk dipercayakan kepada Febri": a verb gives the office to a name."""
        words = self._words
        verb = False
        for j in range(position.end, min(position.end + 8, len(words))):
            if not words.joined(position.start, j):
                return
            name = self._name_starts.get(j)
            if name is not None:
                if verb:
                    self._link(position, name, owner[j], False)
                return
            if words.fold[j] in self._given:
                verb = True
            elif words.cap[j] and self._people.honorific_end(words, j) == j:
                return

    def is_entity(self, position: Position) -> bool:
        """Whether a position is one by our labels: beside a name, or with a place or an agency."""
        words = self._words
        small = not (words.cap[position.start] or words.small)
        before = words.fold[position.start - 1] if position.start else ""
        if position.office.role == "contract_staff" or before in self._candidate:
            return False
        beside = self.linked.get(position.start)
        if small:
            if beside is None or before == "seorang":
                return False
            if position.office.role == "agency" and not position.office.sure:
                return False
            return 0 <= self._people.honorific_start(words, beside) - position.end <= 1
        return position.complete or beside is not None

    def _refers(self, position: Position, figures: Sequence[Figure]) -> None:
        """A title alone: "Camat Nunleu Timur itu", "dari jabatan Sekcam Cibangle Hilir".

        It means the holder of that office, or else the person named last who holds none.
        """
        words = self._words
        before = words.fold[position.start - 1] if position.start else ""
        if before in self._many or before in self._former or before in self._candidate:
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
        if figure is not None and not figure.offices and not figure.former:
            figure.offices.append(position)
            figure.refers.append((position.start, position.end))

    def _pointed(self, position: Position) -> bool:
        """Whether "itu" or "tersebut" closes the title: "Dosen PNS itu"."""
        words = self._words
        clause = position.end < len(words) and words.fold[position.end] == "yang"
        reach = 14 if clause else 4  # "Camat Karangwuni yang awal bulan ini diperiksa itu"
        for k in range(position.end, min(position.end + reach, len(words))):
            if not words.joined(position.start, k) or k in self._name_starts:
                return False
            if words.fold[k] in ("itu", "tersebut"):
                return True
            if clause:
                continue
            if words.fold[k] in self._speech_like or words.text[k] == ",":
                return False
        return False

    def _last_named(self, i: int, figures: Sequence[Figure]) -> Figure | None:
        """The person named last before word ``i``, at most two sentences back; else the next."""
        words = self._words
        near = [
            (name.start, figure)
            for figure in figures
            for name in figure.names
            if name.start < i and words.sent[i] - words.sent[name.start] <= 2
        ]
        free = [pair for pair in near if not pair[1].offices]
        if free:
            return max(free, key=lambda pair: pair[0])[1]
        if near:
            return None
        after = [
            (name.start, figure)
            for figure in figures
            for name in figure.names
            if name.start > i and words.sent[name.start] - words.sent[i] <= 1
        ]
        return min(after, key=lambda pair: pair[0])[1] if after else None

    def _in_question(self, figures: Sequence[Figure]) -> None:
        """ "yang bersangkutan" means the civil servant named last before it."""
        words = self._words
        civil = [f for f in figures if f.offices or "asn" in f.roles]
        for i in range(len(words) - 1):
            if words.fold[i] == "yang" and words.fold[i + 1] == "bersangkutan":
                before = [f for f in civil if f.names[0].start < i]
                if before:
                    nearest = max(before, key=lambda f: _last_before(f, i))
                    nearest.refers.append((i, i + 2))

    def _pairs(self, owner: dict[int, Figure]) -> None:
        """ "kampanye Chaidar-Suhartina": who is joined to a candidate is one too."""
        words = self._words
        for one, two in zip(self._names, self._names[1:], strict=False):
            if two.start - one.end != 1 or words.text[one.end] not in ("-", "–", "/"):
                continue
            both = (owner[one.start], owner[two.start])
            if any("candidate" in figure.roles for figure in both):
                for figure in both:
                    figure.roles.add("candidate")

    def _listed(self, figures: Sequence[Figure], owner: dict[int, Figure]) -> None:
        """ "Tiga pegawai Dinas X … Mereka adalah Lely, Juwita, dan Ramlan"."""
        words = self._words
        for i, fold in enumerate(words.fold):
            if fold not in ("mereka", "keduanya", "ketiganya", "keempatnya") or not words.first[i]:
                continue
            if i + 1 >= len(words) or words.fold[i + 1] not in _ARE:
                continue
            told = [k for k in range(len(words)) if words.sent[k] == words.sent[i] - 1]
            civil = [k for k in told if words.fold[k] in self._staff]
            if not civil:
                continue
            near = [a for a in self._agencies if a.start in told and a.kind.role == "agency"]
            for name in self._names:
                figure = owner[name.start]
                if words.sent[name.start] == words.sent[i] and not figure.offices:
                    figure.roles.add("asn")
                    figure.agencies.extend(near[:1])

    def _charged(self, figure: Figure) -> None:
        """Only a civil servant "melanggar netralitas ASN"; so the text says what the person is."""
        if figure.roles or figure.offices:
            return
        words = self._words
        for name in figure.names:
            for k in range(name.end, min(name.end + 7, len(words) - 1)):
                if not words.joined(name.start, k) or words.text[k] == ",":
                    break
                if words.fold[k] in ("melanggar", "langgar") and words.fold[k + 1] == "netralitas":
                    figure.roles.add("asn")

    def _link(self, position: Position, name: Name, figure: Figure, former: bool) -> None:
        self.linked[position.start] = name.start
        if former:
            figure.former = True
        else:
            figure.offices.append(position)

    def _status(self, name: Name, figure: Figure) -> None:
        """Civil servant, contract staff: said of the name in its own sentence or just before."""
        words = self._words
        low = max(0, name.start - 9)
        initials = name.start and words.fold[name.start - 1] in ("berinisial", "inisial")
        if initials:
            low = max(0, name.start - 30)
        sentence = words.sent[name.start]
        for k in range(name.start - 1, low - 1, -1):
            if (words.sent[k] != sentence and not initials) or k in self._name_ends:
                break
            if self._marks(k, figure, initials or self._apposed(k, name.start)):
                break
        for k in range(name.end, min(name.end + 12, len(words))):
            if words.sent[k] != sentence or k in self._name_starts:
                break
            said = any(w in self._copula for w in words.fold[name.end : k])
            if self._marks(k, figure, said or words.text[name.end] == ","):
                break

    def _apposed(self, k: int, start: int) -> bool:
        """Whether only the agency, a comma or "bernama" parts word ``k`` from the name."""
        words = self._words
        j = k + 1
        while j < start:
            agency = self._agency_starts.get(j)
            if agency is not None:
                j = agency.end
                continue
            if words.fold[j] not in _APPOSED and not words.cap[j]:
                return False
            j += 1
        return True

    def _marks(self, k: int, figure: Figure, counts: bool) -> bool:
        words = self._words
        fold = words.fold[k]
        if fold in self._contract:
            if counts:
                figure.status = "honorer"
                figure.roles.add("other")
            return True
        pair = f"{fold} {words.fold[k + 1]}" if k + 1 < len(words) else fold
        if fold in ("pegawai", "staf", "guru") and k + 1 in self._agency_starts and counts:
            agency = self._agency_starts[k + 1]
            if agency.kind.role == "agency":
                figure.roles.add("asn")
                figure.agencies.append(agency)
                return True
        civil = fold in self._civil["words"] or pair in self._civil["phrases"]
        if civil and not (k and words.fold[k - 1] in ("non", "-")):
            if counts:
                figure.roles.add("asn")
                if fold in self._civil["status"]:
                    figure.status = self._civil["status"][fold]
                near = [a for a in self._agencies if k < a.start <= k + 5]
                if near and near[0].kind.role == "agency":
                    figure.agencies.append(near[0])
            return True
        return False


_ARE = frozenset({"adalah", "ialah", "yakni", "yaitu", ","})
_APPOSED = frozenset({",", "di", "pada", "bernama", "berinisial", "inisial", "asal", "lingkungan"})


def role_of(
    words: Words, position: Position, linker: Linker, agencies: Sequence[Organisation]
) -> str:
    """The role of a position's holder, "" where nothing tells it."""
    role = position.role(linker.settle(position.codes) or next(iter(linker.codes), None))
    if role:
        return role
    sentence = words.sent[position.start]
    served = any(
        a.kind.role == "agency" and a.start < position.start and words.sent[a.start] == sentence
        for a in agencies
    )
    return "asn" if position.office.sure or served or civil_nearby(words, position) else ""


def civil_nearby(words: Words, position: Position) -> bool:
    """Whether the sentence of a position or one beside it speaks of civil servants."""
    civil = frozenset(lexicon("persons")["civil_servant"]["words"]) | {"negeri"}
    contract = frozenset(lexicon("persons")["contract"])
    sentence = words.sent[position.start]
    near = {
        fold for fold, sent in zip(words.fold, words.sent, strict=True) if abs(sent - sentence) <= 1
    }
    return bool(near & civil) and not near & contract


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


def serves(
    words: Words,
    figure: Figure,
    linker: Linker,
    agencies: Sequence[Organisation],
) -> str:
    """The name of the agency the person serves, as the text gives it, with its region."""
    for position in figure.offices:
        if role_of(words, position, linker, agencies) == "asn":
            name = agency_of(words, position, linker, agencies)
            if name:
                return name
    for agency in figure.agencies:
        return agency_name(words, agency, linker, agencies)
    return ""


def agency_of(
    words: Words, position: Position, linker: Linker, agencies: Sequence[Organisation]
) -> str:
    """The agency a position belongs to."""
    if position.agency is not None:
        return agency_name(words, position.agency, linker, agencies)
    office = position.office
    here = linker.settle(position.codes) or linker.region_at(words.start[position.start])
    if office.agency == "village":
        return ""
    if office.agency == "government":
        if here is None:
            return ""
        region = here[:2] if "gubernur" in words.fold[position.start : position.head] else here
        return government(region)
    place = words.slice(*position.place) if position.place else ""
    if position.level not in ("district", "local", "village"):
        place = table()[here[:5]].full if here else place
    if office.agency:
        wanted = words.slice(*position.field) if position.field else ""
        if "{field}" in office.agency:
            if not wanted:
                return _nearest(words, position, linker, agencies, here)
            region = f" {table()[here[:5]].full}" if here else ""
            return office.agency.format(field=wanted) + region
        return office.agency.format(place=place).strip()
    if position.level in ("district", "village") and position.place is not None:
        if place.startswith("Kel"):
            return place
        return place if place.startswith(("Kec", "Distrik")) else f"Kecamatan {place}"
    return _nearest(words, position, linker, agencies, here)


def _nearest(
    words: Words,
    position: Position,
    linker: Linker,
    agencies: Sequence[Organisation],
    here: str | None,
) -> str:
    """The agency of a position that names none: one right behind it, else the last one named."""
    for agency in agencies:
        behind = 0 <= agency.start - position.end <= 2
        if behind and agency.kind.role == "agency" and words.joined(position.start, agency.start):
            return agency_name(words, agency, linker, agencies)
    before = [
        a
        for a in agencies
        if a.start < position.start and a.kind.role == "agency" and a.kind.tail != "none"
    ]
    if before:
        return agency_name(words, before[-1], linker, agencies)
    return government(here) if here else ""


def agency_name(
    words: Words,
    agency: Organisation,
    linker: Linker,
    agencies: Sequence[Organisation],
) -> str:
    """An agency's name as written, with its region where the text leaves that to the reader."""
    written = words.slice(agency.start, agency.end)
    if agency.kind.tail != "region" or agency.end > agency.head:
        return written
    for other in agencies:
        if other.full == agency.full and other.codes:
            return words.slice(other.start, other.end)
    here = linker.region_at(words.start[agency.start])
    return f"{written} {table()[here[:5]].full}" if here else written


def candidate_id(
    words: Words, figure: Figure, candidates: Candidates, regions: Sequence[str]
) -> str:
    """Id of the candidate the person is, "" for none."""
    longest = max(figure.names, key=lambda n: n.end - n.start)
    match = candidates.match(words.text[longest.start : longest.end], regions)
    return match.id if match else ""
