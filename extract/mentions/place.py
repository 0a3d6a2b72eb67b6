"""Where an act was done, as the code of a kabupaten or kota wherever the text tells it."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from extract.entities.regions import table
from extract.entities.tokens import DATA, lexicon
from extract.mentions.doers import Doer
from extract.mentions.reading import Reading
from extract.mentions.service import PROVINCE, REGENCY
from extract.mentions.words import word_set

HASHTAG = re.compile(r"#(\w+)")
LONG = 6
"""Letters a name must have to be found inside a word, or to be a kecamatan's."""
SIDES = word_set("sides")
PREFIXES = tuple(sorted(word_set("hashtag_prefixes"), key=len, reverse=True))


def place_of(reading: Reading, doer: Doer) -> str | None:
    """Code of the region of the act that ``doer`` is told of; None where nothing tells it.

    Where the sentence tells no more than a province, the kabupaten that the text names is taken;
    then what a post's hashtags, its thread or its author's name tell; at last the region of the
    paper itself. A hashtag says more than the name of a kecamatan, which many share.
    """
    sentence = reading.frames[doer.index].sentence
    found = reading.region_at(sentence.start)
    if doer.item and doer.party is not None:
        end = min(
            (p.start for p in reading.frames[doer.index].parties if p.start > doer.party.end),
            default=sentence.end,
        )
        found = _named(reading, doer.party.start, end, None) or found
    if found is None or len(found) == PROVINCE:
        found = _named(reading, 0, len(reading.text), found) or found
    if reading.kind == "post":
        tagged = _tagged(reading.text)
        if tagged is not None and not _told(reading, found):
            found = tagged
        if found is None or len(found) == PROVINCE:
            near = _written(reading.thread) or _written(reading.author)
            found = near if near is not None and near.startswith(found or "") else found
    if found is None or len(found) == PROVINCE:
        source = reading.source_region or ""
        if found is None or source.startswith(f"{found}."):
            found = source or found
    return found


def tells(reading: Reading, code: str | None) -> bool:
    """Whether the text itself tells the region, or what a post answers and who writes it; not the
    paper's own place alone."""
    if code is None:
        return False
    if any(e.label == "LOC" and e.norm.startswith(code) for e in reading.entities):
        return True
    around = _letters(" ".join((reading.text, reading.thread, reading.author)))
    if any(name in around for name in _names()[code[:REGENCY]]):
        return True
    near = (_tagged(reading.text), _written(reading.thread), _written(reading.author))
    return reading.kind == "post" and code in near


def _named(reading: Reading, start: int, end: int, province: str | None) -> str | None:
    """The kabupaten or kota named most within the span, in ``province`` where that is known."""
    codes = Counter(
        e.norm[:REGENCY]
        for e in reading.entities
        if e.label == "LOC" and start <= e.start < end and len(e.norm) >= REGENCY
    )
    fitting = [c for c in codes if province is None or c.startswith(f"{province}.")]
    return max(fitting, key=lambda code: codes[code], default=None)


def _told(reading: Reading, code: str | None) -> bool:
    """Whether the text names the kabupaten or kota itself, not a kecamatan of it."""
    return any(e.label == "LOC" and e.norm == code for e in reading.entities)


def _tagged(text: str) -> str | None:
    """The region a hashtag names: "#temanggung", "#PilkadaAcehUtara"."""
    for tag in HASHTAG.findall(text):
        name = tag.lower()
        for prefix in ("", *PREFIXES):
            if name.startswith(prefix):
                code = _joined().get(name.removeprefix(prefix))
                if code is not None:
                    return code
    return None


def _written(text: str) -> str | None:
    """The region whose name a thread or an account bears: "Pilkada Lombok Tengah", "tuban.24jam",
    "Acil Imah Martapura", "@cilacaphariini". A kabupaten counts before its seat and its parts."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    runs = ["".join(words[i : i + n]) for n in (3, 2, 1) for i in range(len(words) - n + 1)]
    for names in (_joined(), _seats(), _parts()):
        for run in runs:
            if run in names:
                return names[run]
    opening = (name for word in words for name in _joined() if word.startswith(name))
    longest = max((name for name in opening if len(name) >= LONG), key=len, default="")
    return _joined().get(longest)


@lru_cache(maxsize=1)
def _joined() -> dict[str, str]:
    """Kabupaten and kota by their names and short names without spaces; what two bear is left
    out."""
    regions = [(code, region) for code, region in table().items() if len(code) == REGENCY]
    named = [(name, code) for code, region in regions for name in {region.name, region.full}]
    for code, names in lexicon("places")["aliases"].items():
        named += [(name, code) for name in names if len(code) == REGENCY]
    return _unique(named)


@lru_cache(maxsize=1)
def _names() -> dict[str, frozenset[str]]:
    """How a text may name each region: in full, by a word of its own ("Talaud"), in short, and by
    its seat."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for code, region in table().items():
        if len(code) <= REGENCY:
            own = [word for word in region.name.split() if word.lower() not in SIDES]
            names[code] |= {region.name, *(word for word in own if len(word) >= LONG)}
    for code, short in lexicon("places")["aliases"].items():
        names[code] |= {name for name in short if name.isalpha()}
    for row in _capitals():
        names[row["code"]].add(row["capital"])
    return {code: frozenset(map(_letters, told)) for code, told in names.items()}


@lru_cache(maxsize=1)
def _seats() -> dict[str, str]:
    """Kabupaten by their seats."""
    return _unique((row["capital"], row["code"]) for row in _capitals())


def _capitals() -> Iterable[dict[str, str]]:
    rows = (DATA / "capitals.csv").read_text(encoding="utf-8").splitlines()
    return csv.DictReader(rows)


@lru_cache(maxsize=1)
def _parts() -> dict[str, str]:
    """Kabupaten by those of their kecamatan whose name is found nowhere else."""
    found = _unique(
        (region.name, code) for code, region in table().items() if region.level == "district"
    )
    larger = {_letters(region.name) for code, region in table().items() if len(code) <= REGENCY}
    return {
        name: code[:REGENCY]
        for name, code in found.items()
        if len(name) >= LONG and name not in larger
    }


def _unique(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By name in small letters, without what is told with a figure ("50 Kota")."""
    codes: dict[str, set[str]] = {}
    for name, code in named:
        if any(char.isdecimal() for char in name):
            continue
        codes.setdefault(_letters(name), set()).add(code)
    return {name: next(iter(found)) for name, found in codes.items() if len(found) == 1}


def _letters(name: str) -> str:
    """A name as all write it: "Fak Fak" and "#fakfak" are one."""
    return re.sub(r"[^a-z]", "", name.lower())
