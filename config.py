"""Reads the environment once, at a door, and gives Settings. Nothing else looks at `os.environ`."""

import os
import shlex
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from socialcube.kernel.secrets import Secret
from socialcube.kernel.setting_parsers import folder, is_loopback, sealing_keys
from socialcube.kernel.setting_specs import OPENING_KEY, OPENING_KEY_FILE, OPENING_KEY_SHARED
from socialcube.kernel.settings import BadSettingsError, Settings
from socialcube.kernel.settings_builder import build_settings

PROJECT: Final = Path(__file__).resolve().parent
EXIT_BAD_SETTINGS: Final = 78  # EX_CONFIG of sysexits.h


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read every setting from `environ`, by default from the environment of this process.

    Raises:
        BadSettingsError: with one sentence for each setting that cannot be used.
    """
    settings = build_settings(_environment() if environ is None else environ, PROJECT)
    if environ is None and _is_plain_loopback(settings.discord.token_url):
        # oauthlib refuses to speak plain http, and this variable is the only way to tell it that the
        # traffic never leaves the machine (oauthlib/oauth2/rfc6749/utils.py).
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    return settings


def load_opening_keys(environ: Mapping[str, str] | None = None) -> tuple[Secret, ...]:
    """Read the private keys that open bot tokens, as `key id:base64`, the newest first.

    Only `bot_runner.py` calls this. The keys come from TOKEN_OPENING_KEY, or from the file that
    TOKEN_OPENING_KEY_FILE names (`keys/opening.key` in VAR_DIR by default), one to a line.

    Raises:
        BadSettingsError: the keys are missing, malformed, or readable by other users.
    """
    variables = _environment() if environ is None else environ
    name, text = OPENING_KEY, variables.get(OPENING_KEY, "")
    if not text:
        name = OPENING_KEY_FILE
        text = _read_private(_key_file(variables))
    try:
        return tuple(Secret(entry) for entry in sealing_keys(",".join(text.split())))
    except ValueError as error:
        raise BadSettingsError([f"{name} must hold {error}."]) from None


def refuse_opening_key(environ: Mapping[str, str] | None = None, *, is_serving: bool = True) -> None:
    """Make sure that this process cannot see the opening key. Web and worker call it first.

    In production a process that serves must not be able to read the key's file either, unless the owner of
    the installation accepts that. `make run` does: all its processes belong to one person.

    Args:
        environ: of this process by default.
        is_serving: False for a command that somebody types, who may well be the owner of the file.

    Raises:
        BadSettingsError: it can.
    """
    if (os.environ if environ is None else environ).get(OPENING_KEY):
        problem = f"{OPENING_KEY} is for bot_runner.py alone; take it out of this process's environment."
        raise BadSettingsError([problem])
    variables = _environment() if environ is None else environ
    is_accepted = variables.get(OPENING_KEY_SHARED, "").lower() == "yes"
    if not is_serving or is_accepted or (variables.get("SOCIALCUBE_ENV") or "production") != "production":
        return
    path = _key_file(variables)
    if os.access(path, os.R_OK):
        problem = (
            f"This process can read the opening key {path}, so whoever breaks into it could open every bot "
            f"token. Run `bots` as a user of its own whom alone the file belongs to, or set "
            f"{OPENING_KEY_SHARED}=yes to accept that."
        )
        raise BadSettingsError([problem])


@contextmanager
def exit_on_bad_settings() -> Iterator[None]:
    """End the process with a line for each bad setting instead of a traceback. For the doors."""
    try:
        yield
    except BadSettingsError as error:
        lines = [
            "Social Cube cannot start with these settings:",
            *(f"  - {problem}" for problem in error.problems),
        ]
        sys.stderr.write("\n".join([*lines, error.remedy, ""]))
        raise SystemExit(EXIT_BAD_SETTINGS) from None


def _environment() -> dict[str, str]:
    """Give the environment, over the file that `make run` wrote when nobody said what this place is.

    So `flask --app wsgi …` in another terminal finds what `make run` uses, while a process started
    with SOCIALCUBE_ENV, as in production, never reads a file it was not told about.
    """
    real = dict(os.environ)
    if "SOCIALCUBE_ENV" in real:
        return real
    return read_env_file(var_folder(real) / ".env") | real


def var_folder(variables: Mapping[str, str]) -> Path:
    """Give the folder that VAR_DIR names, as `Settings.var_dir` has it, before all settings are read."""
    return PROJECT / folder(variables.get("VAR_DIR") or "var")


def read_env_file(path: Path) -> dict[str, str]:
    """Read `NAME=value` lines, shell quotes allowed. A file that is absent is empty.

    Raises:
        BadSettingsError: it is no text, or a quote in it is never closed; says in which line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise BadSettingsError([f"{path} must be UTF-8 text with NAME=value lines."]) from None
    words = (word for number, line in enumerate(lines, 1) for word in _split_words(path, number, line))
    return {name: value for name, found, value in (word.partition("=") for word in words) if found}


def _split_words(path: Path, number: int, line: str) -> list[str]:
    """Split one line as a shell does. The line may hold a secret, so it is named and not shown."""
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        problem = f"Line {number} of {path} has an open quote or ends in a backslash."
        raise BadSettingsError([problem]) from None


def _key_file(variables: Mapping[str, str]) -> Path:
    named = variables.get(OPENING_KEY_FILE)
    return PROJECT / folder(named) if named else var_folder(variables) / "keys" / "opening.key"


def _read_private(path: Path) -> str:
    """Read a key file, refusing one that other users could read too."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise BadSettingsError([f"The opening key {path} cannot be read; bin/keys makes one."]) from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadSettingsError([f"The opening key {path} is open to other users; run: chmod 600 {path}"])
    return text


def _is_plain_loopback(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and is_loopback(parts.hostname or "")
