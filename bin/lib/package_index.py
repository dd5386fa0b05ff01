"""Tells uv which package index pip was told to use. Standard library only.

uv reads no pip configuration (docs.astral.sh/uv, "Compatibility with pip"), so a machine that is set
up for a mirror, an offline folder or an own certificate would otherwise be asked for a second setup.
"""

import ast
import subprocess
from pathlib import Path

#: pip's option, uv's variable, and what separates several values there.
_REPLACING = {"index-url": ("UV_DEFAULT_INDEX", " "), "cert": ("SSL_CERT_FILE", " ")}
_OFFLINE = {"no-index": ("UV_NO_INDEX", " "), "find-links": ("UV_FIND_LINKS", ",")}


def uv_environment(python: Path) -> dict[str, str]:
    """Give the variables for uv that mean what `python -m pip config list` says."""
    command = [str(python), "-m", "pip", "config", "list"]
    listed = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    return translate(listed)


def translate(listed: str) -> dict[str, str]:
    """Translate lines like `global.index-url='https://…'`; later lines win, as they do in pip.

    Extra indexes are left out: they add packages that the locks do not name, while uv's cache is
    kept per set of indexes, so that naming them costs every download once more.
    """
    options: dict[str, str] = {}
    for line in listed.splitlines():
        key, found, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if found and section in {"global", "install", ":env:"}:
            options[name] = _text(value)
    wanted = _REPLACING | (_OFFLINE if options.get("no-index") else {})
    return {
        variable: separator.join(options[name].split())
        for name, (variable, separator) in wanted.items()
        if options.get(name)
    }


def _text(literal: str) -> str:
    try:
        return str(ast.literal_eval(literal))
    except (SyntaxError, ValueError):
        return literal
