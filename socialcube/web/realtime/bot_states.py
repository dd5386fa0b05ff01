"""How each bot is, as pages show it while they stay open."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.bots import policy
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import BotView
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds.types import PlacesMark
from socialcube.domain.placements import queries as placements


class BotStates:
    """Reads bots and says their state in the panel's words.

    Args:
        sessions: makes a session for each read.
        now: wall-clock time.
        lease_seconds: how long ago a runner may have been seen and still counts as living.
    """

    def __init__(
        self, sessions: Callable[[], Session], *, now: Callable[[], datetime], lease_seconds: float
    ) -> None:
        self._sessions = sessions
        self._now = now
        self._lease_seconds = lease_seconds

    def read(self) -> dict[UUID, dict[str, Any]]:
        """Give all bots as JSON by their key, in the order of their names.

        A server may be stored a moment after the bot counts it: `guilds_stored` moves when pages find it.
        `guilds_mark` moves when anything about one of them does, `commands_differ` when a comparison of the
        commands found something new.
        """
        with self._sessions() as session:
            runners = placements.list_living_runners(session, within=self._lease_seconds)
            living = {runner.id for runner in runners}
            now = self._now()
            stored = guilds.list_marks(session)
            drift = commands.count_drift(session, bots.EVERY_BOT)
            return {
                bot.id: _to_json(bot, living, now)
                | _of_servers(stored.get(bot.id))
                | {"commands_differ": drift[bot.id][0] if bot.id in drift else 0}
                for bot in bots.list_bots(session)
            }


def _of_servers(mark: PlacesMark | None) -> dict[str, Any]:
    if mark is None:
        return {"guilds_stored": 0, "guilds_mark": ""}
    return {"guilds_stored": mark.count, "guilds_mark": f"{mark.unavailable} {mark.seen_at.isoformat()}"}


def _to_json(bot: BotView, living: set[UUID], now: datetime) -> dict[str, Any]:
    words = policy.describe_bot(bot, living=living, now=now)
    state = bot.state
    return {
        "bot_id": str(bot.id),
        "name": bot.name,
        "version": bot.version,
        "desired": bot.desired_state.value,
        "word": words.word,
        "tone": words.tone.value,
        "sentence": words.sentence,
        "remedy": words.remedy,
        "process": state.process.value,
        "gateway": state.gateway.value,
        "guild_count": state.guild_count,
        "latency_ms": None if state.latency_ms is None else round(state.latency_ms),
        "starts_left": state.starts_left,
        "commands_problem": state.commands_problem,
        "connected_at": _iso(state.connected_at),
        "last_event_at": _iso(state.last_event_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
