"""An index of deleted posts that holds only them, so that no query for the others takes it"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

GONE = sa.text("gone_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_articles_gone", "articles", ["gone_at"], sqlite_where=GONE, postgresql_where=GONE
    )
    op.drop_index(op.f("ix_articles_gone_at"), table_name="articles")


def downgrade() -> None:
    op.create_index(op.f("ix_articles_gone_at"), "articles", ["gone_at"])
    op.drop_index("ix_articles_gone", table_name="articles")
