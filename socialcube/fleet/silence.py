"""Finds silent runners, and databases that take no writes, without believing anybody's clock."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from socialcube.kernel.clock import Clock


class SilenceWatch:
    """Watches whether the others still say that they live.

    A runner's last sign of life is only compared with itself: whoever has not changed it for as long as a
    lease, on the monotonic clock of this process, cannot vouch for anything any more. Wall clocks may jump,
    on this machine, on the others or in the database, and no lease moves for that.

    Args:
        clock: its monotonic side measures the silence.
        lease_seconds: how much silence ends a runner.
        renew_seconds: how often each says that it lives, at least.
    """

    def __init__(self, clock: Clock, *, lease_seconds: float, renew_seconds: float) -> None:
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._renew_seconds = renew_seconds
        self._signs: dict[UUID, tuple[datetime, float]] = {}
        self._looked_at = float("-inf")
        self._careful_until = float("-inf")

    def look(self, signs: Mapping[UUID, datetime]) -> dict[UUID, datetime]:
        """Take what each runner's last sign of life is now.

        Returns:
            Those that are silent for too long, each with its last sign.
        """
        now = self._clock.monotonic()
        if now - self._looked_at > self._renew_seconds:
            # Whatever kept us from looking may have kept the others from speaking.
            self._signs.clear()
        self._looked_at = now
        self._signs = {
            runner_id: known if (known := self._signs.get(runner_id)) and known[0] == sign else (sign, now)
            for runner_id, sign in signs.items()
        }
        if now < self._careful_until:
            return {}
        return {
            runner_id: sign
            for runner_id, (sign, since) in self._signs.items()
            if now - since >= self._lease_seconds
        }

    def distrust(self) -> None:
        """Begin anew, since the database took no sign of life from this process.

        It may refuse the others too. Theirs stand meanwhile, and a renewal after ours may have been refused
        last, so they get a lease and a renewal's time to speak again.
        """
        self._signs.clear()
        self._careful_until = self._clock.monotonic() + self._lease_seconds + self._renew_seconds


class RefusalWatch:
    """Watches whether a database that refuses the writes of this process takes those of others.

    Only if it takes nobody's are leases safe without a renewal: a neighbour that writes finds this process
    silent and takes what it holds. Whoever lives writes within a renewal's time, so one and a half of them
    without a sign of life of anybody tell that nobody can.

    Args:
        clock: its monotonic side measures how long nobody wrote.
        renew_seconds: how often each runner says that it lives, at least.
    """

    def __init__(self, clock: Clock, *, renew_seconds: float) -> None:
        self._clock = clock
        self._quiet_seconds = 1.5 * renew_seconds
        self._signs: dict[UUID, datetime] | None = None
        self._since = 0.0

    @property
    def is_refused(self) -> bool:
        """Tell whether the last write was refused."""
        return self._signs is not None

    def look(self, signs: Mapping[UUID, datetime]) -> bool:
        """Take what each runner's last sign of life is, after a refusal. Gives whether nobody can write."""
        now = self._clock.monotonic()
        if signs != self._signs:
            self._signs, self._since = dict(signs), now
        return now - self._since >= self._quiet_seconds

    def forget(self) -> None:
        """Note that a write was taken."""
        self._signs = None
