"""Alerts, the channels that tell of them, and the messages between the two."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "alert_channels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sealed_address", sa.Text(), nullable=False),
        sa.Column("shown", sa.String(300), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("last_sent_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id"], ["bots.id"], name="fk_alert_channels_bot_id_bots", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alert_channels"),
    )
    op.create_index("ix_alert_channels_bot_id", "alert_channels", ["bot_id"])
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        sa.Column("bot_name", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("calm_since", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ending", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name="fk_alerts_bot_id_bots", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_index("ix_alerts_bot_id", "alerts", ["bot_id"])
    op.create_index("ix_alerts_began_at", "alerts", ["began_at"])
    # A bot has one open alert at most, whoever looks at the same moment.
    op.create_index(
        "uq_alerts_open",
        "alerts",
        ["bot_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "alert_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column("channel_name", sa.String(60), nullable=False),
        sa.Column("news", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name="fk_alert_messages_alert_id_alerts", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["alert_channels.id"],
            name="fk_alert_messages_channel_id_alert_channels",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alert_messages"),
        sa.UniqueConstraint(
            "alert_id", "channel_id", "news", name="uq_alert_messages_alert_id_channel_id_news"
        ),
    )
    op.create_index("ix_alert_messages_channel_id", "alert_messages", ["channel_id"])
    op.create_index("ix_alert_messages_state_due_at", "alert_messages", ["state", "due_at"])


def downgrade() -> None:
    for table in ("alert_messages", "alerts", "alert_channels"):
        op.drop_table(table)
