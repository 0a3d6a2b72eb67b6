"""Further pages of an article, copies of one text, and the rhythm and troubles of sources"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pages") as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_pages_parent_id"), ["parent_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_pages_parent_id_pages"), "pages", ["parent_id"], ["id"]
        )
    with op.batch_alter_table("articles") as batch_op:
        batch_op.add_column(sa.Column("copy_of", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_articles_copy_of"), ["copy_of"], unique=False)
    op.create_table(
        "copy_bands",
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_copy_bands_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("article_id", "band", name=op.f("pk_copy_bands")),
    )
    op.create_index(op.f("ix_copy_bands_value"), "copy_bands", ["value"], unique=False)
    with op.batch_alter_table("sources") as batch_op:
        batch_op.add_column(sa.Column("ways", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("last_new_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("usual_gap", sa.Double(), nullable=True))
        batch_op.add_column(
            sa.Column("trouble", sa.String(length=20), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "source_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_events")),
    )
    op.create_index(
        op.f("ix_source_events_source_id"), "source_events", ["source_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("source_events")
    with op.batch_alter_table("sources") as batch_op:
        for column in ("trouble_since", "trouble", "usual_gap", "last_new_at", "ways"):
            batch_op.drop_column(column)
    op.drop_table("copy_bands")
    with op.batch_alter_table("articles") as batch_op:
        batch_op.drop_index(batch_op.f("ix_articles_copy_of"))
        batch_op.drop_column("copy_of")
    with op.batch_alter_table("pages") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_pages_parent_id_pages"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_pages_parent_id"))
        batch_op.drop_column("parent_id")
