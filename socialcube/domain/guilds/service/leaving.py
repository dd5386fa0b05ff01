"""Taking a bot out of a server."""

from typing import Final
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.guilds.errors import ServerNameNotTypedError
from socialcube.domain.guilds.queries import get_guild
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind, fleet_target

_ANSWER_SECONDS: Final = 60.0


def ask_leaving(uow: UnitOfWork, actor: Actor, bot_id: UUID, guild_id: UUID, *, typed: str) -> UUID:
    """Ask a bot's runner to take the bot out of a server.

    It needs `bot.control`, not `guild.edit`: leaving acts at the platform, ends the bot's work for everybody
    there, and only a manager of the server can bring it back. `guild.edit` changes what is set here, and
    managers of a server may hold it for that server.

    Args:
        uow: an open write unit.
        actor: who wants it.
        bot_id: the bot.
        guild_id: our key of the server.
        typed: the server's name as the actor wrote it, so that nobody leaves the wrong one.

    Returns:
        The job, whose answer says whether the bot has left.

    Raises:
        BotNotInGuildError: the bot is not there.
        ServerNameNotTypedError: another name was typed.
        ForbiddenError: as it says.
    """
    require(actor, Permission.BOT_CONTROL, Subject("guild", str(guild_id), bot_id))
    guild = get_guild(uow.session, bot_id, guild_id)
    if typed.strip() != guild.name.strip():
        raise ServerNameNotTypedError
    job_id = jobs.ask(
        uow,
        actor,
        JobKind.LEAVE_GUILD,
        {"guild_id": str(guild.external_id)},
        target=fleet_target(bot_id),
        bot_id=bot_id,
        ttl_seconds=_ANSWER_SECONDS,
    )
    audit.record(
        uow,
        actor,
        "guild.leave",
        subject_kind="guild",
        subject_id=guild_id,
        bot_id=bot_id,
        before={"name": guild.name, "external_id": str(guild.external_id)},
        after={},
    )
    return job_id
