"""The page of one bot in one server."""

from typing import Final
from uuid import UUID

from flask import render_template, request

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds.errors import BotNotInGuildError
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.guilds.blueprint import blueprint
from socialcube.web.pages.guilds.fits import fit_places
from socialcube.web.pages.links import fix_url

_ASKED: Final = (Permission.BOT_CONTROL, Permission.GUILD_EDIT)
"""What the page's buttons depend on."""


@blueprint.get("/bots/<uuid:bot_id>/servers/<uuid:guild_id>/")
@guard.needs(Permission.GUILD_VIEW)
def show(bot_id: UUID, guild_id: UUID) -> str:
    """Show what a bot may do in a server, what it lacks, and what it has too much of."""
    bot, session = guard.bot(bot_id, Permission.GUILD_VIEW), services().session()
    sight = guilds.find_place(session, bot_id, guild_id)
    if sight is None:
        raise BotNotInGuildError(external_id=guild_id, servers="other servers; see its Servers tab")
    [place] = fit_places(session, [sight])
    actor = identity.actor()
    return render_template(
        "pages/guild/place.html",
        bot=bot,
        place=place,
        guild=sight.guild,
        channels=len(guilds.list_channels(session, guild_id)),
        roles=len(guilds.list_roles(session, guild_id)),
        fix_url=fix_url(bot, sight.guild.external_id, place.fit.needed),
        may=frozenset(permission for permission in _ASKED if can(actor, permission, Subject.bot(bot_id))),
        leaving=find_leaving(bot_id, sight.guild.external_id, request.args.get("job", type=UUID)),
    )


def find_leaving(bot_id: UUID, external_id: int, job_id: UUID | None) -> JobView | None:
    """Find what became of the wish that the bot leaves this server; another job is not there."""
    job = jobs.find_job(services().session(), job_id) if job_id else None
    is_ours = job is not None and job.bot_id == bot_id and job.kind == JobKind.LEAVE_GUILD
    return job if job and is_ours and job.payload.get("guild_id") == str(external_id) else None
