"""Settings of servers, the fields that a bot's owner defines for them, and tags of bots."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bot_tags",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.String(32), nullable=False),
        _belongs_to("bot_tags", "bot_id", "bots"),
        sa.PrimaryKeyConstraint("bot_id", "tag", name="pk_bot_tags"),
    )
    op.create_index("ix_bot_tags_tag", "bot_tags", ["tag"])
    op.create_table(
        "bot_setting_forms",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _belongs_to("bot_setting_forms", "bot_id", "bots"),
        sa.PrimaryKeyConstraint("bot_id", name="pk_bot_setting_forms"),
    )
    op.create_table(
        "guild_settings",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("guild_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("log_channel_id", sa.BigInteger()),
        sa.Column("disabled_commands", JSON, nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _belongs_to("guild_settings", "bot_id", "bots"),
        _belongs_to("guild_settings", "guild_id", "guilds"),
        sa.PrimaryKeyConstraint("bot_id", "guild_id", name="pk_guild_settings"),
    )
    op.create_index("ix_guild_settings_guild_id", "guild_settings", ["guild_id"])


def downgrade() -> None:
    for table in ("guild_settings", "bot_setting_forms", "bot_tags"):
        op.drop_table(table)


def _belongs_to(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    name, target = f"fk_{table}_{column}_{parent}", f"{parent}.id"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE")
