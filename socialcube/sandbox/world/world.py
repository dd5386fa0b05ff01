"""The world in one object: everything that REST, gateway, chat page and control door work on."""

from socialcube.kernel.clock import Clock, SystemClock
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.world.applications import Applications
from socialcube.sandbox.world.changes import Feed, WorldReset
from socialcube.sandbox.world.commands import Commands
from socialcube.sandbox.world.core import Core
from socialcube.sandbox.world.guilds import Guilds
from socialcube.sandbox.world.interactions import Interactions
from socialcube.sandbox.world.messages import Messages
from socialcube.sandbox.world.profiles import Profiles
from socialcube.sandbox.world.records import State, User
from socialcube.sandbox.world.seed import seeded
from socialcube.sandbox.world.snowflakes import SnowflakeFactory
from socialcube.sandbox.world.webhooks import Webhooks


class World:
    """People, guilds, bots, commands and messages. Synchronous and in memory; use it from one event loop.

    Args:
        clock: tells the time; tests inject one.
        limits: Discord's limits, or others for a test.
        state: a world read from a file; a fresh one is seeded without it.
    """

    def __init__(
        self, clock: Clock | None = None, limits: Limits | None = None, state: State | None = None
    ) -> None:
        self.clock = clock or SystemClock()
        self.limits = limits or Limits()
        ids = SnowflakeFactory(self.clock)
        self._core = Core(state or seeded(), self.clock, self.limits, ids)
        ids.skip_to(_largest_id(self._core.state))
        self.applications = Applications(self._core)
        self.guilds = Guilds(self._core)
        self.messages = Messages(self._core)
        self.commands = Commands(self._core)
        self.interactions = Interactions(self._core, self.commands, self.messages)
        self.webhooks = Webhooks(self._core, self.messages)
        self.profiles = Profiles(self._core)

    @property
    def state(self) -> State:
        """Give what is written to the state file."""
        return self._core.state

    @property
    def feed(self) -> Feed:
        """Give the place to subscribe to changes."""
        return self._core.feed

    def get_user(self, user_id: int) -> User:
        """Give a person or bot, or raise UnknownUserError."""
        return self._core.get_user(user_id)

    def make_id(self) -> int:
        """Give a fresh snowflake, for things that are kept outside the world."""
        return self._core.ids.make()

    def reset(self) -> None:
        """Put everything back to the first day, with new tokens."""
        clients = [item for item in self.applications.list_all() if item.token is None]
        self._core.state = seeded()
        for client in clients:
            self._core.state.applications[client.id] = client
        self.interactions.forget_all()
        self.messages.forget_nonces()
        self.profiles.forget_renamings()
        self.feed.publish(WorldReset())


def _largest_id(state: State) -> int:
    messages = (message.id for kept in state.messages.values() for message in kept)
    return max((*messages, *(command.version for command in state.commands.values())), default=0)
