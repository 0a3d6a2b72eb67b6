"""What spaCy must know before it reads ``config.cfg``: our tokeniser and sentence component."""

from extract.entities import sentences, tokens, voting

__all__ = ["sentences", "tokens", "voting"]
