"""Roll-ups of the logs, and files that jobs leave behind."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = depends_on = None

MOMENT = sa.DateTime(timezone=True)
BUCKETS = 22
LISTED_BY_BOT = ("command_logs", "bot_logs", "error_logs")
TROUBLE = {"command_logs": "outcome <> 'succeeded'", "bot_logs": "level IN ('warning', 'error')"}


def upgrade() -> None:
    _create_figures("bot_minutes")
    _create_figures("bot_hours")
    _create_figures("command_hours", sa.Column("command_name", sa.String(100), nullable=False))
    op.create_table(
        "fold_cursors",
        sa.Column("stream", sa.String(16), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("stream", name="pk_fold_cursors"),
    )
    op.create_table(
        "online_hours",
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("starts_at", "bot_id", name="pk_online_hours"),
    )
    op.create_table(
        "job_files",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_job_files_job_id_jobs", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "number", name="pk_job_files"),
    )
    # Lists go by time: the bot's rows stand in that order too, so that a quiet bot's page costs as little.
    for table in LISTED_BY_BOT:
        op.create_index(f"ix_{table}_bot_id_occurred_at_id", table, ["bot_id", "occurred_at", "id"])
        op.drop_index(f"ix_{table}_bot_id_id", table)
    for table, condition in TROUBLE.items():
        rows = sa.text(condition)
        columns = ["occurred_at", "id"]
        op.create_index(f"ix_{table}_trouble", table, columns, postgresql_where=rows, sqlite_where=rows)


def downgrade() -> None:
    for table in TROUBLE:
        op.drop_index(f"ix_{table}_trouble", table)
    for table in LISTED_BY_BOT:
        op.create_index(f"ix_{table}_bot_id_id", table, ["bot_id", "id"])
        op.drop_index(f"ix_{table}_bot_id_occurred_at_id", table)
    for table in ("job_files", "online_hours", "fold_cursors", "command_hours", "bot_hours", "bot_minutes"):
        op.drop_table(table)


def _create_figures(name: str, *further_key: "sa.Column[Any]") -> None:
    counts = ("runs", "failed", "errors", *(f"bucket_{number}" for number in range(BUCKETS)))
    key = ("starts_at", "bot_id", *(column.name for column in further_key))
    op.create_table(
        name,
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        *further_key,
        *(sa.Column(count, sa.Integer(), nullable=False) for count in counts),
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
    )
