"""What is measured at the far end of the wire."""

import asyncio
import time
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from bench.peers.gateway.frames import Frames
from bench.peers.gateway.server import Server

_LATEST_SECONDS = 3.0
_PATIENCE_SECONDS = 600.0
_PEOPLE = 1_000_000


@dataclass(frozen=True, slots=True)
class _Use:
    """A prepared use of a bot's command."""

    text: str
    bot_id: int


class Work:
    """Uses commands and sends events.

    Args:
        server: knows the bots that are online.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._person = _PEOPLE

    async def wait(self, live: int, seconds: float = _PATIENCE_SECONDS) -> dict[str, Any]:
        """Wait until so many bots are online. Gives when the last came up, in monotonic seconds."""
        async with asyncio.timeout(seconds):
            while len(self._server.live) < live:  # noqa: ASYNC110 - a few milliseconds do not matter here
                await asyncio.sleep(0.005)
        return {"last_up": self._server.last_up, "live": len(self._server.live)}

    async def latency(self, bots: list[int], count: int) -> dict[str, Any]:
        """Use commands one after the other, round robin. Gives microseconds, sorted, and how many failed."""
        uses = {bot: _Use(Frames(bot, "").use(), bot) for bot in bots}
        times: list[float] = []
        for bot in islice(cycle(bots), count):
            text, done = self._prepared(uses[bot])
            began = time.perf_counter()
            self._server.live[bot].dispatch("INTERACTION_CREATE", text)
            try:
                times.append(await asyncio.wait_for(done, _LATEST_SECONDS) - began)
            except TimeoutError:
                continue
        return {"times": sorted(seconds * 1e6 for seconds in times), "lost": count - len(times)}

    async def events(self, bots: list[int], minutes: int) -> dict[str, Any]:
        """Send events to all bots at once, and a command behind them that tells when all were taken."""
        noise = {bot: Frames(bot, "").noise() for bot in bots}
        uses = {bot: _Use(Frames(bot, "").use(), bot) for bot in bots}
        began = time.perf_counter()
        sent = 0
        for _ in range(minutes):
            for bot in bots:
                peer = self._server.live[bot]
                await peer.wire.writable.wait()
                for name, text in zip(_NAMES, noise[bot], strict=True):
                    peer.dispatch(name, text)
                sent += len(_NAMES)
            await asyncio.sleep(0)
        ends = []
        for bot in bots:
            text, done = self._prepared(uses[bot])
            ends.append(done)
            self._server.live[bot].dispatch("INTERACTION_CREATE", text)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await asyncio.gather(*ends)
        return {"seconds": time.perf_counter() - began, "events": sent}

    def stats(self) -> dict[str, Any]:
        """Give what was counted."""
        return {"live": len(self._server.live), "counts": dict(self._server.counts)}

    def _prepared(self, use: _Use) -> tuple[str, asyncio.Future[float]]:
        """Give a use by somebody new, whom no cooldown knows, and what waits for its answer."""
        self._person += 1
        new_id = self._server.new_id()
        done = self._server.waiting[new_id] = asyncio.get_running_loop().create_future()
        text = use.text.replace("@id", new_id).replace("@token", f"token-{new_id}-{'x' * 40}")
        command_id = self._server.command_id(use.bot_id)
        return text.replace("@user", str(self._person)).replace("@command", command_id), done


_NAMES = (*["MESSAGE_CREATE"] * 4, "CHANNEL_UPDATE", *["MESSAGE_CREATE"] * 4, "GUILD_UPDATE")
