"""When the last turn to start a session was given out, which tells a long queue from a clock that was set."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("start_slots") as slots:
        slots.add_column(sa.Column("taken_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("start_slots") as slots:
        slots.drop_column("taken_at")
