"""Whether two articles are one text: the same agency copy in forty papers is one story.

Candidates share a band of their MinHash (Broder 1997; bands as in Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, 3.4); whether they are copies says the text itself.
"""

from __future__ import annotations

import hashlib
import re

WORDS = 4
"""In a shingle."""
LEAST_SHINGLES = 25
"""Shorter texts are too alike by themselves: an agenda, a weather line."""
PERMUTATIONS = 128
ROWS = 4
"""Of a band: 32 bands of 4 find nine of ten pairs that share half of their shingles."""
MOST_OF_SHORTER = 0.75
"""A paper cuts the end off and changes a headline; what it leaves stands in the other."""
PART_OF_LONGER = 0.35
"""... and is no mere passage of it: a long report may quote a whole press release."""
_SEED = 1


def shingles(text: str) -> frozenset[str]:
    """All runs of WORDS words, without case and punctuation."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(
        " ".join(words[start : start + WORDS]) for start in range(len(words) - WORDS + 1)
    )


def bands(text: str) -> list[int]:
    """One number for each band of the text's MinHash; none for a text that is too short.

    Two texts that share one at the same place may be copies.
    """
    found = shingles(text)
    if len(found) < LEAST_SHINGLES:
        return []
    # Imported here: it brings scipy along, and most commands compare no texts.
    from datasketch import MinHash  # noqa: PLC0415

    sketch = MinHash(num_perm=PERMUTATIONS, seed=_SEED)
    sketch.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in found])
    values = []
    for start in range(0, PERMUTATIONS, ROWS):
        part = sketch.hashvalues[start : start + ROWS].tobytes()
        digest = hashlib.blake2b(part, digest_size=8, salt=start.to_bytes(2, "big")).digest()
        values.append(int.from_bytes(digest, "big") >> 1)  # fits a signed 64-bit column
    return values


def is_copy(text: str, other: str) -> bool:
    """Whether both are one text, as papers change it: cut, with another dateline or ending."""
    one, two = shingles(text), shingles(other)
    shorter, longer = sorted((len(one), len(two)))
    if shorter < LEAST_SHINGLES:
        return False
    shared = len(one & two)
    return shared >= MOST_OF_SHORTER * shorter and shared >= PART_OF_LONGER * longer
