"""What a published command has to be allowed in a server, as permission bits."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = depends_on = None

_NOTHING = "0"
"""What every action needs that there was until now: none does more than answer."""


def upgrade() -> None:
    # The default stays: processes of the version before insert rows without this column.
    with op.batch_alter_table("command_versions") as versions:
        versions.add_column(sa.Column("needs", sa.BigInteger(), nullable=False, server_default=_NOTHING))


def downgrade() -> None:
    with op.batch_alter_table("command_versions") as versions:
        versions.drop_column("needs")
