"""What a runner knows of one shard of a bot: both health axes, and the diary of what happened."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import UUID

from socialcube.adapters.base import BotAdapter
from socialcube.domain.bots.types import BotObservation, GatewayState, ProcessState, Reason
from socialcube.domain.guilds.types import GuildNews
from socialcube.domain.logs.ports import LogSink
from socialcube.domain.logs.types import BotLogRecord, ErrorLogRecord, ErrorSource, Level
from socialcube.domain.placements.types import Lease
from socialcube.kernel.clock import Clock

MAX_GUILD_LINES: Final = 20
"""Lines about servers that are written at once. An outage of Discord's can take thousands of them away."""


class BotStatus:
    """Turns events of one shard into its observed state and the bot's log.

    Args:
        lease: under which the bot runs; its epoch goes with every observation.
        runner_id: this process.
        clock: stamps the records.
        sink: takes the log records.
        report: takes the observations.
        shard_count: in how many parts the bot runs.
    """

    def __init__(  # noqa: PLR0913 - each part that it works with has its own name
        self,
        lease: Lease,
        runner_id: UUID,
        *,
        clock: Clock,
        sink: LogSink,
        report: Callable[[BotObservation], None],
        shard_count: int = 1,
    ) -> None:
        self._clock = clock
        self._sink = sink
        self._report = report
        self._seen = BotObservation(
            bot_id=lease.bot_id,
            epoch=lease.epoch,
            runner_id=runner_id,
            process=ProcessState.STARTING,
            gateway=GatewayState.DISCONNECTED,
            shard=lease.shard,
            shard_count=shard_count,
        )

    @property
    def is_connected(self) -> bool:
        """Tell whether the gateway session stands."""
        return self._seen.gateway is GatewayState.CONNECTED

    def starting(self) -> None:
        """Note that the bot is about to connect."""
        self._change(ProcessState.STARTING, GatewayState.CONNECTING)

    def connected(self, *, guild_count: int, starts_left: int | None) -> None:
        """Note a fresh session."""
        now = self._clock.now()
        self._seen = replace(
            self._seen, connected_at=now, last_ack_at=now, guild_count=guild_count, starts_left=starts_left
        )
        self._change(ProcessState.RUNNING, GatewayState.CONNECTED)
        self.log("connected", "Connected to Discord.")

    def resumed(self) -> None:
        """Note that an interrupted session goes on, which is an answer of the platform."""
        self._seen = replace(self._seen, last_ack_at=self._clock.now())
        self._change(ProcessState.RUNNING, GatewayState.CONNECTED)
        self.log("resumed", "The connection is back, and nothing was missed.")

    def took_over(self, *, guild_count: int) -> None:
        """Note that a session which another process began goes on here."""
        now = self._clock.now()
        self._seen = replace(self._seen, connected_at=now, last_ack_at=now, guild_count=guild_count)
        self._change(ProcessState.RUNNING, GatewayState.CONNECTED)
        self.log("taken_over", "It goes on where it stopped, and nothing was missed.")

    def reconnecting(self, sentence: str) -> None:
        """Note that the connection is gone and will be brought back."""
        self._change(ProcessState.RUNNING, GatewayState.RECONNECTING, sentence=sentence)
        self.log("reconnecting", sentence, level=Level.WARNING)

    def failed(self, reason: Reason, sentence: str, remedy: str = "") -> None:
        """Note that the bot is down for the moment and will be started again."""
        self._seen = replace(self._seen, connected_at=None)
        self._change(ProcessState.FAILED, GatewayState.DISCONNECTED, reason, sentence, remedy)

    def stopped(self, sentence: str, reason: Reason | None = None) -> None:
        """Note that this runner has let the bot go."""
        self._seen = replace(self._seen, runner_id=None, connected_at=None, latency_ms=None)
        self._change(ProcessState.STOPPED, GatewayState.DISCONNECTED, reason, sentence if reason else "")
        self.log("stopped", sentence)

    def refresh(self, adapter: BotAdapter) -> None:
        """Take over what the adapter measures, while connected. Nothing new is nothing to report."""
        if not self.is_connected:
            return
        before, self._seen = (
            self._seen,
            replace(
                self._seen,
                latency_ms=adapter.latency_ms,
                guild_count=adapter.guild_count,
                last_event_at=adapter.last_event_at,
                last_ack_at=adapter.last_ack_at,
                last_rest_at=adapter.last_rest_at,
            ),
        )
        if self._seen != before:
            self._report(self._seen)

    def log(self, kind: str, message: str, *, level: Level = Level.INFO, **data: object) -> None:
        """Write one line of the bot's log."""
        self._sink.put(
            BotLogRecord(
                occurred_at=self._clock.now(),
                bot_id=self._seen.bot_id,
                runner_id=self._seen.runner_id,
                level=level,
                kind=kind,
                message=message,
                data=data if self._seen.shard_count == 1 else {**data, "shard": self._seen.shard},
            )
        )

    def log_guilds(self, news: list[GuildNews]) -> None:
        """Write what happened between the bot and its servers; of very many at once, how many."""
        for item in news[:MAX_GUILD_LINES]:
            level = Level.WARNING if item.is_warning else Level.INFO
            about = {"guild_id": str(item.guild_id)} if item.guild_id else {}
            self.log(item.kind, item.sentence, level=level, **about)
        for kind, count in Counter(item.kind for item in news[MAX_GUILD_LINES:]).items():
            self.log(kind, f"The same kind of thing happened in {count} more servers at once.")

    def log_error(self, code: str, message: str, *, place: str, detail: str = "") -> None:
        """Write a failure that somebody should look at."""
        self._sink.put(
            ErrorLogRecord(
                occurred_at=self._clock.now(),
                bot_id=self._seen.bot_id,
                source=ErrorSource.FLEET,
                code=code,
                message=message,
                place=place,
                detail=detail,
                fingerprint=f"{code}:{place}",
            )
        )

    def _change(
        self,
        process: ProcessState,
        gateway: GatewayState,
        reason: Reason | None = None,
        sentence: str = "",
        remedy: str = "",
    ) -> None:
        self._seen = replace(
            self._seen, process=process, gateway=gateway, reason=reason, sentence=sentence, remedy=remedy
        )
        self._report(self._seen)
