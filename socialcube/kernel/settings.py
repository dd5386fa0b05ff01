"""The shape of the settings. `config.py` fills it from the environment, once, at a door."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from socialcube.kernel.errors import SocialCubeError
from socialcube.kernel.secrets import Secret


class BadSettingsError(SocialCubeError):
    """Social Cube cannot start with these settings: {summary}"""  # noqa: D415 - the sentences end themselves

    code = "bad_settings"
    remedy = (
        "Correct them all in the environment, then start again. docs/reference/settings.md explains each."
    )

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(summary=" ".join(self.problems))


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """Where Discord is, and who we are there.

    Attributes:
        api_base_url: REST root with its version, like `https://discord.com/api/v10`, no slash at the end.
        authorize_url: page of the consent screen, opened by browsers.
        token_url: OAuth2 token endpoint, called by the web.
        cdn_url: where pictures are, like `https://cdn.discordapp.com`, no slash at the end.
        client_id: the OAuth2 application's id, empty when signing in is not configured.
        client_secret: the OAuth2 application's secret.
    """

    api_base_url: str
    authorize_url: str
    token_url: str
    cdn_url: str
    client_id: str
    client_secret: Secret

    @property
    def origin(self) -> str:
        """Give scheme and host of the API: what a database belongs to, like `https://discord.com`."""
        parts = urlsplit(self.api_base_url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the web process listens.

    Attributes:
        host: address to bind, loopback by default.
        port: TCP port of the panel.
        public_url: the panel's address as people type it, no slash at the end.
        concurrency: forked processes that share the socket.
        api_requests_per_minute: of one API key, over all of these processes.
        allowed_hosts: values of the Host header that are answered, in lower case, without ports.
        trusted_proxies: proxies in front whose X-Forwarded headers are believed.
        drain_seconds: how long requests in flight get at SIGTERM.
        socket_mode: how Socket.IO waits, in its own words: `eventlet` or `threading`.
    """

    host: str
    port: int
    public_url: str
    concurrency: int
    allowed_hosts: frozenset[str]
    trusted_proxies: int
    drain_seconds: float
    socket_mode: str = "eventlet"
    api_requests_per_minute: int = 600


@dataclass(frozen=True, slots=True)
class FleetSettings:
    """How a runner owns bots.

    Attributes:
        lease_seconds: silence of a runner, by the clocks of the others, after which they take its bots.
        renew_seconds: how often all leases are renewed, in one statement.
        reconcile_seconds: how often desired and observed state are compared without a hint.
        max_bots: bots that one runner takes at most; each shard of a bot counts.
        drain_seconds: how long a runner takes at most to hand over at SIGTERM.
        starts_per_second: session starts of all runners together.
        address: the network address that this runner calls Discord from; empty for the name of the machine.
    """

    lease_seconds: float
    renew_seconds: float
    reconcile_seconds: float
    max_bots: int
    drain_seconds: float
    starts_per_second: float = 50.0
    address: str = ""


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """Days that log rows are kept, per stream."""

    commands: int
    bot_events: int
    requests: int
    errors: int
    audit: int

    @property
    def longest(self) -> int:
        """Give the days of whatever is kept longest."""
        return max(self.commands, self.bot_events, self.requests, self.errors, self.audit)


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """How long is waited before people are bothered.

    Attributes:
        grace_seconds: that a bot is down before anybody is told.
        recovery_seconds: that it is well before people are told that it is back.
    """

    grace_seconds: float = 60.0
    recovery_seconds: float = 120.0


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail leaves.

    Attributes:
        url: of the server, `smtp://…` or `smtps://…`, with user and password if it asks for them. Empty in
            processes that only have to know that mail is set up.
        sender: the address that mails come from.
    """

    url: Secret
    sender: str


SANDBOX_KEY_HEADER: Final = "X-Sandbox-Key"
"""The header that opens the sandbox's control door."""


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """The local Discord stand-in, when it is used.

    Attributes:
        host: loopback address it binds.
        port: TCP port of its REST API, gateway, consent page and chat.
        control_key: value of `SANDBOX_KEY_HEADER` that opens its control door.
    """

    host: str
    port: int
    control_key: Secret


@dataclass(frozen=True, slots=True)
class EmbeddedRedisSettings:
    """The Redis-compatible server that `make run` starts.

    Attributes:
        socket_path: its socket, when `port` is 0.
        port: its TCP port on loopback, or 0.
        password: what it asks for on a port.
    """

    socket_path: Path
    port: int
    password: Secret


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the environment decides.

    Attributes:
        environment: `development` or `production`.
        var_dir: folder for the journal, lock files and embedded servers' data, mode 0700.
        database_url: SQLAlchemy URL, `sqlite:///…` or `postgresql://…`.
        redis_url: `redis://`, `rediss://` or `unix://` URL.
        secret_keys: signing keys of the web, the newest first.
        audit_keys: signing keys of the audit log, the newest first; none to use those of the web.
        alerts: how long is waited before people are bothered.
        mail: how mail leaves, or None where it does not.
        metrics_token: what opens `/metrics`; empty to open it to programs on this machine alone.
        key_peppers: what API keys are stored under, the newest first; none to use the keys of the web.
        sealing_keys: public keys for bot tokens as `key id:base64`, the newest first.
        sandbox: the sandbox Discord, or None when another Discord is used.
        embedded_redis: the embedded server, or None when `REDIS_URL` named another.
        log_level: least level that the processes print.
        socketio_channel: the one name of the Socket.IO channel in Redis.
        admin_ids: Discord ids of the people who own the site as soon as they sign in.
    """

    environment: str
    var_dir: Path
    database_url: Secret
    redis_url: Secret
    secret_keys: tuple[Secret, ...]
    sealing_keys: tuple[str, ...]
    discord: DiscordSettings
    web: WebSettings
    fleet: FleetSettings
    retention: RetentionSettings
    sandbox: SandboxSettings | None
    embedded_redis: EmbeddedRedisSettings | None = None
    log_level: str = "INFO"
    socketio_channel: str = "socialcube"
    admin_ids: frozenset[int] = frozenset()
    audit_keys: tuple[Secret, ...] = ()
    key_peppers: tuple[Secret, ...] = ()
    alerts: AlertSettings = AlertSettings()
    mail: MailSettings | None = None
    metrics_token: Secret = field(default=Secret(""))

    @property
    def audit_secrets(self) -> tuple[Secret, ...]:
        """Give what the audit log is signed and checked with: what signed before the first one stays good."""
        return (*self.audit_keys, *self.secret_keys)

    @property
    def key_secrets(self) -> tuple[Secret, ...]:
        """Give what API keys are stored under: those stored before the first pepper came still open."""
        return (*self.key_peppers, *self.secret_keys)

    @property
    def is_production(self) -> bool:
        """Tell whether this is a deployment that others reach."""
        return self.environment == "production"
