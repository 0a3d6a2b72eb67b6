"""Cases that turn out to be one, and what a person told apart"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.Integer(), nullable=True))
        batch_op.create_index("ix_cases_merged_into", ["merged_into"])
        batch_op.create_foreign_key("fk_cases_merged_into_cases", "cases", ["merged_into"], ["id"])
    with op.batch_alter_table("mentions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_case_id", sa.Integer(), nullable=True))
    op.execute("UPDATE mentions SET own_case_id = case_id")
    op.create_table(
        "apart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_case", sa.Integer(), nullable=True),
        sa.Column("article_id", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_apart_case_id_cases"),
        sa.ForeignKeyConstraint(["other_case"], ["cases.id"], name="fk_apart_other_case_cases"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_apart_article_id_articles"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_apart"),
    )
    op.create_index("ix_apart_case_id", "apart", ["case_id"])
    op.create_index("ix_apart_other_case", "apart", ["other_case"])
    op.create_index("ix_apart_article_id", "apart", ["article_id"])
