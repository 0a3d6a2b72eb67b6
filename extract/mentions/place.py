"""Where an act was done, as the code of a kabupaten or kota wherever the text tells it."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from extract.entities.regions import table
from extract.mentions.doers import Doer
from extract.mentions.reading import Reading
from extract.mentions.service import PROVINCE, REGENCY
from extract.mentions.words import word_set

HASHTAG = re.compile(r"#(\w+)")
PREFIXES = tuple(sorted(word_set("hashtag_prefixes"), key=len, reverse=True))


def place_of(reading: Reading, doer: Doer) -> str | None:
    """Code of the region of the act that ``doer`` is told of; None where nothing tells it.

    Where the sentence tells no more than a province, the kabupaten that the text names is taken;
    then what a post's hashtags name; at last the region of the paper itself.
    """
    sentence = reading.frames[doer.index].sentence
    found = reading.region_at(sentence.start)
    told = {code[:REGENCY] for code in reading.region_codes if len(code) >= REGENCY}
    if doer.party is not None and len(told) > 1:
        end = min(
            (p.start for p in reading.frames[doer.index].parties if p.start > doer.party.end),
            default=sentence.end,
        )
        return _named(reading, doer.party.start, end, None) or found
    if found is None or len(found) == PROVINCE:
        found = _named(reading, 0, len(reading.text), found) or found
    if found is None:
        found = _tagged(reading.text)
    if found is None or len(found) == PROVINCE:
        source = reading.source_region or ""
        if found is None or source.startswith(f"{found}."):
            found = source or found
    return found


def _named(reading: Reading, start: int, end: int, province: str | None) -> str | None:
    """The kabupaten or kota named most within the span, in ``province`` where that is known."""
    codes = Counter(
        e.norm[:REGENCY]
        for e in reading.entities
        if e.label == "LOC" and start <= e.start < end and len(e.norm) >= REGENCY
    )
    fitting = [c for c in codes if province is None or c.startswith(f"{province}.")]
    return max(fitting, key=lambda code: codes[code], default=None)


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


@lru_cache(maxsize=1)
def _joined() -> dict[str, str]:
    """Kabupaten and kota by their names without spaces; a name that two bear is left out."""
    codes: dict[str, set[str]] = {}
    for code, region in table().items():
        if len(code) == REGENCY:
            codes.setdefault(re.sub(r"[^a-z]", "", region.name.lower()), set()).add(code)
    return {name: next(iter(found)) for name, found in codes.items() if len(found) == 1}
