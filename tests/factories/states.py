"""Bots with their words, as pages get them."""

from typing import Any

from socialcube.domain.bots.policy import describe
from socialcube.domain.bots.types import BotView, DesiredState, Platform
from socialcube.domain.placements.types import RunnerView
from socialcube.kernel.ids import new_id
from socialcube.web.pages.states import BotState
from tests.factories.bots import make_state
from tests.fakes.clock import START


def make_runner(**changes: Any) -> RunnerView:
    """Make a runner that lives."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "host": "eu-1",
        "pid": 7,
        "lock_path": "",
        "started_at": START,
        "seen_at": START,
        "bots": 1,
    }
    return RunnerView(**(fields | changes))


def make_view(*, name: str = "Fern", seen: dict[str, Any] | None = None, **changes: Any) -> BotView:
    """Make a bot that should run; `seen` is what was seen of it."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "platform": Platform.DISCORD,
        "external_id": 5001,
        "name": name,
        "description": "",
        "avatar": None,
        "token_last4": "last",
        "token_fingerprint": "0123456789abcdef",
        "has_token": True,
        "intents": 1,
        "desired_state": DesiredState.RUNNING,
        "generation": 1,
        "version": 1,
        "created_at": START,
        "updated_at": START,
        "state": make_state(**(seen or {})),
        "tags": (),
    }
    return BotView(**(fields | changes))


def make_bot_state(
    name: str = "Fern", *, seen: dict[str, Any] | None = None, has_runner: bool = True, **changes: Any
) -> BotState:
    """Make a bot with its words. It is online unless `seen` says otherwise."""
    bot = make_view(name=name, seen=seen, **changes)
    words = describe(bot.desired_state, bot.state, has_runner=has_runner)
    return BotState(bot, words, make_runner() if has_runner else None)
