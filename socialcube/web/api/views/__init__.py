"""What can be asked of the API, one file for each thing."""

from importlib import import_module
from typing import Final

_MODULES: Final = ("me", "bots", "commands", "command_logs")


def load() -> None:
    """Put every address on the blueprint, in the order in which the document shows them."""
    for name in _MODULES:
        import_module(f"{__name__}.{name}")
