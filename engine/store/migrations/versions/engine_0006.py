"""Tokens with which programs sign in."""

import sqlalchemy as sa
from alembic import op

revision = "engine_0006"
down_revision = "engine_0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person", KEY, nullable=True),
        sa.Column("grants", sa.Text(), nullable=False),
        sa.Column("created_at", KEY, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", KEY, nullable=False),
        sa.Column("used_at", KEY, nullable=True),
        sa.Column("revoked_at", KEY, nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
