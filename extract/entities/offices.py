"""Who holds which office: what stands before a name, behind it, or is told by a verb."""

from __future__ import annotations

from .figures import Figure
from .people import Name
from .positions import Position
from .scene import Scene, listed
from .standing import Standing


class Offices:
    """Gives the positions of one article to its persons."""

    def __init__(self, scene: Scene, standing: Standing) -> None:
        self._scene = scene
        self._standing = standing

    def read(self, owner: dict[int, Figure]) -> None:
        """Fill in offices and candidacies; ``owner`` gives each name's figure by first word."""
        for name in self._scene.names:
            self._before(name, owner[name.start])
        for name in self._scene.names:
            self._after(name, owner[name.start])
        for position in self._scene.positions:
            if position.start not in self._scene.linked:
                self._told(position, owner)

    def _before(self, name: Name, figure: Figure) -> None:
        """What stands before the name: "Camat Bandar, Sugeng", "calon bupati Wirawan"."""
        words = self._scene.words
        i = self._scene.people.honorific_start(words, name.start)
        if i and words.text[i - 1] == "," and words.joined(i - 1, name.start):
            i -= 1
            if i and words.fold[i - 1] in ("itu", "tersebut", "setempat"):
                i -= 1  # "bendahara sekolah itu, Maria"
        i = self._before_party(i)
        i = self._before_agency(i)
        position = self._scene.ends.get(i)
        if position is None or not words.joined(position.start, name.start):
            position = self._said_before(i, name.start) or self._where(i, name.start)
        if position is not None:
            before = words.fold[position.start - 1] if position.start else ""
            kin = before in listed("kin") and words.joined(position.start - 1, name.start)
            if kin and not (before == "ibu" and words.cap[position.start - 1]):  # "Ibu Lurah"
                return
            if before in listed("candidate"):
                figure.roles.add("candidate")
                self._scene.linked[position.start] = name.start
                return
            self._scene.link(position, name, figure, before in listed("former"))
        if self._is_candidate(i - 1, name.start) or self._is_described_candidate(i, name):
            figure.roles.add("candidate")
        elif i and words.fold[i - 1] in listed("vote", "verbs") and words.joined(i - 1, name.start):
            if not figure.offices:
                figure.roles.add("candidate")

    def _said_before(self, i: int, start: int) -> Position | None:
        """ "… Kepala Dinas Perikanan menangis. Pejabat itu, Iwan, …": the office told before."""
        words = self._scene.words
        itu = i < len(words) and words.fold[i] in ("itu", "tersebut") and i + 2 == start
        if not itu or i == 0 or words.fold[i - 1] not in listed("said_before"):
            return None
        told = [
            p
            for p in self._scene.positions
            if p.end < i and p.complete and words.sent[i] - words.sent[p.start] <= 1
        ]
        return told[-1] if told and told[-1].start not in self._scene.linked else None

    def _where(self, i: int, start: int) -> Position | None:
        """ "Kepala sekolah tempat Ramli mengajar, Elfi": a clause stands between."""
        words = self._scene.words
        if i + 1 > start or words.text[i] != ",":
            return None
        for k in range(i - 1, max(i - 8, 0), -1):
            if words.text[k] == "," or not words.joined(k, start):
                return None
            if words.fold[k] == "tempat":
                return self._scene.ends.get(k)
        return None

    def _before_party(self, i: int) -> int:
        """Index before "dari Partai Demokrat", "dari Fraksi PAN" that end at ``i``, else ``i``."""
        words = self._scene.words
        party = self._scene.agency_ends.get(i)
        if party is None or party.start < 2:
            return i
        k = party.start - 1
        if words.fold[k] in ("fraksi", "partai"):
            k -= 1
        if words.fold[k] != "dari":
            return i
        return k - 1 if words.text[k - 1] == "," else k

    def _before_agency(self, i: int) -> int:
        """Index before "pada Dinas Pertanian" that ends at ``i`` behind a position, else ``i``."""
        words = self._scene.words
        agency = self._scene.agency_ends.get(i)
        if agency is None or agency.kind.role != "agency":
            return i
        k = agency.start - 1
        joined = k > 0 and words.fold[k] in ("pada", "di", "dari") and words.joined(k, i)
        return k if joined and k in self._scene.ends else i

    def _is_candidate(self, i: int, start: int) -> bool:
        """Whether a word for a candidate stands before, with nothing but fillers between."""
        words = self._scene.words
        sentence = words.sent[start]
        for _ in range(14):
            if i < 0 or words.sent[i] != sentence:
                return False
            fold = words.fold[i]
            if fold in listed("candidate"):
                return i == 0 or words.fold[i - 1] not in ("tim", "pemenangan", "kampanye")
            other = self._scene.name_at.get(i)
            if other is not None:
                i = other.start - 1
                continue
            region = self._scene.position_at.get(i)
            if region is not None and region.office.role == "elected_official":
                i = region.start - 1
                continue
            if fold not in listed("candidate_filler") and not fold.isdigit():
                return False
            i -= 1
        return False

    def _is_described_candidate(self, i: int, name: Name) -> bool:
        """ "Calon bupati yang disebut menerima data, Ruswandi": the clause opens the sentence."""
        words = self._scene.words
        if i >= len(words) or words.text[i] != "," or i == name.start:
            return False
        k = i - 1
        while k > 0 and not words.first[k] and words.text[k] != "," and i - k < 14:
            if k in self._scene.name_at:
                return False
            k -= 1
        if words.text[k] == ",":
            k += 1
        return words.fold[k] in listed("candidate") and "yang" in words.fold[k:i]

    def _after(self, name: Name, figure: Figure) -> None:
        """What stands behind the name: "Gatot Subiantoro, Camat Tanjung Raya"."""
        words = self._scene.words
        k = name.end
        while k < len(words) and words.joined(name.start, k):
            text = words.text[k]
            if (
                text == ","
                and k + 1 < len(words)
                and self._scene.people.is_degree(words.text[k + 1])
            ):
                k += 2
                continue
            if self._scene.people.is_degree(text) or (len(text) == 2 and text[1] == "."):
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
            position = self._scene.opens.get(j)
            if position is not None and position.start not in self._scene.linked:
                small = not words.cap[position.start] and position.agency is not None
                if (plain or (small and j == k)) and not self._leads_to_name(position):
                    self._scene.link(position, name, figure, former)
                return
            fold = words.fold[j]
            if fold in listed("former"):
                former = True
            elif fold in listed("copula"):
                plain = True
            elif fold in listed("candidate") and plain:
                figure.roles.add("candidate")
                return
            elif fold in ("maju", "mendaftar", "mencalonkan", "nyalon", "diri", "bertarung"):
                plain = True
            elif fold not in listed("still"):
                break
            j += 1
        self._appointed(name, figure, k)

    def _leads_to_name(self, position: Position) -> bool:
        """Whether the position already belongs to a name that follows it."""
        words = self._scene.words
        k = position.end
        if k < len(words) and words.text[k] == ",":
            k += 1
        k = self._scene.people.honorific_end(words, k) if k < len(words) else k
        return k in self._scene.name_starts and words.joined(position.start, k)

    def _appointed(self, name: Name, figure: Figure, k: int) -> None:
        """ "Rusdi dikukuhkan sebagai Kepala SMPN 3", "Lisnawati memimpin SDN 12"."""
        words = self._scene.words
        verb = False
        reach = k + 9
        for j in range(k, min(k + 20, len(words))):
            if j >= reach or not words.joined(name.start, j) or j in self._scene.name_starts:
                return
            fold = words.fold[j]
            if fold in listed("serves", "verbs") and self._standing.works(j, figure):
                return
            if fold in listed("takes"):
                verb = True
            elif fold == "memimpin" and j + 1 in self._scene.agency_starts:
                agency = self._scene.agency_starts[j + 1]
                if agency.kind.role == "agency":
                    figure.roles.add("asn")
                    figure.agencies.append(agency)
                return
            position = self._scene.opens.get(j)
            if position is not None and words.fold[j - 1] in listed("earlier"):
                self._scene.linked[position.start] = name.start
                reach = position.end + 9
            elif position is not None:
                if verb and position.start not in self._scene.linked:
                    self._scene.link(position, name, figure, False)
                return

    def _told(self, position: Position, owner: dict[int, Figure]) -> None:
        """ "Camat Sijuk dipercayakan kepada Febri": a verb gives the office to a name."""
        words = self._scene.words
        verb = False
        for j in range(position.end, min(position.end + 8, len(words))):
            if not words.joined(position.start, j):
                return
            name = self._scene.name_starts.get(j)
            if name is not None:
                if verb:
                    self._scene.link(position, name, owner[j], False)
                return
            if words.fold[j] in listed("given"):
                verb = True
            elif words.cap[j] and self._scene.people.honorific_end(words, j) == j:
                return
