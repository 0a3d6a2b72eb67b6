"""Runs the migrations on the connection that ``engine`` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from pantau.state.tables import Base, UtcTime


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations outlive the code: they name the database's own types, not ours."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render,
)
context.run_migrations()
