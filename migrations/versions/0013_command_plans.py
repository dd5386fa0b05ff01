"""How commands compare with the platform, how many were created there, and what bots may do in channels."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "command_creates",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id"], ["bots.id"], name="fk_command_creates_bot_id_bots", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot_id", "place", "hour", name="pk_command_creates"),
    )
    op.create_table(
        "command_looks",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("differs", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("plan", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id"], ["bots.id"], name="fk_command_looks_bot_id_bots", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot_id", name="pk_command_looks"),
    )
    with op.batch_alter_table("bot_guilds") as places:
        # The default stays: runners of the version before insert rows without this column.
        places.add_column(sa.Column("channel_permissions", JSON, nullable=False, server_default="{}"))
        places.add_column(sa.Column("unavailable_at", MOMENT))


def downgrade() -> None:
    with op.batch_alter_table("bot_guilds") as places:
        places.drop_column("unavailable_at")
        places.drop_column("channel_permissions")
    op.drop_table("command_looks")
    op.drop_table("command_creates")
