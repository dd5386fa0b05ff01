"""Reads a Procfile as honcho does."""

from pathlib import Path

from honcho.environ import parse_procfile


def read_procfile(path: Path) -> dict[str, str]:
    """Give the command of each process type, in the file's order."""
    return dict(parse_procfile(path.read_text(encoding="utf-8")).processes)
