"""The state database: what is known, and what must be done next, as rows.

``open_state`` gives the database; each subject has a module of functions that take a
session: ``pages`` (what was found and fetched), ``pictures``, ``articles``, ``cases``,
``outbox``, ``sources``, ``rejudgements``; ``summary`` counts them. What people do has its
own: ``accounts``, ``sessions``, ``searches``, ``casework``, ``corrections``, ``audit``,
``intakes``.
Nothing else in the project writes to it.
"""

from pantau.state import (
    intake_tables,
    people_tables,
    rejudgements,
)  # their tables are part of the schema
from pantau.state.engine import State, open_state

__all__ = ["State", "intake_tables", "open_state", "people_tables", "rejudgements"]
