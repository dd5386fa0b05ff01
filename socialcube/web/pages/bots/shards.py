"""The parts of a bot that runs in several, each with its own connection."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.bots import queries
from socialcube.domain.bots.policy import describe
from socialcube.domain.bots.types import BotView, DesiredState, ShardView, StateView, StateWords, Tone
from socialcube.web.pages.states import list_living

_UNSEEN: Final = StateWords("Starting", Tone.ACCENT, "It waits for its turn.", "")


@dataclass(frozen=True, slots=True)
class ShardRow:
    """One part as a line of the table.

    Attributes:
        number: counted from 1, as people do.
        host: the machine of its runner, empty when none holds it.
        shard: what was last seen of it, None before anything was.
    """

    number: int
    words: StateWords
    host: str
    shard: ShardView | None


def list_shard_rows(session: Session, bot: BotView) -> list[ShardRow]:
    """List all parts of a bot, none when it runs in one."""
    if bot.shard_count == 1:
        return []
    seen = {shard.number: shard for shard in queries.list_shards(session, bot.id)}
    hosts = {key: runner.host for key, runner in list_living(session).items()}
    return [_row(bot, number, seen.get(number), hosts) for number in range(bot.shard_count)]


def _row(bot: BotView, number: int, shard: ShardView | None, hosts: dict[UUID, str]) -> ShardRow:
    if shard is None:
        is_wanted = bot.desired_state is DesiredState.RUNNING and not bot.state.is_held
        words = _UNSEEN if is_wanted else StateWords("Stopped", Tone.MUTED, "", "")
        return ShardRow(number + 1, words, "", None)
    host = hosts.get(shard.runner_id, "") if shard.runner_id else ""
    words = describe(bot.desired_state, _as_state(bot.state, shard), has_runner=bool(host))
    return ShardRow(number + 1, words, host, shard)


def _as_state(whole: StateView, shard: ShardView) -> StateView:
    """Give a part's sight in the shape that the words for states are made of."""
    return StateView(
        process=shard.process,
        gateway=shard.gateway,
        is_held=whole.is_held,
        reason=shard.reason,
        sentence=shard.sentence,
        remedy=shard.remedy,
        runner_id=shard.runner_id,
        epoch=whole.epoch,
        latency_ms=shard.latency_ms,
        guild_count=shard.guild_count,
        starts_left=None,
        commands_digest=None,
        commands_synced_at=None,
        commands_problem="",
        connected_at=shard.connected_at,
        last_event_at=shard.last_event_at,
        updated_at=shard.updated_at,
    )
