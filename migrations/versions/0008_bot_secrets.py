"""Secrets of bots for HTTP steps, and bots that can be restored."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = depends_on = None

MOMENT = sa.DateTime(timezone=True)
COLUMNS = {"token_fingerprint": 16, "leaked_fingerprint": 16, "deleted_by": 80}


def upgrade() -> None:
    op.create_table(
        "bot_secrets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("host", sa.String(253), nullable=False),
        sa.Column("sealed_value", sa.Text(), nullable=False),
        sa.Column("set_by", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id"], ["bots.id"], name="fk_bot_secrets_bot_id_bots", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bot_secrets"),
        sa.UniqueConstraint("bot_id", "name", name="uq_bot_secrets_bot_id_name"),
    )
    with op.batch_alter_table("bots") as bots:
        for name, length in COLUMNS.items():
            # The default stays: processes of the version before insert rows without this column.
            bots.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("bots") as bots:
        for name in COLUMNS:
            bots.drop_column(name)
    op.drop_table("bot_secrets")
