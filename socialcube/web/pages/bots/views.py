"""The tabs of a bot's page."""

from typing import Any, Final
from uuid import UUID

from flask import render_template, request

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.bots.types import BotView
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import queries as guilds
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.bots.blueprint import blueprint
from socialcube.web.pages.bots.commands import find_elsewhere, list_rows
from socialcube.web.pages.bots.head import make_head
from socialcube.web.pages.bots.log_filters import KINDS, LEVELS, OUTCOMES, read_asked
from socialcube.web.pages.bots.overview import make_overview
from socialcube.web.pages.bots.timeline import list_happenings
from socialcube.web.pages.guilds.fits import fit_places
from socialcube.web.pages.periods import PERIODS, asked_period
from socialcube.web.pages.runs import list_runs

ROWS: Final = 50
"""Events and runs on the Logs tab; the pages of the logs have all of them."""


@blueprint.get("/<uuid:bot_id>/")
@guard.needs(Permission.BOT_VIEW)
def show(bot_id: UUID) -> str:
    """Show how the bot is and what it did."""
    session, period = services().session(), asked_period()
    head = make_head(session, identity.actor(), guard.bot(bot_id, Permission.BOT_VIEW))
    overview = make_overview(session, head, period)
    return render_template(
        "pages/bot/overview.html",
        head=head,
        tab="overview",
        overview=overview,
        period=period,
        periods=PERIODS,
    )


@blueprint.get("/<uuid:bot_id>/commands")
@guard.needs(Permission.COMMAND_VIEW)
def show_commands(bot_id: UUID) -> str:
    """Show its commands, and those made elsewhere once somebody asked."""
    bot = guard.bot(bot_id, Permission.COMMAND_VIEW)
    elsewhere = find_elsewhere(services().session(), bot_id, request.args.get("job", type=UUID))
    return _tab(
        "commands",
        bot,
        rows=list_rows(services().session(), bot_id),
        elsewhere=elsewhere,
        look=commands.find_look(services().session(), bot_id),
    )


@blueprint.get("/<uuid:bot_id>/servers")
@guard.needs(Permission.GUILD_VIEW)
def show_servers(bot_id: UUID) -> str:
    """Show the servers it is in."""
    bot = guard.bot(bot_id, Permission.GUILD_VIEW)
    session, only = services().session(), Scope(is_all=False, bot_ids=frozenset({bot_id}))
    return _tab("servers", bot, places=fit_places(session, guilds.list_sights(session, scope=only)))


@blueprint.get("/<uuid:bot_id>/logs")
@guard.needs(Permission.LOG_VIEW)
def show_logs(bot_id: UUID) -> str:
    """Show its latest events and runs, as the address filters them."""
    bot = guard.bot(bot_id, Permission.LOG_VIEW)
    session, only = services().session(), Scope(is_all=False, bot_ids=frozenset({bot_id}))
    asked = read_asked(request.args)
    return _tab(
        "logs",
        bot,
        asked=asked,
        levels=LEVELS,
        outcomes=OUTCOMES,
        kinds=KINDS,
        happenings=list_happenings(
            session,
            bot_id,
            ROWS,
            asked.events,
            group=asked.group,
            may={permission for permission in Permission if identity.scope(permission).allows(bot_id)},
        ),
        runs=list_runs(session, only, {bot_id: bot.name}, ROWS, asked.runs),
    )


def _tab(tab: str, bot: BotView, **values: Any) -> str:
    head = make_head(services().session(), identity.actor(), bot)
    return render_template(f"pages/bot/{tab}.html", head=head, tab=tab, **values)
