"""The way from each version to the next ends in the tables that the code speaks of."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from pantau.state import State
from pantau.state.tables import Base


def test_the_migrations_lead_to_the_tables(state: State) -> None:
    with state.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []
