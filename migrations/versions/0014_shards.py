"""Shards, budgets of the whole fleet, and health over time.

Leases do not expire by a clock any more, and session starts are counted by the hour. Runners of the version
before still write `placements.expires_at` and `identify_budget`, and insert rows without the new columns,
while the new ones start: both stay for one release, and the new columns keep their defaults. The first
migration of the release after drops the two; until then `socialcube/db/schema.py` lists them as leaving.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = depends_on = None

MOMENT = sa.DateTime(timezone=True)
FILLED = (
    ("bots", "shard_count", sa.Integer(), "1"),
    ("runners", "address", sa.String(255), ""),
    ("placements", "shard_count", sa.Integer(), "1"),
    ("placements", "started_generation", sa.Integer(), "0"),
)


def upgrade() -> None:
    for table, name, kind, value in FILLED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=value))
    with op.batch_alter_table("bot_states") as states:
        states.add_column(sa.Column("last_ack_at", MOMENT))
        states.add_column(sa.Column("last_rest_at", MOMENT))
    _create_shard_states()
    op.create_table(
        "bot_samples",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("worst_ms", sa.Double(), nullable=False),
        sa.Column("mean_ms", sa.Double(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "at", name="pk_bot_samples"),
    )
    op.create_index("ix_bot_samples_at", "bot_samples", ["at"])
    _create_budgets()


def downgrade() -> None:
    for table in ("invalid_answers", "start_slots", "session_starts", "bot_samples", "shard_states"):
        op.drop_table(table)
    with op.batch_alter_table("bot_states") as states:
        states.drop_column("last_rest_at")
        states.drop_column("last_ack_at")
    for table, name, _, _ in reversed(FILLED):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(name)


def _create_shard_states() -> None:
    op.create_table(
        "shard_states",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("process", sa.String(16), nullable=False),
        sa.Column("gateway", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("runner_id", sa.Uuid()),
        sa.Column("latency_ms", sa.Double()),
        sa.Column("guild_count", sa.Integer()),
        sa.Column("starts_left", sa.Integer()),
        sa.Column("connected_at", MOMENT),
        sa.Column("last_event_at", MOMENT),
        sa.Column("last_ack_at", MOMENT),
        sa.Column("last_rest_at", MOMENT),
        sa.Column("updated_at", MOMENT, nullable=False),
        _belongs_to_a_bot("shard_states"),
        sa.PrimaryKeyConstraint("bot_id", "shard", name="pk_shard_states"),
    )


def _create_budgets() -> None:
    op.create_table(
        "session_starts",
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        _belongs_to_a_bot("session_starts"),
        sa.PrimaryKeyConstraint("bot_id", "hour", name="pk_session_starts"),
    )
    op.create_table(
        "start_slots",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_start_slots"),
    )
    op.create_table(
        "invalid_answers",
        sa.Column("address", sa.String(255), nullable=False),
        sa.Column("minute", MOMENT, nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address", "minute", "bot_id", name="pk_invalid_answers"),
    )


def _belongs_to_a_bot(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["bot_id"], ["bots.id"], name=f"fk_{table}_bot_id_bots", ondelete="CASCADE"
    )
