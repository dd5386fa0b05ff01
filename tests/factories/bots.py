"""Bots for tests."""

from typing import Any

from factory.base import Factory
from factory.declarations import LazyAttribute, LazyFunction, Sequence
from sqlalchemy.orm import Session

from socialcube.domain.bots.models import Bot, BotState
from socialcube.domain.bots.types import (
    BotIdentity,
    BotObservation,
    DesiredState,
    GatewayState,
    ProcessState,
    StateView,
)
from socialcube.kernel.ids import new_id
from tests.fakes.clock import START


class BotIdentityFactory(Factory[BotIdentity]):
    class Meta:
        model = BotIdentity

    external_id = Sequence(lambda number: 1_000_000 + number)
    name = LazyAttribute(lambda bot: f"Fern {bot.external_id}")


class BotFactory(Factory[Bot]):
    class Meta:
        model = Bot

    id = LazyFunction(new_id)
    external_id = Sequence(lambda number: 2_000_000 + number)
    name = LazyAttribute(lambda bot: f"Moss {bot.external_id}")
    sealed_token = "sealed"
    token_last4 = "last"
    desired_state = DesiredState.STOPPED
    generation = 1
    created_at = START
    updated_at = START


class BotObservationFactory(Factory[BotObservation]):
    class Meta:
        model = BotObservation

    epoch = 1
    runner_id = LazyFunction(new_id)
    process = ProcessState.RUNNING
    gateway = GatewayState.CONNECTED


class StateViewFactory(Factory[StateView]):
    class Meta:
        model = StateView

    process = ProcessState.RUNNING
    gateway = GatewayState.CONNECTED
    is_held = False
    reason = None
    sentence = ""
    remedy = ""
    runner_id = None
    epoch = 1
    latency_ms = None
    guild_count = None
    starts_left = None
    commands_digest = None
    commands_synced_at = None
    commands_problem = ""
    connected_at = None
    last_event_at = None
    updated_at = START


def make_identity(**changes: Any) -> BotIdentity:
    """Make what Discord says about a token."""
    return BotIdentityFactory.build(**changes)


def make_bot(session: Session, *, state: dict[str, Any] | None = None, **changes: Any) -> Bot:
    """Store a bot; `state` holds what was seen of it."""
    bot = BotFactory.build(**changes)
    session.add(bot)
    session.flush()
    session.add(BotState(bot_id=bot.id, updated_at=START, **(state or {})))
    session.flush()
    return bot


def make_observation(**changes: Any) -> BotObservation:
    """Make the sight of a bot that is online."""
    return BotObservationFactory.build(**changes)


def make_state(**changes: Any) -> StateView:
    """Make the last sight of a bot that is online."""
    return StateViewFactory.build(**changes)
