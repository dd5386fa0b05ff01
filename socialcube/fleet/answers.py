"""Answers what other processes ask of one bot: one function for each kind of job."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from socialcube.domain.bots import service as bots
from socialcube.domain.commands import policy
from socialcube.domain.guilds.queries import list_guilds_of_bot
from socialcube.domain.guilds.types import GuildSnapshot, GuildView
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.fleet.client import BotClient
from socialcube.fleet.command_sync import Progress
from socialcube.fleet.profiles import edit_profile, take_interactions
from socialcube.kernel.errors import InvalidInputError, SocialCubeError

Result = dict[str, object]

_SNOWFLAKE: Final = re.compile("[0-9]{1,19}", re.ASCII)


class UnknownJobError(SocialCubeError):
    """This runner does not know how to do {kind}."""

    code = "unknown_job"


async def answer(job: JobView, client: BotClient, progress: Progress) -> Result:
    """Do a job for a bot of this runner and give its answer as JSON data.

    Args:
        job: what is asked.
        client: the bot.
        progress: hears how much of a longer job is done, in percent.

    Raises:
        UnknownJobError: no runner of this version knows the kind.
        SocialCubeError: whatever else keeps it from being done; its message is for people.
    """
    if job.kind == JobKind.APPLY_PLAN:
        return await _apply_plan(job, client, progress)
    work = _ANSWERS.get(job.kind)
    if work is None:
        raise UnknownJobError(kind=job.kind)
    return await work(job, client)


async def _plan(_job: JobView, client: BotClient) -> Result:
    plan = await client.plan_commands()
    return {**plan.to_json(), "seen": policy.digest_of_plan(plan)}


async def _apply_plan(job: JobView, client: BotClient, progress: Progress) -> Result:
    """Do what a plan says that somebody looked at, if it is still what there is to do."""
    seen = job.payload.get("seen")
    if not isinstance(seen, str) or not seen:
        raise InvalidInputError(reason="seen must be the digest of a plan")
    return (await client.apply_commands(seen, progress)).to_json()


async def _leave_guild(job: JobView, client: BotClient) -> Result:
    guild_id = _snowflake(job, "guild_id")
    await client.leave_guild(guild_id)
    return {"left": str(guild_id)}


async def _refresh(_job: JobView, client: BotClient) -> Result:
    client.commands_changed()
    return {"guilds": client.refresh_guilds()}


async def _inspect(_job: JobView, client: BotClient) -> Result:
    """Tell all that a bot's page wants to know from Discord itself."""
    plan, platform = await client.plan_commands(), client.platform
    facts = await platform.inspect()
    await client.bridge.write(bots.note_interactions_url, client.bot_id, facts.interactions_url)
    # A session that was begun elsewhere told this process of no server, and other shards have theirs.
    stored = {
        guild.external_id: guild for guild in await client.bridge.read(list_guilds_of_bot, client.bot_id)
    }
    ids = sorted(platform.list_guild_ids() | stored.keys())
    guilds = [platform.describe_guild(guild_id) or stored.get(guild_id) for guild_id in ids]
    return {
        "guilds": [_show_guild(guild) for guild in guilds if guild is not None],
        "commands_elsewhere": plan.to_json()["foreign"],
        "starts": {
            "left": facts.starts.remaining,
            "total": facts.starts.total,
            "reset_seconds": facts.starts.reset_seconds,
        },
        "intents": facts.intents,
        "flags": facts.flags,
        "is_public": facts.is_public,
        "interactions_url": facts.interactions_url,
    }


async def _set_intents(job: JobView, client: BotClient) -> Result:
    intents = job.payload.get("intents")
    if isinstance(intents, bool) or not isinstance(intents, int) or intents < 0:
        raise InvalidInputError(reason="intents must be a number of bits")
    return {"intents": await client.platform.set_intents(intents)}


async def _check_manager(job: JobView, client: BotClient) -> Result:
    """Find out whether a person manages a server. It is stored here, so that no browser can forge it."""
    guild_id, user_id = (_snowflake(job, name) for name in ("guild_id", "user_id"))
    asked_at = job.started_at or job.created_at
    return {"is_manager": await client.check_manager(guild_id, user_id, asked_at)}


def _snowflake(job: JobView, name: str) -> int:
    text = job.payload.get(name)
    if not isinstance(text, str) or not _SNOWFLAKE.fullmatch(text):
        raise InvalidInputError(reason=f"{name} must be an id as text")
    return int(text)


def _show_guild(guild: GuildSnapshot | GuildView) -> Result:
    return {
        "id": str(guild.external_id),
        "name": guild.name,
        "icon": guild.icon,
        "permissions": str(guild.permissions),
    }


_ANSWERS: Final[Mapping[str, Callable[[JobView, BotClient], Awaitable[Result]]]] = {
    JobKind.COMMAND_PLAN: _plan,
    JobKind.REFRESH_BOT: _refresh,
    JobKind.INSPECT_BOT: _inspect,
    JobKind.SET_INTENTS: _set_intents,
    JobKind.EDIT_PROFILE: edit_profile,
    JobKind.TAKE_INTERACTIONS: take_interactions,
    JobKind.CHECK_MANAGER: _check_manager,
    JobKind.LEAVE_GUILD: _leave_guild,
}
