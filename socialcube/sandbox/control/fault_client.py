"""The half of the control door's client that makes things go wrong."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Final

from socialcube.sandbox.gateway.faults import FOR_EVER, Moment

_CLOUDFLARE_PAGE: Final = (
    "<!DOCTYPE html><html><head><title>Access denied</title></head><body>1015</body></html>"
)


class FaultClient(ABC):
    """Makes calls and gateway connections go wrong.

    Everywhere `path` is a regular expression that is searched in a call's path, `bot_id` None means every
    bot, and `times` says how many calls, connections, heartbeats or events are hit.
    """

    @abstractmethod
    def ask(
        self, method: str, path: str, body: object = None, *, query: Mapping[str, object] | None = None
    ) -> Any:
        """Send any request to the door. Gives the parsed answer."""

    def fail(self, path: str, **fault: object) -> None:
        """Let the next calls whose path matches go wrong; see `socialcube.sandbox.faults.Fault`."""
        self.ask("POST", "/faults", {"path": path, **fault})

    def limit(  # noqa: PLR0913 - one request, every part by name
        self,
        path: str,
        retry_after: float = 1.0,
        *,
        scope: str = "user",
        via: bool = True,
        times: int = 1,
        bot_id: str | None = None,
    ) -> None:
        """Answer 429.

        Args:
            path: which calls.
            retry_after: seconds, with a fraction when it has one.
            scope: `user`, `global` or `shared`.
            via: whether the answer came through Discord's proxy, as all but Cloudflare's do.
            times: how many calls.
            bot_id: whose.
        """
        headers = {} if via else {"Via": ""}
        self._fail(path, bot_id, times, status=429, retry_after=retry_after, scope=scope, headers=headers)

    def block_address(self, path: str = "/api/", retry_after: int = 5, *, times: int = 1) -> None:
        """Answer as Cloudflare does for an address that Discord blocked: a page, no `Via`, no JSON."""
        headers = {"Via": "", "Retry-After": str(retry_after)}
        self._fail(path, None, times, status=429, text=_CLOUDFLARE_PAGE, headers=headers)

    def reset_calls(
        self, path: str, *, moment: str = "before", times: int = 1, bot_id: str | None = None
    ) -> None:
        """Reset the TCP connection, before a call takes effect or after it did."""
        self._fail(path, bot_id, times, reset=True, moment=moment)

    def stall(
        self,
        path: str,
        seconds: float = 30.0,
        *,
        moment: str = "after",
        times: int = 1,
        bot_id: str | None = None,
    ) -> None:
        """Answer late, with the effect at once or as late as the answer."""
        self._fail(path, bot_id, times, delay=seconds, moment=moment)

    def truncate(self, path: str, *, times: int = 1, bot_id: str | None = None) -> None:
        """Answer with the first half of the JSON only. The call has its effect."""
        self._fail(path, bot_id, times, truncate=True)

    def refuse(
        self,
        bot_id: str | None = None,
        code: int = 4000,
        *,
        moment: Moment = "identify",
        shard: int | None = None,
        times: int = 1,
    ) -> None:
        """Close the next connections with a code; at `connect` or `hello` those of every bot."""
        self._disturb("close", bot_id, shard, times, code=code, moment=moment)

    def cut_off(
        self,
        bot_id: str | None = None,
        *,
        moment: Moment = "identify",
        shard: int | None = None,
        times: int = 1,
    ) -> None:
        """Cut the next TCP connections to the gateway."""
        self._disturb("abort", bot_id, shard, times, moment=moment)

    def deny(self, bot_id: str, *, resumable: bool = False, shard: int | None = None, times: int = 1) -> None:
        """Answer the next IDENTIFY or RESUME with op 9."""
        self._disturb("invalidate", bot_id, shard, times, resumable=resumable)

    def delay_ready(
        self, bot_id: str | None, seconds: float, *, shard: int | None = None, times: int = 1
    ) -> None:
        """Keep READY or RESUMED, and every event behind it, back."""
        self._disturb("delay", bot_id, shard, times, seconds=seconds)

    def drop_acks(
        self, bot_id: str | None = None, *, shard: int | None = None, times: int = FOR_EVER
    ) -> None:
        """Leave heartbeats without an answer, while events go on."""
        self._disturb("drop_acks", bot_id, shard, times)

    def duplicate(
        self, bot_id: str | None = None, copies: int = 2, *, event: str = "", times: int = FOR_EVER
    ) -> None:
        """Send events several times."""
        self._disturb("duplicate", bot_id, None, times, copies=copies, event=event)

    def reorder(  # noqa: PLR0913 - one request, every part by name
        self,
        bot_id: str | None = None,
        window: int = 50,
        *,
        copies: int = 1,
        seconds: float = 0.1,
        seed: int = 0,
        event: str = "",
        times: int = FOR_EVER,
    ) -> None:
        """Shuffle events among those that come within a window of some events or seconds."""
        shuffling = {"window": window, "copies": copies, "seconds": seconds, "seed": seed, "event": event}
        self._disturb("reorder", bot_id, None, times, **shuffling)

    def malform(self, bot_id: str | None, event: str, data: object = None, *, times: int = 1) -> None:
        """Let an event carry something else."""
        self._disturb("malform", bot_id, None, times, event=event, data=data)

    def lose(self, bot_id: str | None = None, *, event: str = "", times: int = 1) -> None:
        """Count events and never send them."""
        self._disturb("lose", bot_id, None, times, event=event)

    def clear_faults(self) -> None:
        """Take all faults back."""
        self.ask("DELETE", "/faults")
        self.ask("DELETE", "/gateway/faults")

    def _fail(self, path: str, bot_id: str | None, times: int, **fault: object) -> None:
        self.fail(path, application_id=bot_id, times=times, **fault)

    def _disturb(self, deed: str, bot_id: str | None, shard: int | None, times: int, **fault: object) -> None:
        body = {"deed": deed, "application_id": bot_id, "shard": shard, "times": times, **fault}
        self.ask("POST", "/gateway/faults", body)
