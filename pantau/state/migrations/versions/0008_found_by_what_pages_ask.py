"""Pages of a source by what became of them, copies by their hash, cases by their day"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_pages_source_became", "pages", ["source_id", "status", "disposition"])
    op.drop_index(op.f("ix_pages_source_id"), table_name="pages")
    op.create_index(op.f("ix_revisions_page_sha256"), "revisions", ["page_sha256"])
    op.create_index(op.f("ix_pictures_sha256"), "pictures", ["sha256"])
    op.create_index(op.f("ix_cases_first_seen"), "cases", ["first_seen"])


def downgrade() -> None:
    op.drop_index(op.f("ix_cases_first_seen"), table_name="cases")
    op.drop_index(op.f("ix_pictures_sha256"), table_name="pictures")
    op.drop_index(op.f("ix_revisions_page_sha256"), table_name="revisions")
    op.create_index(op.f("ix_pages_source_id"), "pages", ["source_id"])
    op.drop_index("ix_pages_source_became", table_name="pages")
