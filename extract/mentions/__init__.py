"""Article to mentions: who did what for whom, how far it has come, and how sure we are."""

from extract.mentions.judge import Judge

__all__ = ["Judge"]
