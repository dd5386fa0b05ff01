"""Groups of bots that are granted together, and invites."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_groups()
    with op.batch_alter_table("grants") as grants:
        grants.add_column(sa.Column("group_id", sa.Uuid()))
        # A group on which somebody has a role is not deleted, so this one does not cascade.
        grants.create_foreign_key("fk_grants_group_id_access_groups", "access_groups", ["group_id"], ["id"])
        grants.create_check_constraint("one_place", "bot_id IS NULL OR group_id IS NULL")
    op.create_index("ix_grants_group_id", "grants", ["group_id"])
    _create_invites()


def downgrade() -> None:
    op.drop_table("invites")
    # What was given on groups cannot be said without them, and must not become a role on the site.
    op.execute("DELETE FROM grants WHERE group_id IS NOT NULL")
    op.drop_index("ix_grants_group_id", "grants")
    with op.batch_alter_table("grants") as grants:
        grants.drop_constraint("one_place", type_="check")
        grants.drop_constraint("fk_grants_group_id_access_groups", type_="foreignkey")
        grants.drop_column("group_id")
    op.drop_table("access_group_bots")
    op.drop_table("access_groups")


def _create_groups() -> None:
    op.create_table(
        "access_groups",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_groups"),
        sa.UniqueConstraint("name", name="uq_access_groups_name"),
    )
    op.create_table(
        "access_group_bots",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("bot_id", sa.Uuid(), nullable=False),
        _belongs_to("access_group_bots", "group_id", "access_groups"),
        _belongs_to("access_group_bots", "bot_id", "bots"),
        sa.PrimaryKeyConstraint("group_id", "bot_id", name="pk_access_group_bots"),
    )
    op.create_index("ix_access_group_bots_bot_id", "access_group_bots", ["bot_id"])


def _create_invites() -> None:
    op.create_table(
        "invites",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("built_in", sa.String(16)),
        sa.Column("role_id", sa.Uuid()),
        sa.Column("bot_id", sa.Uuid()),
        sa.Column("group_id", sa.Uuid()),
        sa.Column("note", sa.String(80), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _belongs_to("invites", "role_id", "roles"),
        _belongs_to("invites", "bot_id", "bots"),
        _belongs_to("invites", "group_id", "access_groups"),
        sa.CheckConstraint("(built_in IS NULL) <> (role_id IS NULL)", name="one_role"),
        sa.CheckConstraint("bot_id IS NULL OR group_id IS NULL", name="one_place"),
        sa.PrimaryKeyConstraint("id", name="pk_invites"),
        sa.UniqueConstraint("code_hash", name="uq_invites_code_hash"),
    )
    for column in ("role_id", "bot_id", "group_id", "expires_at"):
        op.create_index(f"ix_invites_{column}", "invites", [column])


def _belongs_to(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    name, target = f"fk_{table}_{column}_{parent}", f"{parent}.id"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE")
