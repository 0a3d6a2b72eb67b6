"""Whether the text calls a person a civil servant or contract staff, apart from any office."""

from __future__ import annotations

from collections.abc import Sequence

from .agencies import Organisation
from .figures import Figure
from .people import Name
from .scene import Scene, listed
from .tokens import lexicon
from .workplaces import called, meant, only, staffed_by

_APPOSED = frozenset(
    {
        ",",
        "di",
        "pada",
        "bernama",
        "berinisial",
        "inisial",
        "asal",
        "lingkungan",
        "jenenge",
        "namanya",
    }
)


class Standing:
    """Reads what one article says of its persons' standing."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._status_of: dict[str, str] = lexicon("persons")["civil_servant"]["status"]

    def read(self, owner: dict[int, Figure]) -> None:
        """Fill in status and roles; ``owner`` gives each name's figure by first word."""
        for name in self._scene.names:
            figure = owner[name.start]
            self._status(name, figure)
            self._rank(name, figure)
            placed = [p for p in figure.offices if p.complete or p.office.role != "agency"]
            if not placed and not figure.agencies:
                self._staff(name, figure)
            if not placed and not figure.agencies:
                self._house(name, figure)
        self._named_together(owner)

    def charged(self, figures: Sequence[Figure]) -> None:
        """Last of all: who is said to break civil servants' neutrality is one."""
        for figure in figures:
            self._charged(figure)

    def _status(self, name: Name, figure: Figure) -> None:
        """Civil servant, contract staff: said of the name in its own sentence or just before."""
        words = self._scene.words
        low = max(0, name.start - 9)
        initials = name.start and words.fold[name.start - 1] in ("berinisial", "inisial")
        if initials:
            low = max(0, name.start - 30)
        sentence = words.sent[name.start]
        for k in range(name.start - 1, low - 1, -1):
            if (words.sent[k] != sentence and not initials) or k in self._scene.name_ends:
                break
            if self._marks(k, figure, initials or self._apposed(k, name.start)):
                break
        for k in range(name.end, min(name.end + 12, len(words))):
            if words.sent[k] != sentence or k in self._scene.name_starts:
                break
            if words.fold[k] in listed("others") or self._another(k):
                break  # "A, honorer Satpol PP, dan seorang PNS, B"
            said = any(w in listed("copula") for w in words.fold[name.end : k])
            said = said or words.fold[k - 1] in ("yg", "yang")
            if self._marks(k, figure, said or words.text[name.end] == ","):
                break

    def _another(self, k: int) -> bool:
        """Whether "dan seorang PNS" at word ``k`` goes on to another person."""
        words = self._scene.words
        return words.fold[k] == "seorang" and words.fold[k - 1] in ("dan", "serta", "bersama")

    def _rank(self, name: Name, figure: Figure) -> None:
        """ "Bripka Rifki Ananda": a rank before the name tells a soldier or a police officer."""
        words = self._scene.words
        first = self._scene.people.honorific_start(words, name.start)
        if any(words.fold[k] in listed("rank", "words") for k in range(first, name.start)):
            figure.roles.add("security")

    def _staff(self, name: Name, figure: Figure) -> None:
        """ "Pak Situju dari UPTD Pertanian", "suster Aminah RSUD Murjani": whom the person serves.

        A doctor or a nurse without more belongs to the text's only clinic of the state.
        """
        words = self._scene.words
        i = name.end
        if i < len(words) and words.fold[i] == "dari" and words.joined(name.start, i):
            i += 1
        agency = self._scene.agency_starts.get(i)
        if agency is not None and words.joined(name.start, i) and i > name.end:
            if agency.kind.role in ("election_body", "security"):
                figure.roles.add(agency.kind.role)  # "Frans Wetipo dari Bawaslu Mimika"
                return
        office = self._scene.district_office(i) if name.end < i < len(words) else ""
        if office and agency is None and self._civil_told(name.start):
            figure.roles.add("asn")
            figure.served = office
            return
        if agency is not None and agency.kind.role == "agency" and words.joined(name.start, i):
            if i > name.end or self._addressed(name.start):
                figure.roles.add("asn")
                figure.agencies.append(agency)
            return
        before = words.fold[name.start - 1] if name.start else ""
        speaker = self._scene.agency_ends.get(name.start - 1)
        if before in ("lewat", "melalui") and speaker is not None:
            if speaker.kind.role in ("election_body", "security"):
                figure.roles.add(speaker.kind.role)  # "Bawaslu Buru lewat Taufik Fanolong"
            return
        if before in listed("medic", "words") and words.joined(name.start - 1, name.start):
            clinics = [a for a in self._scene.agencies if self._clinic(a)]
            if clinics and len({words.slice(a.start, a.end) for a in clinics}) == 1:
                figure.roles.add("asn")
                figure.agencies.append(clinics[0])

    def _house(self, name: Name, figure: Figure) -> None:
        """ "Bidan di puskesmas itu, Maria", "Rina, perawat berstatus PPPK": whose staff one is.

        The house is the one named last, or for a profession alone the only one of the text.
        """
        words = self._scene.words
        if figure.status == "honorer" or figure.former or "candidate" in figure.roles:
            return
        if self._contract_told(name.start):
            return  # "Dua guru honorer … Kedua guru itu, Agnes dan Herkulanus"
        told = [k for k in range(max(0, name.start - 9), name.start) if self._leads(k, name.start)]
        told += [k for k in range(name.end + 1, name.end + 4) if self._trails(name.end, k)]
        for k in told:
            kind = staffed_by(words.fold[k])
            if kind is None and words.fold[k] not in listed("civil_servant", "serving"):
                continue
            noun = next((j for j in range(k + 1, min(k + 6, len(words))) if self._points(j)), None)
            agency = None
            if noun is not None and words.joined(k, noun):
                house = called(words.fold[noun])
                if house is not None:
                    agency = meant(words, self._scene.agencies, house, noun)
            elif kind is not None:
                agency = only(words, self._scene.agencies, kind)
            if agency is not None:
                figure.roles.add("asn")
                figure.agencies.append(agency)
                return

    def _points(self, j: int) -> bool:
        """Whether word ``j`` means a house named before: "puskesmas itu"."""
        words = self._scene.words
        after = words.fold[j + 1] if j + 1 < len(words) else ""
        return called(words.fold[j]) is not None and after in listed("pointing", "words")

    def _leads(self, k: int, start: int) -> bool:
        """Whether only what tells of a workplace parts word ``k`` from the name at ``start``."""
        words = self._scene.words
        if not words.joined(k, start) or k in self._scene.name_at:
            return False
        if any(fold in listed("contract") for fold in words.fold[k:start]):
            return False
        first = self._scene.people.honorific_start(words, start)
        return all(
            fold in listed("pointing", "filler") or called(fold) is not None
            for fold in words.fold[k + 1 : first]
        )

    def _trails(self, end: int, k: int) -> bool:
        """Whether word ``k`` opens the apposition behind a name that ends at ``end``."""
        words = self._scene.words
        if k >= len(words) or words.text[end] != "," or not words.joined(end, k):
            return False
        if any(fold in listed("contract") for fold in words.fold[k : k + 3]):
            return False
        return all(fold in listed("pointing", "filler") for fold in words.fold[end:k])

    def _civil_told(self, i: int) -> bool:
        """Whether the sentence of word ``i`` speaks of civil servants before it."""
        words = self._scene.words
        civil = listed("civil_servant", "staff") - listed("contract")
        return any(
            words.fold[k] in civil
            for k in range(max(0, i - 40), i)
            if words.sent[k] == words.sent[i]
        )

    def _clinic(self, agency: Organisation) -> bool:
        head = self._scene.words.slice(agency.start, agency.head)
        return head in listed("medic", "agencies") and agency.end > agency.head

    def _addressed(self, i: int) -> bool:
        """Whether an honorific or a word for a profession stands before the name."""
        words = self._scene.words
        named = self._scene.people.honorific_start(words, i) < i
        return named or (i > 0 and words.fold[i - 1] in listed("medic", "words"))

    def _named_together(self, owner: dict[int, Figure]) -> None:
        """ "dua dosen Universitas Pattimura, Ferry Latumeten dan Johana Pical, beserta …"."""
        words = self._scene.words
        for agency in self._scene.agencies:
            i = agency.start - 1
            many = i > 0 and words.fold[i - 1] in listed("many")
            if (
                agency.kind.role != "agency"
                or not many
                or words.fold[i] not in listed("civil_servant", "staff")
            ):
                continue
            k = agency.end
            while k < len(words) and words.joined(agency.start, k):
                name = self._scene.name_starts.get(k)
                if name is not None:
                    figure = owner[k]
                    if not figure.offices:
                        figure.roles.add("asn")
                        figure.agencies.append(agency)
                    k = name.end
                elif words.fold[k] in (",", "dan", "serta", "yakni", "yaitu", "masing", "-"):
                    k += 1
                else:
                    break

    def _apposed(self, k: int, start: int) -> bool:
        """Whether only the agency, a comma or "bernama" parts word ``k`` from the name."""
        words = self._scene.words
        j = k + 1
        while j < start:
            agency = self._scene.agency_starts.get(j)
            if agency is not None:
                j = agency.end
                continue
            if words.fold[j] not in _APPOSED and not words.cap[j]:
                return False
            j += 1
        return True

    def _marks(self, k: int, figure: Figure, counts: bool) -> bool:
        words = self._scene.words
        fold = words.fold[k]
        if fold in listed("contract"):
            if counts:
                figure.status = "honorer"
                figure.roles.add("other")
            return True
        pair = f"{fold} {words.fold[k + 1]}" if k + 1 < len(words) else fold
        if fold == "petugas" and k + 1 in self._scene.agency_starts and counts:
            figure.agencies.append(self._scene.agency_starts[k + 1])
        if fold in listed("civil_servant", "serving") and counts and self._employed(k, figure):
            return True
        civil = fold in listed("civil_servant", "words") or pair in listed(
            "civil_servant", "phrases"
        )
        if civil and not (k and words.fold[k - 1] in ("non", "-")):
            if counts:
                figure.roles.add("asn")
                figure.status = self._status_of.get(fold, figure.status)
                near = [a for a in self._scene.agencies if k < a.start <= k + 5]
                if near and near[0].kind.role == "agency":
                    figure.agencies.append(near[0])
            return True
        return False

    def _employed(self, k: int, figure: Figure) -> bool:
        """ "guru [SMPN 6]", "penyuluh pertanian pada [Dinas Pertanian]", "staf Kantor Camat X"."""
        words = self._scene.words
        for j in range(k + 1, min(k + 5, len(words))):
            agency = self._scene.agency_starts.get(j)
            office = self._scene.district_office(j)
            if agency is not None and agency.kind.role == "agency":
                figure.roles.add("asn")
                figure.agencies.append(agency)
                return True
            if office and agency is None:
                figure.roles.add("asn")
                figure.served = office
                return True
            if agency is not None or words.cap[j] or not words.text[j].isalpha():
                return False
        return False

    def works(self, j: int, figure: Figure) -> bool:
        """ "mengajar di SMPN 2": the agency right behind the verb is the person's."""
        for agency in self._scene.agencies:
            near = 0 < agency.start - j <= 3 and self._scene.words.joined(j, agency.start)
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
        words = self._scene.words
        k = i
        while k >= 0 and words.sent[i] - words.sent[k] <= 2:
            if words.fold[k] in listed("contract"):
                return True
            k -= 1
        return False

    def _charged(self, figure: Figure) -> None:
        """Only a civil servant "melanggar netralitas ASN"; so the text says what the person is."""
        if figure.roles or figure.offices:
            return
        words = self._scene.words
        for name in figure.names:
            for k in range(name.end, min(name.end + 7, len(words) - 1)):
                if not words.joined(name.start, k) or words.text[k] == ",":
                    break
                if words.fold[k] in ("melanggar", "langgar") and words.fold[k + 1] == "netralitas":
                    figure.roles.add("asn")
