"""How bots are, in the panel's words."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.policy import describe_bot
from socialcube.domain.bots.types import BotView, StateWords
from socialcube.domain.placements import queries as placements
from socialcube.domain.placements.types import RunnerView
from socialcube.web.context import services, settings


@dataclass(frozen=True, slots=True)
class BotState:
    """A bot and the words for its state.

    Attributes:
        runner: the living runner that holds it, None when none does.
    """

    bot: BotView
    words: StateWords
    runner: RunnerView | None


def list_states(session: Session, scope: Scope) -> list[BotState]:
    """List the bots in the scope by name, each with its state."""
    living = list_living(session)
    return [_state(bot, living) for bot in bots.list_bots(session, scope=scope)]


def describe(session: Session, bot: BotView) -> BotState:
    """Say how one bot is."""
    return _state(bot, list_living(session))


def list_living(session: Session) -> dict[UUID, RunnerView]:
    """List the runners that live, by their key."""
    runners = placements.list_living_runners(session, within=settings().fleet.lease_seconds)
    return {runner.id: runner for runner in runners}


def _state(bot: BotView, living: dict[UUID, RunnerView]) -> BotState:
    words = describe_bot(bot, living=living, now=services().shared.clock.now())
    holder = bot.state.runner_id
    return BotState(bot, words, living.get(holder) if holder else None)
