"""How many session starts a day the platform allows a bot, as it said when one was made."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("session_starts") as starts:
        starts.add_column(sa.Column("total", sa.Integer()))


def downgrade() -> None:
    with op.batch_alter_table("session_starts") as starts:
        starts.drop_column("total")
