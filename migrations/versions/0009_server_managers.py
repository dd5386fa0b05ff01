"""Servers whose own managers may change their settings."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "manager_rules",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("may_switch_commands", sa.Boolean(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id"], ["bots.id"], name="fk_manager_rules_bot_id_bots", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot_id", name="pk_manager_rules"),
    )
    op.create_table(
        "manager_checks",
        sa.Column("guild_id", sa.Uuid(), nullable=False),
        sa.Column("user_external_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_manager", sa.Boolean(), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name="fk_manager_checks_guild_id_guilds", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guild_id", "user_external_id", name="pk_manager_checks"),
    )
    op.create_index("ix_manager_checks_user_external_id", "manager_checks", ["user_external_id"])


def downgrade() -> None:
    op.drop_table("manager_checks")
    op.drop_table("manager_rules")
