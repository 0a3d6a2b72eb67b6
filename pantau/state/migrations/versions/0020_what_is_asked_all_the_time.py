"""What is asked all the time is answered without looking through all pages or all articles"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_pages_source_latest", "pages", ["source_id", "parent_id", "id"])
    op.drop_index("ix_pages_parent_id", "pages")
    _of_some("ix_pages_parent_id", "pages", ["parent_id"], "parent_id IS NOT NULL")
    op.create_index("ix_pages_sha256", "pages", ["sha256"])
    _of_some("ix_mentions_in_a_case", "mentions", ["article_id", "revision"], "case_id IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_mentions_in_a_case", "mentions")
    op.drop_index("ix_pages_sha256", "pages")
    op.drop_index("ix_pages_parent_id", "pages")
    op.create_index("ix_pages_parent_id", "pages", ["parent_id"])
    op.drop_index("ix_pages_source_latest", "pages")


def _of_some(name: str, table: str, columns: list[str], where: str) -> None:
    """An index of those rows only of which ``where`` is true."""
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)
