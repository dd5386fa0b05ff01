"""Roll-ups of the logs, and files that jobs leave behind."""

revision = "0004"
down_revision = "0003"
branch_labels = depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
