"""Whether the text calls a person a civil servant or contract staff, apart from any office."""

from __future__ import annotations

from collections.abc import Sequence

from .figures import Figure
from .people import Name
from .scene import Scene, listed
from .tokens import lexicon

_APPOSED = frozenset({",", "di", "pada", "bernama", "berinisial", "inisial", "asal", "lingkungan"})


class Standing:
    """Reads what one article says of its persons' standing."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._status_of: dict[str, str] = lexicon("persons")["civil_servant"]["status"]

    def read(self, owner: dict[int, Figure]) -> None:
        """Fill in status and roles; ``owner`` gives each name's figure by first word."""
        for name in self._scene.names:
            self._status(name, owner[name.start])

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
            said = any(w in listed("copula") for w in words.fold[name.end : k])
            if self._marks(k, figure, said or words.text[name.end] == ","):
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
        if fold in ("pegawai", "staf", "guru") and k + 1 in self._scene.agency_starts and counts:
            agency = self._scene.agency_starts[k + 1]
            if agency.kind.role == "agency":
                figure.roles.add("asn")
                figure.agencies.append(agency)
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
