"""What people see of a bot on the platform: the presence that its owner wants, the profile that it has."""

from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.audit import service as audit
from socialcube.domain.bots.documents import presence_to_json, read_presence
from socialcube.domain.bots.errors import BotChangedError
from socialcube.domain.bots.events import BotObserved, BotPresenceChanged
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.policy import clean_avatar, clean_platform_text
from socialcube.domain.bots.service.changes import conclude, facts_of, get_for_change
from socialcube.domain.bots.types import MAX_NAME_LENGTH, MAX_URL_LENGTH, Presence, Profile


def set_presence(uow: UnitOfWork, actor: Actor, bot_id: UUID, *, version: int, presence: Presence) -> None:
    """Choose what the bot shows of itself. One that is online shows it within seconds, without a new start.

    `version` is the one the actor saw, so that two people cannot overwrite each other unseen.

    Raises:
        BotNotFoundError, ForbiddenError: as they say.
        BotChangedError: somebody else changed the bot since.
    """
    bot = get_for_change(uow, actor, Permission.BOT_EDIT, bot_id)
    if bot.version != version:
        raise BotChangedError(seen=version, current=bot.version, stored={"presence": bot.presence})
    if read_presence(bot.presence) == presence:
        return
    before = facts_of(bot)
    bot.presence = presence_to_json(presence)
    conclude(uow, actor, "bot.presence", bot, before)
    uow.record(BotPresenceChanged(bot_id))


def note_profile(uow: UnitOfWork, bot_id: UUID, profile: Profile) -> None:
    """Keep what the platform says a bot looks like. A bot that is not there any more is left alone.

    Its version stays: the platform's word for it is nobody's edit.
    """
    _change(
        uow,
        bot_id,
        platform_name=clean_platform_text(profile.name, max_length=MAX_NAME_LENGTH),
        avatar=clean_avatar(profile.avatar),
        banner=clean_avatar(profile.banner),
    )


def note_interactions_url(uow: UnitOfWork, bot_id: UUID, url: str) -> None:
    """Keep where the platform sends a bot's commands instead of to us; empty for nowhere else."""
    _change(uow, bot_id, interactions_url=clean_platform_text(url, max_length=MAX_URL_LENGTH))


def note_interactions_taken(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    """Keep that the platform sends a bot's commands to us again, and the audit row of the change.

    The row names only the host of the address: what follows it may let somebody in.
    """
    bot = uow.session.get(Bot, bot_id)
    if bot is None:
        return
    host = _host_of(bot.interactions_url)
    note_interactions_url(uow, bot_id, "")
    audit.record(
        uow,
        actor,
        "bot.interactions",
        subject_kind="bot",
        subject_id=bot_id,
        bot_id=bot_id,
        before={"host": host},
        after={"host": ""},
    )


def note_profile_change(uow: UnitOfWork, actor: Actor, bot_id: UUID, before: Profile, after: Profile) -> None:
    """Keep a profile that somebody changed, and the audit row of the change."""
    note_profile(uow, bot_id, after)
    audit.record(
        uow,
        actor,
        "bot.profile",
        subject_kind="bot",
        subject_id=bot_id,
        bot_id=bot_id,
        before=_facts_of(before),
        after=_facts_of(after),
    )


def _change(uow: UnitOfWork, bot_id: UUID, **values: str | None) -> None:
    statement = update(Bot).where(Bot.id == bot_id).values(values)
    uow.session.connection().execute(statement.execution_options(synchronize_session=False))
    uow.record(BotObserved(bot_id))


def _facts_of(profile: Profile) -> dict[str, object]:
    # A bot's picture is nobody's personal data, which the audit takes a key called `avatar` for.
    return {"platform_name": profile.name, "picture": profile.avatar, "banner": profile.banner}


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        # Whoever wrote it there wrote no address; then there is no host to name.
        return ""
