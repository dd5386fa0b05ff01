"""What settings say about each other: defaults that follow from others, and pairs that do not fit."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from socialcube.kernel.setting_parsers import is_loopback

_RENEWALS_PER_LEASE: Final = 3
_MIN_CONTROL_KEY_LENGTH: Final = 16


def local_defaults(given: Mapping[str, str]) -> dict[str, str]:
    """Give the defaults that the sandbox and the embedded Redis bring, as templates.

    The database's default follows the Discord it belongs to, so that trying the real one after the
    sandbox starts with an empty database instead of a refusal.
    """
    defaults: dict[str, str] = {}
    port = given.get("SANDBOX_PORT", "")
    if port.isdecimal() and not {"DISCORD_CLIENT_ID", "DISCORD_API_BASE_URL"} & given.keys():
        defaults |= {
            "DATABASE_URL": "sqlite:///{VAR_DIR}/sandbox.db",
            "DISCORD_API_BASE_URL": f"http://127.0.0.1:{port}/api/v10",
            "DISCORD_AUTHORIZE_URL": f"http://127.0.0.1:{port}/oauth2/authorize",
            "DISCORD_TOKEN_URL": f"http://127.0.0.1:{port}/api/oauth2/token",
            "DISCORD_CDN_URL": f"http://127.0.0.1:{port}",
            "DISCORD_CLIENT_ID": _literal(given.get("SANDBOX_CLIENT_ID", "")),
            "DISCORD_CLIENT_SECRET": _literal(given.get("SANDBOX_CLIENT_SECRET", "")),
        }
    port = given.get("EMBEDDED_REDIS_PORT", "")
    if port.isdecimal() and "REDIS_URL" not in given:
        password = _literal(given.get("EMBEDDED_REDIS_PASSWORD", ""))
        on_port = f"redis://:{password}@127.0.0.1:{port}/0"
        defaults["REDIS_URL"] = on_port if int(port) else "unix://{VAR_DIR}/redis.sock"
    return defaults


def problems_between(values: Mapping[str, Any]) -> list[str]:
    """Give a sentence for each rule that settings break together. Skip rules on missing ones."""
    problems = []
    for rule in _RULES:
        try:
            problem = rule(values)
        except KeyError:
            # That setting could not be parsed and has a sentence of its own.
            continue
        if problem:
            problems.append(problem)
    return problems


def _client_pair(values: Mapping[str, Any]) -> str | None:
    if bool(values["DISCORD_CLIENT_ID"]) == bool(values["DISCORD_CLIENT_SECRET"]):
        return None
    return "DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET belong together: set both, or neither."


def _mail_sender(values: Mapping[str, Any]) -> str | None:
    if values["MAIL_FROM"] or not values["SMTP_URL"]:
        return None
    return "SMTP_URL needs MAIL_FROM, the address that mails come from: set both, or neither."


def _renewal(values: Mapping[str, Any]) -> str | None:
    if values["BOT_RENEW_SECONDS"] * _RENEWALS_PER_LEASE <= values["BOT_LEASE_SECONDS"]:
        return None
    return "BOT_RENEW_SECONDS must be at most a third of BOT_LEASE_SECONDS, or one late renewal costs it."


def _public_address(values: Mapping[str, Any]) -> str | None:
    if is_loopback(values["HOST"]) or values["PUBLIC_URL"].startswith("https://"):
        return None
    return (
        f"HOST is {values['HOST']}, which others can reach, so PUBLIC_URL must be the panel's https address."
    )


def _control_key(values: Mapping[str, Any]) -> str | None:
    if not values["SANDBOX_PORT"] or len(values["SANDBOX_CONTROL_KEY"].reveal()) >= _MIN_CONTROL_KEY_LENGTH:
        return None
    return f"SANDBOX_CONTROL_KEY must be random text of at least {_MIN_CONTROL_KEY_LENGTH} characters."


def _private_sandbox(values: Mapping[str, Any]) -> str | None:
    sandboxed = (
        values["SANDBOX_PORT"] and urlsplit(values["DISCORD_API_BASE_URL"]).port == values["SANDBOX_PORT"]
    )
    if not sandboxed or (is_loopback(values["HOST"]) and values["SOCIALCUBE_ENV"] == "development"):
        return None
    return "SANDBOX_PORT needs SOCIALCUBE_ENV=development and a loopback HOST: anyone may enter the sandbox."


def _embedded_password(values: Mapping[str, Any]) -> str | None:
    if not values["EMBEDDED_REDIS_PORT"] or values["EMBEDDED_REDIS_PASSWORD"]:
        return None
    return "EMBEDDED_REDIS_PASSWORD must be set when EMBEDDED_REDIS_PORT is a port."


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


_RULES: Final[tuple[Callable[[Mapping[str, Any]], str | None], ...]] = (
    _client_pair,
    _mail_sender,
    _renewal,
    _public_address,
    _control_key,
    _private_sandbox,
    _embedded_password,
)
