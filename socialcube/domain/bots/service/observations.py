"""What runners see of bots. Every write carries the epoch of the lease it was seen under."""

from typing import Final
from uuid import UUID

from sqlalchemy import case, select, update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots.models import Bot, BotState
from socialcube.domain.bots.types import (
    BotObservation,
    CommandsObservation,
    GatewayState,
    ProcessState,
    Reason,
)
from socialcube.kernel.text import one_line

_MAX_SENTENCE: Final = 2000


def observe(uow: UnitOfWork, seen: BotObservation) -> bool:
    """Write what a runner sees. A runner that lost its lease is not believed any more.

    While a bot is held its words stay: the farewell of a connection must not wipe out why it was stopped.

    Returns:
        Whether it was written; False means that a newer epoch owns the bot, or that there is no bot.
    """
    generation = select(Bot.generation).where(Bot.id == BotState.bot_id).scalar_subquery()
    is_held = BotState.held_generation == generation
    words = {
        BotState.process: seen.process,
        BotState.reason: seen.reason,
        BotState.sentence: _sentence(seen.sentence),
        BotState.remedy: _sentence(seen.remedy),
    }
    return _write_state(
        uow,
        seen.bot_id,
        seen.epoch,
        {
            **{column.key: case((is_held, column), else_=value) for column, value in words.items()},
            "gateway": seen.gateway,
            "runner_id": seen.runner_id,
            "latency_ms": seen.latency_ms,
            "guild_count": seen.guild_count,
            "starts_left": seen.starts_left,
            "connected_at": seen.connected_at,
            "last_event_at": seen.last_event_at,
        },
    )


def observe_commands(uow: UnitOfWork, seen: CommandsObservation) -> bool:
    """Write how the synchronisation of a bot's commands went. Gives what `observe` gives."""
    return _write_state(
        uow,
        seen.bot_id,
        seen.epoch,
        {
            "commands_digest": seen.digest,
            "commands_synced_at": seen.synced_at,
            "commands_problem": _sentence(seen.problem),
        },
    )


def hold(  # noqa: PLR0913 - why and what to do are separate texts for people
    uow: UnitOfWork,
    bot_id: UUID,
    generation: int,
    *,
    reason: Reason,
    sentence: str = "",
    remedy: str = "",
    epoch: int,
) -> bool:
    """Note that a runner stopped a bot on purpose, until somebody wishes anew.

    `generation` is the wish that the runner gave up on: a newer one is not held. `sentence` and
    `remedy` win over the general words for the reason. Gives what `observe` gives.
    """
    return _write_state(
        uow,
        bot_id,
        epoch,
        {
            "process": ProcessState.HELD,
            "gateway": GatewayState.DISCONNECTED,
            "reason": reason,
            "sentence": _sentence(sentence),
            "remedy": _sentence(remedy),
            "held_generation": generation,
            "latency_ms": None,
            "connected_at": None,
        },
    )


def _sentence(text: str) -> str:
    """Clean a sentence, which may quote the platform. PostgreSQL takes not every character."""
    return one_line(text, _MAX_SENTENCE)


def _write_state(uow: UnitOfWork, bot_id: UUID, epoch: int, values: dict[str, object]) -> bool:
    statement = (
        update(BotState)
        .where(BotState.bot_id == bot_id, BotState.epoch <= epoch)
        .values(epoch=epoch, updated_at=uow.clock.now(), **values)
        .execution_options(synchronize_session=False)
    )
    return uow.session.connection().execute(statement).rowcount == 1
