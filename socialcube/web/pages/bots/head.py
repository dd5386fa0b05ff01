"""What stands above every tab of a bot: who it is, how it is, what can be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import request, url_for
from sqlalchemy.orm import Session

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.bot_secrets import queries as bot_secrets
from socialcube.domain.bots.policy import Preset
from socialcube.domain.bots.types import BotView, DesiredState, Reason, Tone
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobView
from socialcube.web.context import settings
from socialcube.web.pages.bots.progress import Step, list_steps
from socialcube.web.pages.invitations import invite_url, needed_permissions
from socialcube.web.pages.states import BotState, describe


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab and how much is behind it."""

    key: str
    label: str
    endpoint: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a bot's page.

    Attributes:
        steps: of what is under way, empty when nothing is.
        up_since: since when the present connection stands.
        may: the permissions that the person holds on the bot.
        remedy_url: where the remedy can be done here, empty when only outside.
        invite_url: where the bot is added to a server.
        asked: what Discord was asked last to send the bot's commands here, as the address names it.
    """

    state: BotState
    steps: list[Step]
    up_since: datetime | None
    tabs: list[Tab]
    may: frozenset[Permission]
    remedy_url: str
    invite_url: str
    asked: JobView | None

    @property
    def bot(self) -> BotView:
        """Give the bot itself."""
        return self.state.bot

    @property
    def is_wanted(self) -> bool:
        """Tell whether stopping makes sense rather than starting."""
        return self.bot.desired_state is DesiredState.RUNNING and not self.bot.state.is_held

    @property
    def may_control(self) -> bool:
        """Tell whether the person may start and stop it."""
        return Permission.BOT_CONTROL in self.may


def make_head(session: Session, actor: Actor, bot: BotView) -> Head:
    """Read what the head shows to this person."""
    state = describe(session, bot)
    may = frozenset(permission for permission in Permission if can(actor, permission, Subject.bot(bot.id)))
    is_up = state.words.tone in {Tone.OK, Tone.WARN}
    return Head(
        state=state,
        steps=list_steps(state),
        up_since=bot.state.connected_at if is_up else None,
        tabs=_tabs(session, bot, may),
        may=may,
        remedy_url=_remedy_url(bot, may),
        invite_url=_invite_url(session, bot, may),
        asked=find_taking(session, bot),
    )


def find_taking(session: Session, bot: BotView) -> JobView | None:
    """Find the request to send the bot's commands here that the address names, as long as it matters."""
    job_id = request.args.get("asked", type=UUID) if bot.interactions_url else None
    job = jobs.find_job(session, job_id) if job_id else None
    return job if job and job.bot_id == bot.id and job.kind == JobKind.TAKE_INTERACTIONS else None


def _tabs(session: Session, bot: BotView, may: frozenset[Permission]) -> list[Tab]:
    tabs = [Tab("overview", "Overview", "bot.show")]
    if Permission.COMMAND_VIEW in may:
        count = len(commands.list_commands(session, bot.id))
        tabs.append(Tab("commands", "Commands", "bot.show_commands", count))
    if Permission.GUILD_VIEW in may:
        count = len(guilds.list_guilds_of_bot(session, bot.id))
        tabs.append(Tab("servers", "Servers", "bot.show_servers", count))
    if Permission.LOG_VIEW in may:
        tabs.append(Tab("logs", "Logs", "bot.show_logs"))
    if Permission.MEMBER_MANAGE in may:
        tabs.append(Tab("members", "Members", "bot.show_members", accounts.count_holders(session, bot.id)))
    if Permission.SECRET_EDIT in may:
        tabs.append(Tab("secrets", "Secrets", "bot.show_secrets", bot_secrets.count_secrets(session, bot.id)))
    if may & _SETTINGS:
        tabs.append(Tab("settings", "Settings", "bot.show_settings"))
    return tabs


def _remedy_url(bot: BotView, may: frozenset[Permission]) -> str:
    reason = bot.state.reason
    if reason in _TOKEN_REASONS and Permission.BOT_TOKEN in may:
        return url_for("bot.show_settings", bot_id=bot.id, _anchor="token")
    if reason is Reason.INTENTS_MISSING and Permission.BOT_EDIT in may:
        return url_for("bot.show_settings", bot_id=bot.id, _anchor="sight")
    if reason in {Reason.CRASH_LOOP, Reason.REFUSED} and Permission.LOG_VIEW in may:
        return url_for("bot.show_logs", bot_id=bot.id)
    if bot.state.commands_problem and Permission.COMMAND_VIEW in may:
        return url_for("command_plan.show", bot_id=bot.id)
    return ""


def _invite_url(session: Session, bot: BotView, may: frozenset[Permission]) -> str:
    if settings().sandbox is None:
        return invite_url(bot, Preset.ANSWER, needed_permissions(session, bot.id))
    # The sandbox has no consent page for bots: its servers are joined from the page of a new bot.
    return url_for("new_bot.show", bot=bot.id, step="sight") if Permission.BOT_EDIT in may else ""


_TOKEN_REASONS: Final = frozenset(
    {Reason.TOKEN_INVALID, Reason.TOKEN_UNREADABLE, Reason.TOKEN_LEAKED, Reason.TOKEN_MISSING}
)
_SETTINGS: Final = frozenset({Permission.BOT_EDIT, Permission.BOT_TOKEN, Permission.BOT_DELETE})
