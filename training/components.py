"""What spaCy must know before it reads ``config.cfg``: our tokeniser and components."""

from extract.entities import hints, sentences, tokens

__all__ = ["hints", "sentences", "tokens"]
