"""A chain over the audit log, and what is personal in it kept apart.

The chain starts with the first entry that is written after this; older rows stay as they are.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    for column in _columns():
        op.add_column("audit_logs", column)
    op.create_table(
        "audit_points",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "first", name="pk_audit_points"),
    )


def downgrade() -> None:
    op.drop_table("audit_points")
    for column in reversed(_columns()):
        op.drop_column("audit_logs", column.name)


def _columns() -> "list[sa.Column[object]]":
    return [
        sa.Column("address_salt", sa.String(32)),
        sa.Column("address_digest", sa.String(64)),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("personal", JSON),
        sa.Column("personal_salt", sa.String(32)),
        sa.Column("personal_digest", sa.String(64)),
        sa.Column("number", sa.BigInteger()),
        sa.Column("previous", sa.LargeBinary(32)),
        sa.Column("digest", sa.LargeBinary(32)),
        sa.Column("key_id", sa.String(16)),
    ]
