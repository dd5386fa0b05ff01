"""From environment variables to Settings. Pure: `config.py` brings the environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from socialcube.kernel import settings as shape
from socialcube.kernel.setting_rules import local_defaults, problems_between
from socialcube.kernel.setting_specs import SECTIONS, SettingSpec


def build_settings(variables: Mapping[str, str], base: Path) -> shape.Settings:
    """Parse `variables` into Settings; relative paths start at `base`. An empty variable counts as absent.

    Raises:
        BadSettingsError: with one sentence for each setting that cannot be used.
    """
    values = _values(variables, base)
    return shape.Settings(
        environment=values["SOCIALCUBE_ENV"],
        var_dir=values["VAR_DIR"],
        log_level=values["LOG_LEVEL"],
        database_url=values["DATABASE_URL"],
        redis_url=values["REDIS_URL"],
        socketio_channel=values["SOCKETIO_CHANNEL"],
        admin_ids=values["ADMIN_DISCORD_IDS"],
        secret_keys=values["SECRET_KEY"],
        audit_keys=values["AUDIT_KEY"],
        key_peppers=values["API_KEY_PEPPER"],
        sealing_keys=values["TOKEN_SEALING_KEYS"],
        discord=_discord(values),
        web=_web(values),
        fleet=_fleet(values),
        retention=_retention(values),
        alerts=shape.AlertSettings(values["ALERT_GRACE_SECONDS"], values["ALERT_RECOVERY_SECONDS"]),
        mail=shape.MailSettings(values["SMTP_URL"], values["MAIL_FROM"]) if values["MAIL_FROM"] else None,
        metrics_token=values["METRICS_TOKEN"],
        sandbox=_sandbox(values) if values["sandbox"] else None,
        embedded_redis=_embedded_redis(values) if values["embedded_redis"] else None,
    )


def _values(variables: Mapping[str, str], base: Path) -> dict[str, Any]:
    """Parse all settings; give them by name, or raise with everything that is wrong."""
    given = {name: value for name, value in variables.items() if value}
    local = local_defaults(given)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for spec in (spec for section in SECTIONS.values() for spec in section):
        try:
            text = given.get(spec.name) or _default(spec, local, values)
            value = spec.parse(text)
        except KeyError:
            # Its default stands on a setting that has a sentence already.
            continue
        except ValueError as error:
            problems.append(_sentence(spec, given.get(spec.name), str(error)))
            continue
        values[spec.name] = base / value if isinstance(value, Path) else value
    problems += problems_between(values)
    if problems:
        raise shape.BadSettingsError(problems)
    return values | {"sandbox": "DISCORD_API_BASE_URL" in local, "embedded_redis": "REDIS_URL" in local}


def _default(spec: SettingSpec, local: Mapping[str, str], values: Mapping[str, Any]) -> str:
    template = local.get(spec.name, spec.default)
    if template is None:
        raise ValueError("set; bin/keys makes one")
    return template.format_map(values)


def _sentence(spec: SettingSpec, text: str | None, expectation: str) -> str:
    shown = f", not {text!r}" if text and not spec.hidden else ""
    return f"{spec.name} must be {expectation}{shown}."


def _discord(values: Mapping[str, Any]) -> shape.DiscordSettings:
    return shape.DiscordSettings(
        api_base_url=values["DISCORD_API_BASE_URL"],
        authorize_url=values["DISCORD_AUTHORIZE_URL"],
        token_url=values["DISCORD_TOKEN_URL"],
        cdn_url=values["DISCORD_CDN_URL"],
        client_id=values["DISCORD_CLIENT_ID"],
        client_secret=values["DISCORD_CLIENT_SECRET"],
    )


def _web(values: Mapping[str, Any]) -> shape.WebSettings:
    public_host = urlsplit(values["PUBLIC_URL"]).hostname
    return shape.WebSettings(
        host=values["HOST"],
        port=values["PORT"],
        public_url=values["PUBLIC_URL"],
        api_requests_per_minute=values["API_REQUESTS_PER_MINUTE"],
        concurrency=values["WEB_CONCURRENCY"],
        allowed_hosts=values["ALLOWED_HOSTS"] | {public_host},
        trusted_proxies=values["TRUSTED_PROXIES"],
        drain_seconds=values["WEB_DRAIN_SECONDS"],
        socket_mode=values["SOCKETIO_ASYNC_MODE"],
    )


def _fleet(values: Mapping[str, Any]) -> shape.FleetSettings:
    return shape.FleetSettings(
        lease_seconds=values["BOT_LEASE_SECONDS"],
        renew_seconds=values["BOT_RENEW_SECONDS"],
        reconcile_seconds=values["BOT_RECONCILE_SECONDS"],
        max_bots=values["BOT_RUNNER_LIMIT"],
        drain_seconds=values["BOT_DRAIN_SECONDS"],
        starts_per_second=values["FLEET_STARTS_PER_SECOND"],
        address=values["FLEET_ADDRESS"],
    )


def _retention(values: Mapping[str, Any]) -> shape.RetentionSettings:
    return shape.RetentionSettings(
        commands=values["RETENTION_COMMANDS_DAYS"],
        bot_events=values["RETENTION_BOT_EVENTS_DAYS"],
        requests=values["RETENTION_REQUESTS_DAYS"],
        errors=values["RETENTION_ERRORS_DAYS"],
        audit=values["RETENTION_AUDIT_DAYS"],
    )


def _sandbox(values: Mapping[str, Any]) -> shape.SandboxSettings:
    return shape.SandboxSettings("127.0.0.1", values["SANDBOX_PORT"], values["SANDBOX_CONTROL_KEY"])


def _embedded_redis(values: Mapping[str, Any]) -> shape.EmbeddedRedisSettings:
    socket_path = values["VAR_DIR"] / "redis.sock"
    return shape.EmbeddedRedisSettings(
        socket_path, values["EMBEDDED_REDIS_PORT"], values["EMBEDDED_REDIS_PASSWORD"]
    )
