"""People: accounts, sessions, roles, grants, preferences and one-time codes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_users()
    _create_user_sessions()
    _create_roles()
    _create_grants()
    _create_preferences()
    _create_one_time_codes()


def downgrade() -> None:
    for table in ("one_time_codes", "preferences", "grants", "roles", "user_sessions", "users"):
        op.drop_table(table)


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("external_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("display_name", sa.String(80), nullable=False),
        sa.Column("avatar", sa.String(64)),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_seen_at", MOMENT),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("external_id", name="uq_users_external_id"),
    )


def _create_user_sessions() -> None:
    op.create_table(
        "user_sessions",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(255), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("signed_in_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _belongs_to("user_sessions", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_user_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_user_sessions_token_hash"),
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"])
    op.create_index("ix_user_sessions_expires_at", "user_sessions", ["expires_at"])


def _create_roles() -> None:
    op.create_table(
        "roles",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("permissions", JSON, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_roles"),
        sa.UniqueConstraint("name", name="uq_roles_name"),
    )


def _create_grants() -> None:
    op.create_table(
        "grants",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("built_in", sa.String(16)),
        sa.Column("role_id", sa.Uuid()),
        sa.Column("bot_id", sa.Uuid()),
        sa.Column("granted_by", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _belongs_to("grants", "user_id", "users"),
        _belongs_to("grants", "bot_id", "bots"),
        # A role that somebody has is not deleted, so this one does not cascade.
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name="fk_grants_role_id_roles"),
        sa.CheckConstraint("(built_in IS NULL) <> (role_id IS NULL)", name="ck_grants_one_role"),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
    )
    for column in ("user_id", "role_id", "bot_id"):
        op.create_index(f"ix_grants_{column}", "grants", [column])


def _create_preferences() -> None:
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("theme", sa.String(16), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        _belongs_to("preferences", "user_id", "users"),
        sa.PrimaryKeyConstraint("user_id", name="pk_preferences"),
    )


def _create_one_time_codes() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _belongs_to("one_time_codes", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_codes"),
        sa.UniqueConstraint("code_hash", name="uq_one_time_codes_code_hash"),
    )


def _belongs_to(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    name, target = f"fk_{table}_{column}_{parent}", f"{parent}.id"
    return sa.ForeignKeyConstraint([column], [target], name=name, ondelete="CASCADE")
