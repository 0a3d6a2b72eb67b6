"""The services of a production."""

from tests.search.conftest import node

__all__ = ["node"]
