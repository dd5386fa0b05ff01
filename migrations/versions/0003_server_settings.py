"""Settings of servers, and the fields that a bot's owner defines."""

revision = "0003"
down_revision = "0002"
branch_labels = depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
