"""How many shards each runner takes at most, so that the others leave it no more."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = depends_on = None

_LIMIT = "500"
"""What a runner took when nobody said otherwise."""


def upgrade() -> None:
    # The default stays: runners of the version before insert rows without this column.
    with op.batch_alter_table("runners") as runners:
        runners.add_column(sa.Column("max_bots", sa.Integer(), nullable=False, server_default=_LIMIT))


def downgrade() -> None:
    with op.batch_alter_table("runners") as runners:
        runners.drop_column("max_bots")
