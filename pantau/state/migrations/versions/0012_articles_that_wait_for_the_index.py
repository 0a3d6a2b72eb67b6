"""Articles that wait for the index, found without going through all of them"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WAITS = sa.text("indexed_revision < revision AND refused_revision < revision")


def upgrade() -> None:
    op.create_index(
        "ix_articles_waiting",
        "articles",
        ["first_seen", "id"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.drop_index(op.f("ix_articles_indexed_revision"), table_name="articles")


def downgrade() -> None:
    op.create_index(op.f("ix_articles_indexed_revision"), "articles", ["indexed_revision"])
    op.drop_index("ix_articles_waiting", table_name="articles")
