"""The state database: what is known, and what must be done next, as rows.

``open_state`` gives the database; each subject has a module of functions that take a
session: ``pages`` (what was found and fetched), ``pictures``, ``articles``, ``cases``,
``outbox``, ``sources``; ``summary`` counts them. Nothing else in the project writes to it.
"""

from pantau.state.engine import State, open_state

__all__ = ["State", "open_state"]
