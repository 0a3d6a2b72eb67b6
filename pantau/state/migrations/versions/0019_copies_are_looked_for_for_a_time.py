"""Copies are looked for among the articles of a few weeks only"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The bands that are there count as of today: they stay for as long as they can be needed.
    today = str(datetime.now(UTC).toordinal())
    with op.batch_alter_table("copy_bands") as table:
        table.add_column(sa.Column("day", sa.Integer(), nullable=False, server_default=today))
    with op.batch_alter_table("copy_bands") as table:
        table.alter_column("day", server_default=None)
        table.create_index(table.f("ix_copy_bands_day"), ["day"])


def downgrade() -> None:
    with op.batch_alter_table("copy_bands") as table:
        table.drop_index(table.f("ix_copy_bands_day"))
        table.drop_column("day")
