"""Secrets of bots for HTTP steps, and bots that can be restored."""

revision = "0008"
down_revision = "0007"
branch_labels = depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
