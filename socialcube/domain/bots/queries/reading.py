"""Reads of bots. Deleted ones are not there for anybody."""

from collections.abc import Collection
from typing import Final, TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.bots.documents import read_presence
from socialcube.domain.bots.errors import AmbiguousBotError, BotNotFoundError
from socialcube.domain.bots.models import Bot, BotState, BotTag
from socialcube.domain.bots.types import (
    BotIdentity,
    BotLaunch,
    BotView,
    DesiredState,
    GatewayState,
    Platform,
    Presence,
    ProcessState,
    Profile,
    Reason,
    StateView,
    WantedBot,
)
from socialcube.kernel.ids import read_id

EVERY_BOT: Final = Scope(is_all=True)

_Columns = TypeVarTuple("_Columns")


def list_bots(
    session: Session,
    *,
    scope: Scope = EVERY_BOT,
    text: str = "",
    tags: Collection[str] = (),
    state: DesiredState | None = None,
) -> list[BotView]:
    """List bots by name.

    Args:
        session: an open session.
        scope: the bots that whoever asks may see.
        text: part of the name, the description or the platform's id, whatever its case.
        tags: only bots that have all of these.
        state: only bots of which this is wanted.
    """
    statement = _views().order_by(Bot.name, Bot.id).where(*_conditions(scope, text, tags, state))
    return [_to_view(bot, seen) for bot, seen in session.execute(statement).all()]


def list_bots_after(  # noqa: PLR0913 - each part of the question has its own name
    session: Session,
    after: UUID | None,
    limit: int,
    *,
    scope: Scope,
    text: str = "",
    tags: Collection[str] = (),
    state: DesiredState | None = None,
) -> list[BotView]:
    """List some bots in the order in which they were added, behind one of them or from the first.

    Bots that are added or renamed meanwhile shift nothing: a walk meets each bot once.
    """
    statement = _views().order_by(Bot.id).limit(limit).where(*_conditions(scope, text, tags, state))
    if after is not None:
        statement = statement.where(Bot.id > after)
    return [_to_view(bot, seen) for bot, seen in session.execute(statement).all()]


def list_tags(session: Session, *, scope: Scope = EVERY_BOT) -> list[tuple[str, int]]:
    """List the tags in use by name, each with how many bots carry it."""
    statement = (
        select(BotTag.tag, func.count())
        .join(Bot, Bot.id == BotTag.bot_id)
        .where(Bot.deleted_at.is_(None), *_in_scope(scope))
        .group_by(BotTag.tag)
        .order_by(BotTag.tag)
    )
    return [(tag, count) for tag, count in session.execute(statement)]


def count_bots(session: Session, *, scope: Scope = EVERY_BOT) -> int:
    """Count the bots in the scope."""
    statement = select(func.count()).select_from(Bot).where(Bot.deleted_at.is_(None), *_in_scope(scope))
    return session.scalar(statement) or 0


def find_avatar(session: Session, platform: Platform, external_id: int) -> str | None:
    """Find the hash of a bot's picture, a deleted bot's too: log rows still show it."""
    return session.scalar(select(Bot.avatar).where(Bot.platform == platform, Bot.external_id == external_id))


def find_banner(session: Session, platform: Platform, external_id: int) -> str | None:
    """Find the hash of a bot's banner."""
    return session.scalar(select(Bot.banner).where(Bot.platform == platform, Bot.external_id == external_id))


def list_identities(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, BotIdentity]:
    """List the platform's id and the name of these bots, without all else that a view holds."""
    named = _living(select(Bot.id, Bot.external_id, Bot.name)).where(Bot.id.in_(bot_ids))
    return {bot.id: BotIdentity(bot.external_id, bot.name) for bot in session.execute(named)}


def list_commands_digests(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, str]:
    """List what was last synchronised of the commands of these bots, where anything was."""
    done = select(BotState.bot_id, BotState.commands_digest).where(BotState.bot_id.in_(bot_ids))
    return {bot_id: digest for bot_id, digest in session.execute(done) if digest}


def list_names(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, str]:
    """List the names of these bots by their key."""
    rows = session.execute(select(Bot.id, Bot.name).where(Bot.id.in_(bot_ids)))
    return {row.id: row.name for row in rows}


def find_bot(session: Session, bot_id: UUID) -> BotView | None:
    """Find a bot by its key."""
    row = session.execute(_views().where(Bot.id == bot_id)).first()
    return None if row is None else _to_view(*row)


def find_bot_by_name(session: Session, name: str) -> BotView | None:
    """Find the bot of exactly this name.

    Raises:
        AmbiguousBotError: several bots have it.
    """
    views = [_to_view(bot, state) for bot, state in session.execute(_views().where(Bot.name == name))]
    if len(views) > 1:
        raise AmbiguousBotError(ref=name, ids=", ".join(sorted(str(view.id) for view in views)))
    return views[0] if views else None


def get_bot(session: Session, ref: UUID | str) -> BotView:
    """Get a bot by its key, the key as text, or its exact name.

    Raises:
        BotNotFoundError: there is none.
        AmbiguousBotError: several bots have this name.
    """
    bot_id = read_id(ref)
    view = find_bot(session, bot_id) if bot_id else None
    view = view or find_bot_by_name(session, str(ref))
    if view is None:
        raise BotNotFoundError(ref=ref)
    return view


def list_launches(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, BotLaunch]:
    """List what a runner needs to start these bots. Those that are gone, or have no token, are left out."""
    # Columns rather than rows with their tags: a runner that takes over reads those of all its bots.
    columns = (
        Bot.id,
        Bot.platform,
        Bot.external_id,
        Bot.name,
        Bot.sealed_token,
        Bot.intents,
        Bot.generation,
        Bot.token_fingerprint,
        Bot.shard_count,
        Bot.presence,
    )
    rows = session.execute(
        _living(select(*columns)).where(Bot.id.in_(bot_ids), Bot.sealed_token.is_not(None))
    )
    return {
        bot.id: BotLaunch(
            bot_id=bot.id,
            platform=Platform(bot.platform),
            external_id=bot.external_id,
            name=bot.name,
            sealed_token=str(bot.sealed_token),
            intents=bot.intents,
            generation=bot.generation,
            has_fingerprint=bool(bot.token_fingerprint),
            shard_count=bot.shard_count,
            presence=read_presence(bot.presence),
        )
        for bot in rows
    }


def list_presences(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, Presence]:
    """List what these bots shall show of themselves. Those that are not there are left out."""
    rows = session.execute(_living(select(Bot.id, Bot.presence)).where(Bot.id.in_(bot_ids)))
    return {bot_id: read_presence(stored) for bot_id, stored in rows}


def list_wanted(session: Session) -> list[WantedBot]:
    """List the bots that should run: wanted, with a token, not deleted, not held at their generation."""
    statement = (
        _living(select(Bot.id, Bot.generation, Bot.shard_count))
        .outerjoin(BotState, BotState.bot_id == Bot.id)
        .where(
            Bot.desired_state == DesiredState.RUNNING,
            Bot.sealed_token.is_not(None),
            or_(BotState.held_generation.is_(None), BotState.held_generation != Bot.generation),
        )
        .order_by(Bot.id)
    )
    return [WantedBot(*row) for row in session.execute(statement)]


def _views() -> Select[Bot, BotState]:
    return _living(select(Bot, BotState).join(BotState, BotState.bot_id == Bot.id))


def _living(statement: Select[*_Columns]) -> Select[*_Columns]:
    # A session that lives longer than one read must not show what it saw before.
    return statement.where(Bot.deleted_at.is_(None)).execution_options(populate_existing=True)


def _in_scope(scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope.is_all else [Bot.id.in_(scope.bot_ids)]


def _conditions(
    scope: Scope, text: str, tags: Collection[str], state: DesiredState | None
) -> list[ColumnElement[bool]]:
    found = [*_in_scope(scope), *(Bot.tags.any(BotTag.tag == tag) for tag in tags)]
    if text.strip():
        found.append(_matches(text.strip()))
    if state is not None:
        found.append(Bot.desired_state == state)
    return found


def _matches(text: str) -> ColumnElement[bool]:
    return or_(
        Bot.name.icontains(text, autoescape=True),
        Bot.description.icontains(text, autoescape=True),
        cast(Bot.external_id, String).contains(text, autoescape=True),
    )


def _to_view(bot: Bot, state: BotState) -> BotView:
    return BotView(
        id=bot.id,
        platform=Platform(bot.platform),
        external_id=bot.external_id,
        name=bot.name,
        description=bot.description,
        avatar=bot.avatar,
        token_last4=bot.token_last4,
        token_fingerprint=bot.token_fingerprint,
        has_token=bot.sealed_token is not None,
        intents=bot.intents,
        tags=tuple(item.tag for item in bot.tags),
        desired_state=DesiredState(bot.desired_state),
        generation=bot.generation,
        version=bot.version,
        created_at=bot.created_at,
        updated_at=bot.updated_at,
        presence=read_presence(bot.presence),
        profile=Profile(bot.platform_name or bot.name, bot.avatar, bot.banner),
        interactions_url=bot.interactions_url,
        shard_count=bot.shard_count,
        state=_to_state_view(state, is_held=state.held_generation == bot.generation),
    )


def _to_state_view(state: BotState, *, is_held: bool) -> StateView:
    return StateView(
        process=ProcessState(state.process),
        gateway=GatewayState(state.gateway),
        is_held=is_held,
        reason=Reason(state.reason) if state.reason else None,
        sentence=state.sentence,
        remedy=state.remedy,
        runner_id=state.runner_id,
        epoch=state.epoch,
        latency_ms=state.latency_ms,
        guild_count=state.guild_count,
        starts_left=state.starts_left,
        commands_digest=state.commands_digest,
        commands_synced_at=state.commands_synced_at,
        commands_problem=state.commands_problem,
        connected_at=state.connected_at,
        last_event_at=state.last_event_at,
        last_ack_at=state.last_ack_at,
        last_rest_at=state.last_rest_at,
        updated_at=state.updated_at,
    )
