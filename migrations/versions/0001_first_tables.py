"""First tables: bots, servers, commands, placements, jobs, settings and logs."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
LOGS = ("command_logs", "bot_logs", "request_logs", "error_logs", "audit_logs")


def upgrade() -> None:
    _create_bots()
    _create_guilds()
    _create_commands()
    _create_placements()
    _create_jobs()
    _create_settings()
    _create_logs()
    if op.get_bind().dialect.name == "postgresql":
        _prepare_postgresql()
    else:
        _create_stream_counters()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in LOGS:
            op.execute(f"DROP SEQUENCE {table}_id_seq")
    else:
        op.drop_table("stream_counters")
    for table in (
        "audit_logs",
        "error_logs",
        "request_logs",
        "bot_logs",
        "command_logs",
        "settings",
        "jobs",
        "identify_budget",
        "placements",
        "runners",
        "command_registrations",
        "command_versions",
        "command_options",
        "commands",
        "guild_roles",
        "channels",
        "bot_guilds",
        "guilds",
        "bot_states",
        "bots",
    ):
        op.drop_table(table)


def _create_bots() -> None:
    op.create_table(
        "bots",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("external_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("avatar", sa.String(64)),
        sa.Column("sealed_token", sa.Text()),
        sa.Column("token_last4", sa.String(4), nullable=False),
        sa.Column("intents", sa.BigInteger(), nullable=False),
        sa.Column("desired_state", sa.String(16), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", MOMENT),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bots"),
        sa.UniqueConstraint("platform", "external_id", name="uq_bots_platform_external_id"),
    )
    op.create_table(
        "bot_states",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.String(16), nullable=False),
        sa.Column("gateway", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("held_generation", sa.Integer()),
        sa.Column("runner_id", sa.Uuid()),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("latency_ms", sa.Double()),
        sa.Column("guild_count", sa.Integer()),
        sa.Column("starts_left", sa.Integer()),
        sa.Column("commands_digest", sa.String(64)),
        sa.Column("commands_synced_at", MOMENT),
        sa.Column("commands_problem", sa.Text(), nullable=False),
        sa.Column("connected_at", MOMENT),
        sa.Column("last_event_at", MOMENT),
        sa.Column("updated_at", MOMENT, nullable=False),
        _belongs_to("bot_states", "bot_id", "bots"),
        sa.PrimaryKeyConstraint("bot_id", name="pk_bot_states"),
    )


def _create_guilds() -> None:
    op.create_table(
        "guilds",
        sa.Column("platform", sa.String(16), nullable=False),
        sa.Column("external_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("icon", sa.String(64)),
        sa.Column("owner_external_id", sa.BigInteger()),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_guilds"),
        sa.UniqueConstraint("platform", "external_id", name="uq_guilds_platform_external_id"),
    )
    op.create_table(
        "bot_guilds",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("guild_id", sa.Uuid(), nullable=False),
        sa.Column("permissions", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT),
        _belongs_to("bot_guilds", "bot_id", "bots"),
        _belongs_to("bot_guilds", "guild_id", "guilds"),
        sa.PrimaryKeyConstraint("bot_id", "guild_id", name="pk_bot_guilds"),
    )
    op.create_index("ix_bot_guilds_guild_id", "bot_guilds", ["guild_id"])
    op.create_table(
        "channels",
        sa.Column("guild_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_external_id", sa.BigInteger()),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _belongs_to("channels", "guild_id", "guilds"),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
        sa.UniqueConstraint("guild_id", "external_id", name="uq_channels_guild_id_external_id"),
    )
    op.create_table(
        "guild_roles",
        sa.Column("guild_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("permissions", sa.BigInteger(), nullable=False),
        sa.Column("managed", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _belongs_to("guild_roles", "guild_id", "guilds"),
        sa.PrimaryKeyConstraint("id", name="pk_guild_roles"),
        sa.UniqueConstraint("guild_id", "external_id", name="uq_guild_roles_guild_id_external_id"),
    )


def _create_commands() -> None:
    op.create_table(
        "commands",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("description", sa.String(100), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("published_version", sa.Integer()),
        sa.Column("published_guild_id", sa.BigInteger()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _belongs_to("commands", "bot_id", "bots"),
        sa.PrimaryKeyConstraint("id", name="pk_commands"),
        sa.UniqueConstraint("bot_id", "name", name="uq_commands_bot_id_name"),
    )
    op.create_table(
        "command_options",
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("description", sa.String(100), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _belongs_to("command_options", "command_id", "commands"),
        sa.PrimaryKeyConstraint("id", name="pk_command_options"),
        sa.UniqueConstraint("command_id", "name", name="uq_command_options_command_id_name"),
    )
    op.create_table(
        "command_versions",
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_by", sa.String(80), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _belongs_to("command_versions", "command_id", "commands"),
        sa.PrimaryKeyConstraint("id", name="pk_command_versions"),
        sa.UniqueConstraint("command_id", "number", name="uq_command_versions_command_id_number"),
    )
    op.create_table(
        "command_registrations",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.BigInteger()),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _belongs_to("command_registrations", "bot_id", "bots"),
        sa.PrimaryKeyConstraint("id", name="pk_command_registrations"),
        sa.UniqueConstraint("bot_id", "external_id", name="uq_command_registrations_bot_id_external_id"),
    )


def _create_placements() -> None:
    op.create_table(
        "runners",
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("lock_path", sa.String(1024), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runners"),
    )
    op.create_index("ix_runners_seen_at", "runners", ["seen_at"])
    op.create_table(
        "placements",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("runner_id", sa.Uuid()),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", MOMENT),
        _belongs_to("placements", "bot_id", "bots"),
        sa.PrimaryKeyConstraint("bot_id", "shard", name="pk_placements"),
    )
    op.create_index("ix_placements_runner_id", "placements", ["runner_id"])
    op.create_table(
        "identify_budget",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("window_started_at", MOMENT, nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        _belongs_to("identify_budget", "bot_id", "bots"),
        sa.PrimaryKeyConstraint("bot_id", name="pk_identify_budget"),
    )


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("target", sa.String(48), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("result", JSON),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(80), nullable=False),
        sa.Column("bot_id", sa.Uuid()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(80)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("started_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("claim_expires_at", MOMENT),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_state_target", "jobs", ["state", "target"])


def _create_settings() -> None:
    op.create_table(
        "settings",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )


def _create_logs() -> None:
    _create_log(
        "command_logs",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("command_id", sa.Uuid()),
        sa.Column("command_name", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("guild_name", sa.String(100), nullable=False),
        sa.Column("channel_id", sa.BigInteger()),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("user_name", sa.String(100), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("error_code", sa.String(64), nullable=False),
        sa.Column("error_message", sa.String(1000), nullable=False),
        sa.Column("node_path", sa.String(255), nullable=False),
        sa.Column("duration_ms", sa.Double(), nullable=False),
        sa.Column("first_response_ms", sa.Double()),
        sa.Column("deferred", sa.Boolean(), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("trace", JSON, nullable=False),
    )
    op.create_index("ix_command_logs_bot_id_id", "command_logs", ["bot_id", "id"])
    _create_log(
        "bot_logs",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("runner_id", sa.Uuid()),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("message", sa.String(1000), nullable=False),
        sa.Column("data", JSON, nullable=False),
    )
    op.create_index("ix_bot_logs_bot_id_id", "bot_logs", ["bot_id", "id"])
    _create_log(
        "request_logs",
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("path", sa.String(1000), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Double(), nullable=False),
        sa.Column("user", sa.String(80), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(255), nullable=False),
    )
    _create_log(
        "error_logs",
        sa.Column("bot_id", sa.Uuid()),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("message", sa.String(1000), nullable=False),
        sa.Column("place", sa.String(255), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("trace_id", sa.String(64), nullable=False),
    )
    op.create_index("ix_error_logs_bot_id_id", "error_logs", ["bot_id", "id"])
    _create_log(
        "audit_logs",
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject_kind", sa.String(32), nullable=False),
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("bot_id", sa.Uuid()),
        sa.Column("before", JSON),
        sa.Column("after", JSON),
        sa.Column("request_id", sa.String(64)),
        sa.Column("address", sa.String(64)),
    )
    op.create_index("ix_audit_logs_bot_id_id", "audit_logs", ["bot_id", "id"])


def _belongs_to(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    name, target = f"fk_{table}_{column}_{parent}", f"{parent}.id"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE")


def _create_log(name: str, *columns: sa.Column[Any]) -> None:
    """PostgreSQL wants the partition's column in every unique key, so the moment leads each."""
    op.create_table(
        name,
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("occurred_at", "id", name=f"pk_{name}"),
        sa.UniqueConstraint("occurred_at", "event_id", name=f"uq_{name}_occurred_at_event_id"),
        postgresql_partition_by="RANGE (occurred_at)",
    )
    op.create_index(f"ix_{name}_id", name, ["id"])


def _create_stream_counters() -> None:
    op.create_table(
        "stream_counters",
        sa.Column("stream", sa.String(32), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name="pk_stream_counters"),
        info={"dialect": "sqlite"},
    )


def _prepare_postgresql() -> None:
    """Catch rows of any day until the days get partitions of their own, and count ids in sequences."""
    for table in LOGS:
        op.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
        op.execute(f"CREATE SEQUENCE {table}_id_seq")
