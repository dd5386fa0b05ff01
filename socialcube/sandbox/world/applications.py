"""Applications, their tokens, and which bots are online."""

from socialcube.sandbox.world import tokens
from socialcube.sandbox.world.changes import ApplicationsChanged, PresenceChanged, TokenReset
from socialcube.sandbox.world.core import Core
from socialcube.sandbox.world.records import Application, Presence, User
from socialcube.sandbox.world.seed import MARA

_DAY = 86_400.0
_ONLINE = Presence()


class Applications:
    """Reads and changes applications. Every change is told on the feed."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._online: dict[int, Presence] = {}

    def get(self, application_id: int) -> Application:
        """Give an application, or raise UnknownApplicationError."""
        return self._core.get_application(application_id)

    def list_all(self) -> list[Application]:
        """Give all applications, by id."""
        return [self._core.state.applications[key] for key in sorted(self._core.state.applications)]

    def find_by_token(self, token: str) -> Application | None:
        """Give the application whose bot token this is, or None."""
        application = self._core.state.applications.get(tokens.owner_of(token))
        if application is None or not application.token:
            return None
        return application if tokens.is_same(token, application.token) else None

    def create(self, name: str, *, description: str = "", intents: int = 0, bot: bool = True) -> Application:
        """Make an application that Mara owns, with a bot unless told otherwise."""
        new_id = self._core.small_id()
        token = tokens.bot_token(new_id) if bot else None
        application = Application(new_id, name, MARA, tokens.client_secret(), description, token, intents)
        self._core.state.applications[new_id] = application
        if bot:
            self._core.state.users[new_id] = User(new_id, name, bot=True)
        self._core.feed.publish(ApplicationsChanged(new_id))
        return application

    def ensure_client(self, application_id: int, name: str, secret: str, redirect_uris: list[str]) -> None:
        """Make or correct the application that people sign in with."""
        application = Application(application_id, name, MARA, secret, redirect_uris=redirect_uris)
        self._core.state.applications[application_id] = application
        self._core.feed.publish(ApplicationsChanged(application_id))

    def set_intents(self, application_id: int, intents: int) -> None:
        """Switch the limited gateway intents to exactly these bits."""
        self.get(application_id).intents = intents
        self._core.feed.publish(ApplicationsChanged(application_id))

    def describe(self, application_id: int, description: str) -> None:
        """Change an application's description."""
        self.get(application_id).description = description
        self._core.feed.publish(ApplicationsChanged(application_id))

    def set_interactions_url(self, application_id: int, url: str) -> None:
        """Say where commands are sent instead of to the gateway; empty for nowhere else."""
        self.get(application_id).interactions_url = url
        self._core.feed.publish(ApplicationsChanged(application_id))

    def reset_token(self, application_id: int) -> str:
        """Replace a bot's token and give the new one. The old one is dead at once."""
        application = self.get(application_id)
        application.token = tokens.bot_token(application_id)
        self._core.feed.publish(TokenReset(application_id))
        return application.token

    def count_start(self, application_id: int) -> bool:
        """Count one IDENTIFY. When none is left the token is replaced, and the answer is False.

        Discord does the same: "all active sessions will be terminated, your bot token will be reset"
        (Discord docs, "Gateway" > "Session Start Limit").
        """
        if self.starts_left(application_id)[0] <= 0:
            self.reset_token(application_id)
            return False
        application = self.get(application_id)
        if not application.starts or application.starts_since is None:
            application.starts_since = self._core.clock.now()
        application.starts += 1
        self._core.feed.publish(ApplicationsChanged(application_id))
        return True

    def set_starts(self, application_id: int, used: int) -> None:
        """Say how many IDENTIFYs were used today, to see what happens near the end of them."""
        application = self.get(application_id)
        application.starts, application.starts_since = used, self._core.clock.now()
        self._core.feed.publish(ApplicationsChanged(application_id))

    def starts_left(self, application_id: int) -> tuple[int, float]:
        """Give how many IDENTIFYs are left, and the seconds until all of them are back."""
        application, total = self.get(application_id), self._core.limits.session_starts
        if application.starts_since is None:
            return total, 0.0
        left = _DAY - (self._core.clock.now() - application.starts_since).total_seconds()
        if left <= 0:
            application.starts, application.starts_since = 0, None
            return total, 0.0
        return total - application.starts, left

    def set_sharding(
        self,
        application_id: int,
        *,
        shards: int | None = None,
        max_concurrency: int | None = None,
        guilds_per_shard: int | None = None,
    ) -> None:
        """Say how many shards are recommended, and what holds for their starts; None leaves it."""
        application = self.get(application_id)
        application.shards = shards or application.shards
        application.max_concurrency = max_concurrency or application.max_concurrency
        application.guilds_per_shard = guilds_per_shard or application.guilds_per_shard
        self._core.feed.publish(ApplicationsChanged(application_id))

    def max_concurrency(self, application_id: int) -> int:
        """Give how many shards of a bot may start a session at the same moment."""
        return self.get(application_id).max_concurrency or self._core.limits.max_concurrency

    def guilds_per_shard(self, application_id: int) -> int:
        """Give how many guilds one session of a bot may have."""
        return self.get(application_id).guilds_per_shard or self._core.limits.guilds_per_shard

    def is_online(self, application_id: int) -> bool:
        """Tell whether a bot has a live gateway session."""
        return application_id in self._online

    def presence_of(self, application_id: int) -> Presence:
        """Give what a bot shows of itself while it is online."""
        return self._online.get(application_id, _ONLINE)

    def set_online(self, application_id: int, *, online: bool, presence: Presence = _ONLINE) -> None:
        """Note that a bot came or went, or shows something else; told only when it changes."""
        old = self._online.get(application_id)
        new = presence if online else None
        if new == old:
            return
        if new is None:
            del self._online[application_id]
        else:
            self._online[application_id] = new
        self._core.feed.publish(PresenceChanged(application_id, online, presence))
