"""Who may start a session, and when."""

from typing import Final

from socialcube.sandbox.gateway.identify import Identify, check_intents
from socialcube.sandbox.gateway.protocol import CloseCode, GatewayClosedError, NotNowError
from socialcube.sandbox.ratelimits import Buckets, Limit
from socialcube.sandbox.world.records import Application
from socialcube.sandbox.world.world import World

_ONE: Final = 1


class Admission:
    """Holds IDENTIFYs to Discord's rules.

    Args:
        world: knows the bots and the limits.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._windows = Buckets(world.clock)

    def admit(self, application: Application, asked: Identify) -> None:
        """Count a start, or refuse it.

        Raises:
            GatewayClosedError: intents or shard are not accepted, or no start is left.
            NotNowError: too soon after the last one of the same bucket.
        """
        check_intents(asked.intents, application.intents)
        self._check_size(application, asked.shard)
        # The window is taken before the start is counted: an attempt that came too soon costs no start.
        # Of `max_concurrency` buckets each admits one in five seconds ("Gateway" > "Sharding").
        bucket = asked.shard[0] % self._world.applications.max_concurrency(application.id)
        window = Limit(_ONE, self._world.limits.identify_seconds)
        if not self._windows.take(f"{application.id}/{bucket}", window).allowed:
            raise NotNowError
        if not self._world.applications.count_start(application.id):
            raise GatewayClosedError(CloseCode.AUTHENTICATION_FAILED, "Authentication failed.")

    def clear(self) -> None:
        """Let everybody start again at once, for a world that starts again."""
        self._windows.clear()

    def _check_size(self, application: Application, shard: tuple[int, int]) -> None:
        """Refuse a session that would be told of more guilds than one shard may have."""
        number, count = shard
        guilds = self._world.guilds.list_of(application.id)
        mine = sum((guild.id >> 22) % count == number for guild in guilds)
        if mine > self._world.applications.guilds_per_shard(application.id):
            raise GatewayClosedError(CloseCode.SHARDING_REQUIRED, "Sharding required.")
