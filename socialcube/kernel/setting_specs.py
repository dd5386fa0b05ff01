"""Every setting, declared once. Parsing and docs/reference/settings.md are both made from this table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from socialcube.kernel import setting_parsers as parse


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One environment variable.

    Attributes:
        name: the variable.
        default: text used when the variable is absent or empty; `{OTHER}` stands for an earlier value.
            None means that there is no default and the variable must be set.
        unit: what the value counts or is written as.
        parse: turns the text into the value, or raises ValueError saying what was expected.
        effect: a sentence or two for the reader of the reference.
        hidden: whether the value stays out of messages.
    """

    name: str
    default: str | None
    unit: str
    parse: Callable[[str], object]
    effect: str
    hidden: bool = False


_PORT = parse.whole(1, 65535)
_DAYS = parse.whole(1, 3650)

# One setting reads as one paragraph, which the formatter would spread over ten lines.
# fmt: off
_PLACE = (
    SettingSpec("SOCIALCUBE_ENV", "production", "word", parse.one_of("development", "production"),
        "What this installation is. `make run` chooses `development` for your own machine."),
    SettingSpec("VAR_DIR", "var", "folder", parse.folder,
        "Holds the SQLite file, the crash journal, lock files and keys. A relative path starts at the "
        "checkout."),
    SettingSpec("LOG_LEVEL", "INFO", "word", parse.one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        "The least level that the processes print."),
)
_STORES = (
    SettingSpec("DATABASE_URL", "sqlite:///{VAR_DIR}/socialcube.db", "URL", parse.database_url,
        "The database: SQLite for one machine and a small fleet, PostgreSQL for all else. `postgres://` "
        "is understood. While the sandbox is used the default is `sandbox.db` in the same folder.",
        hidden=True),
    SettingSpec("REDIS_URL", "redis://127.0.0.1:6379/0", "URL", parse.redis_url,
        "The Redis-compatible server: `redis://`, `rediss://` or `unix://`. It must not evict keys. While "
        "the embedded server is used the default is that one.", hidden=True),
    SettingSpec("EMBEDDED_REDIS_PORT", "", "TCP port", parse.optional_whole(0, 65535),
        "Set by `make run` and used unless `REDIS_URL` is set: 0 for the socket `redis.sock` in "
        "`VAR_DIR`, which only you can open, or a port on loopback when that path is too long for a "
        "socket."),
    SettingSpec("EMBEDDED_REDIS_PASSWORD", "", "text", parse.secret,
        "Asked for by the embedded server when it listens on a port.", hidden=True),
    SettingSpec("SOCKETIO_CHANNEL", "socialcube", "name", parse.text,
        "The Socket.IO channel in Redis. Give each installation its own when several share one Redis."),
)
_KEYS = (
    SettingSpec("SECRET_KEY", None, "list, newest first", parse.secret_keys,
        "Signs what the web hands to browsers. To rotate, put the new key in front and drop the old one a "
        "day later.", hidden=True),
    SettingSpec("AUDIT_KEY", "", "list, newest first", parse.optional_secret_keys,
        "Signs the audit log; every process needs the same. Without it `SECRET_KEY` does, and then an old "
        "`SECRET_KEY` must be put here before it is dropped, or the entries it signed can no longer be "
        "checked.", hidden=True),
    SettingSpec("API_KEY_PEPPER", "", "list, newest first", parse.optional_secret_keys,
        "Makes stored API keys useless to whoever reads or writes the database alone. Without it "
        "`SECRET_KEY` does. To rotate either, put the new one in front: a key moves over when it is used "
        "next, and one that was not used until the old one is dropped must be made anew.", hidden=True),
    SettingSpec("TOKEN_SEALING_KEYS", None, "list, newest first", parse.sealing_keys,
        "Public keys, `key id:base64`, to which bot tokens are sealed. They can close a token, not open "
        "it.", hidden=True),
)
_DISCORD = (
    SettingSpec("DISCORD_CLIENT_ID", "", "application id", parse.text,
        "The OAuth2 application for “Login with Discord”. Setting it turns the sandbox off."),
    SettingSpec("DISCORD_CLIENT_SECRET", "", "text", parse.secret,
        "The secret of that application.", hidden=True),
    SettingSpec("DISCORD_API_BASE_URL", "https://discord.com/api/v10", "URL", parse.web_url,
        "Root of the REST API with its version. Point it at any compatible server."),
    SettingSpec("DISCORD_AUTHORIZE_URL", "https://discord.com/oauth2/authorize", "URL", parse.web_url,
        "The consent page that browsers open."),
    SettingSpec("DISCORD_TOKEN_URL", "https://discord.com/api/oauth2/token", "URL", parse.web_url,
        "The token endpoint that the web calls."),
    SettingSpec("DISCORD_CDN_URL", "https://cdn.discordapp.com", "URL", parse.web_url,
        "Where pictures of bots, people and servers are. The web fetches them; browsers never do."),
    SettingSpec("ADMIN_DISCORD_IDS", "", "list of ids", parse.snowflakes,
        "People who own this site as soon as they sign in, by their Discord id. Taking one out takes "
        "nothing away: roles are taken back in the panel."),
    SettingSpec("SANDBOX_PORT", "", "TCP port", parse.optional_whole(1, 65535),
        "Port of the sandbox Discord on loopback, set by `make run`. Used while neither "
        "`DISCORD_CLIENT_ID` nor `DISCORD_API_BASE_URL` names another Discord."),
    SettingSpec("SANDBOX_CONTROL_KEY", "", "text", parse.secret,
        "Opens the sandbox's control door.", hidden=True),
    SettingSpec("SANDBOX_CLIENT_ID", "", "application id", parse.text,
        "The panel's OAuth2 application in the sandbox."),
    SettingSpec("SANDBOX_CLIENT_SECRET", "", "text", parse.secret,
        "The secret of that application.", hidden=True),
)
_WEB = (
    SettingSpec("HOST", "127.0.0.1", "address", parse.text,
        "Address on which the panel listens. Beyond loopback `PUBLIC_URL` must be https."),
    SettingSpec("PORT", "5000", "TCP port", _PORT,
        "Port of the panel."),
    SettingSpec("PUBLIC_URL", "http://127.0.0.1:{PORT}", "URL", parse.web_url,
        "The panel's address as people type it. Links and the sign-in's redirect start with it."),
    SettingSpec("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]", "list of names", parse.names,
        "Values of the Host header that are answered beside the host of `PUBLIC_URL`."),
    SettingSpec("TRUSTED_PROXIES", "0", "proxies", parse.whole(0, 5),
        "How many proxies in front of the panel may say where a request came from. 1 on Heroku."),
    SettingSpec("API_REQUESTS_PER_MINUTE", "600", "requests", parse.whole(1, 1_000_000),
        "How often one API key may ask within a minute, over all web processes."),
    SettingSpec("WEB_CONCURRENCY", "1", "processes", parse.whole(1, 64),
        "Web processes that share the port."),
    SettingSpec("WEB_DRAIN_SECONDS", "20", "seconds", parse.seconds(0, 300),
        "How long requests in flight get when the web is asked to stop."),
    SettingSpec("SOCKETIO_ASYNC_MODE", "eventlet", "word", parse.one_of("eventlet", "threading"),
        "How Socket.IO waits. `threading` is for looking into a fault: the rest of the web stays as it is."),
)
_FLEET = (
    SettingSpec("BOT_LEASE_SECONDS", "20", "seconds", parse.seconds(1, 3600),
        "How long a runner may be silent. When a machine dies its bots move once this has passed."),
    SettingSpec("BOT_RENEW_SECONDS", "5", "seconds", parse.seconds(0.1, 600),
        "How often a runner says that it lives. At most a third of the lease."),
    SettingSpec("BOT_RECONCILE_SECONDS", "5", "seconds", parse.seconds(0.1, 600),
        "How often a runner compares what should run with what runs, when no hint came."),
    SettingSpec("BOT_RUNNER_LIMIT", "500", "bots", parse.whole(1, 10000),
        "Bots that one runner takes at most. Each shard of a large bot counts as one."),
    SettingSpec("BOT_DRAIN_SECONDS", "20", "seconds", parse.seconds(0, 300),
        "How long a runner takes at most to hand over when it is asked to stop. Running commands get five "
        "seconds less."),
    SettingSpec("FLEET_STARTS_PER_SECOND", "50", "starts", parse.whole(1, 1000),
        "How many bots all runners together connect within a second, so that a restart of everything is "
        "no flood. Bots that go on with their session do not wait."),
    SettingSpec("FLEET_ADDRESS", "", "name", parse.text,
        "Names the network address from which this runner calls Discord; the machine's name without it. "
        "Discord blocks an address that causes too many errors, so runners that share one must name it "
        "alike: they then slow down together, in time."),
)
_ALERTS = (
    SettingSpec("ALERT_GRACE_SECONDS", "60", "seconds", parse.seconds(0, 3600),
        "How long a bot may be down before anybody is told, so that a restart or a deployment tells nobody."),
    SettingSpec("ALERT_RECOVERY_SECONDS", "120", "seconds", parse.seconds(0, 3600),
        "How long a bot must be well before people are told that it is back."),
    SettingSpec("SMTP_URL", "", "URL", parse.smtp_url,
        "The mail server for alerts: `smtp://user:password@host:587`, which must offer STARTTLS unless it is "
        "on this machine, or `smtps://…:465`. Signs like `@` and `/` in a password are written `%40` and "
        "`%2F`. Only the worker sends mail, so no other process needs to know this.", hidden=True),
    SettingSpec("MAIL_FROM", "", "address", parse.mail_address,
        "The sender of these mails. It also tells the web that mail is set up."),
    SettingSpec("METRICS_TOKEN", "", "text", parse.metrics_token,
        "What Prometheus sends as `Authorization: Bearer …` to read `/metrics`. Without it only programs on "
        "this machine may.", hidden=True),
)
_RETENTION = (
    SettingSpec("RETENTION_COMMANDS_DAYS", "90", "days", _DAYS,
        "How long command runs are kept."),
    SettingSpec("RETENTION_BOT_EVENTS_DAYS", "30", "days", _DAYS,
        "How long bot events are kept."),
    SettingSpec("RETENTION_REQUESTS_DAYS", "14", "days", _DAYS,
        "How long web requests are kept."),
    SettingSpec("RETENTION_ERRORS_DAYS", "90", "days", _DAYS,
        "How long errors are kept."),
    SettingSpec("RETENTION_AUDIT_DAYS", "365", "days", _DAYS,
        "How long the audit log is kept."),
)
# fmt: on

#: Sections of the reference in reading order. A default may only name a setting above it.
SECTIONS: Final[dict[str, tuple[SettingSpec, ...]]] = {
    "The installation": _PLACE,
    "Database and Redis": _STORES,
    "Keys": _KEYS,
    "Discord": _DISCORD,
    "Web": _WEB,
    "Fleet": _FLEET,
    "Alerts, mail and metrics": _ALERTS,
    "Retention": _RETENTION,
}

#: The opening key is no ordinary setting: `bot_runner.py` alone may read it.
OPENING_KEY: Final = "TOKEN_OPENING_KEY"
OPENING_KEY_FILE: Final = "TOKEN_OPENING_KEY_FILE"
OPENING_KEY_SHARED: Final = "TOKEN_OPENING_KEY_SHARED"
