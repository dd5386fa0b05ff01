"""People: accounts, sessions, roles, grants, preferences and one-time codes."""

revision = "0002"
down_revision = "0001"
branch_labels = depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
