"""Who, which office and where: Indonesian entities of an article.

An article goes in, its entities, persons and regions come out; nothing here opens a socket.
"""

from .recogniser import Annotated, Person, Recogniser

__all__ = ["Annotated", "Person", "Recogniser"]
