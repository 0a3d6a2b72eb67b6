"""Runs the migrations on the connection that ``engine`` hands over."""

from alembic import context

from pantau.state.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
context.run_migrations()
