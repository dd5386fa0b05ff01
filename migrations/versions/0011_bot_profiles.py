"""What bots show of themselves, what the platform shows of them, and where it sends their commands."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TEXTS = {"platform_name": sa.String(80), "interactions_url": sa.Text()}


def upgrade() -> None:
    with op.batch_alter_table("bots") as bots:
        for name, kind in TEXTS.items():
            # The default stays: processes of the version before insert rows without this column.
            bots.add_column(sa.Column(name, kind, nullable=False, server_default=""))
        bots.add_column(sa.Column("banner", sa.String(64)))
        bots.add_column(sa.Column("presence", JSON))


def downgrade() -> None:
    with op.batch_alter_table("bots") as bots:
        for name in ("presence", "banner", *TEXTS):
            bots.drop_column(name)
