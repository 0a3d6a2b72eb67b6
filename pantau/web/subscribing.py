"""A subscription as a form holds it, and back; mistakes are told by field, in Indonesian. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from extract.entities.regions import covers
from pantau.config import Subscription
from pantau.documents import region_name
from pantau.errors import QueryError
from pantau.records import Kind, Stage, Subject
from pantau.web.region_names import UnknownRegion, code_of
from search.query import parse

MOST = 5000
"""Characters in a field at most."""
_LONGEST_ID = 40
OptionalTime = Annotated[time | None, BeforeValidator(lambda value: value or None)]
Text = Field(default="", max_length=MOST)


@dataclass(frozen=True, slots=True)
class Mistaken(Exception):
    """What is wrong, by the name of the field."""

    told: dict[str, str]


class Entered(BaseModel):
    """The fields as somebody filled them in."""

    nama: str = Text
    penerima: str = Text
    """Addresses, one a line or with commas between."""
    wilayah: str = Text
    """Names or codes, likewise."""
    tanpa_wilayah: bool = False
    bentuk: list[int] = []
    tahap: list[Stage] = []
    pelaku: list[Subject] = ["asn"]
    jenis: list[Kind] = []
    calon: str = Text
    kueri: str = Text
    skor: float = Field(default=0, ge=0, le=1)
    irama: Literal["immediate", "hourly", "daily"] = "immediate"
    jam: time = time(7)
    tenang_dari: OptionalTime = None
    tenang_sampai: OptionalTime = None
    zona: str = Text
    batas: int = Field(default=20, ge=1, le=1000)
    langkah: Literal["coba", "simpan"] = "coba"

    @property
    def narrowed(self) -> bool:
        """Whether anything beside the place decides which cases are meant."""
        chosen = self.bentuk, self.tahap, self.jenis, self.calon, self.kueri, self.skor
        return any(chosen) or self.pelaku != ["asn"]

    def subscription(
        self, within: Sequence[str], taken: Collection[str], own_id: str = ""
    ) -> Subscription:
        """What was entered, for somebody who works in the regions ``within`` (none: everywhere).

        A new one gets an id of its name that is not ``taken``. Raises Mistaken.
        """
        told: dict[str, str] = {}
        if not self.nama.strip():
            told["nama"] = "Beri nama, misalnya nama kantor."
        recipients = _several(self.penerima)
        if wrong := [one for one in recipients if not re.fullmatch(r"[^@\s<>;]+@[^@\s<>;]+", one)]:
            told["penerima"] = f"Ini bukan alamat surel: {', '.join(wrong)}."
        elif not recipients:
            told["penerima"] = "Isi sedikitnya satu alamat surel."
        regions = self._regions(within, told)
        if self.kueri.strip():
            try:
                parse(self.kueri)
            except QueryError as error:
                told["kueri"] = str(error)
        if (self.tenang_dari is None) != (self.tenang_sampai is None):
            told["tenang_dari"] = "Isi kedua jam, atau kosongkan keduanya."
        elif self.tenang_dari is not None and self.tenang_dari == self.tenang_sampai:
            told["tenang_dari"] = "Awal dan akhir jam tenang harus berbeda."
        if not self.pelaku:
            told["pelaku"] = "Pilih sedikitnya satu."
        if told:
            raise Mistaken(told)
        fields: dict[str, Any] = {
            "id": own_id or _new_id(self.nama, taken),
            "name": self.nama.strip(),
            "recipients": recipients,
            "regions": regions,
            "without_region": self.tanpa_wilayah,
            "forms": sorted(set(self.bentuk)),
            "stages": self.tahap,
            "subjects": self.pelaku,
            "kinds": self.jenis,
            "candidates": _several(self.calon),
            "query": self.kueri.strip(),
            "min_score": self.skor,
            "rhythm": self.irama,
            "digest_at": self.jam,
            "quiet": (self.tenang_dari, self.tenang_sampai) if self.tenang_dari else None,
            "zone": self.zona or None,
            "mails_per_hour": self.batas,
        }
        try:
            return Subscription.model_validate(fields)
        except ValidationError as error:  # a form that no page of ours showed
            raise Mistaken({"nama": f"Isian tidak dapat dibaca: {error}"}) from error

    def _regions(self, within: Sequence[str], told: dict[str, str]) -> list[str]:
        found = []
        for entry in _several(self.wilayah):
            try:
                code = code_of(entry)
            except UnknownRegion as error:
                told["wilayah"] = str(error)
                continue
            assert code is not None
            if within and not any(covers(outer, code) for outer in within):
                told["wilayah"] = f"{region_name(code)} di luar wilayah kerja Anda."
            found.append(code)
        if within and not found and "wilayah" not in told:
            told["wilayah"] = "Isi wilayah kerja Anda, atau sebagiannya."
        return list(dict.fromkeys(found))


def shown(held: Subscription) -> Entered:
    """The fields of a subscription, to be changed."""
    begin, end = held.quiet or (None, None)
    return Entered(
        nama=held.name,
        penerima="\n".join(held.recipients),
        wilayah="\n".join(map(region_name, held.regions)),
        tanpa_wilayah=held.without_region,
        bentuk=list(held.forms),
        tahap=list(held.stages),
        pelaku=list(held.subjects),
        jenis=list(held.kinds),
        calon="\n".join(held.candidates),
        kueri=held.query,
        skor=held.min_score,
        irama=held.rhythm,
        jam=held.digest_at,
        tenang_dari=begin,
        tenang_sampai=end,
        zona=held.zone or "",
        batas=held.mails_per_hour,
    )


def _several(text: str) -> list[str]:
    """The entries of a field, one a line or with commas between."""
    return list(dict.fromkeys(filter(None, (part.strip() for part in re.split(r"[\n,]", text)))))


def _new_id(name: str, taken: Collection[str]) -> str:
    begun = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:_LONGEST_ID] or "langganan"
    number = 1
    while (found := begun if number == 1 else f"{begun}-{number}") in taken or found == "baru":
        number += 1
    return found
