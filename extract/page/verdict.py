"""What became of one block, with every reason for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.page.block import Block


@dataclass(slots=True)
class Verdict:
    """What became of one block."""

    block: Block
    text: str
    """The paragraph as kept (ends trimmed), or as it stood if it fell."""
    kept: bool
    reasons: list[str] = field(default_factory=list)
    votes: dict[str, bool] = field(default_factory=dict)

    def fall(self, why: str) -> None:
        """No part of the article, for this reason."""
        self.kept = False
        self.reasons.append(why)
