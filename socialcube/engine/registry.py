"""All actions by name, found in `actions/`: a new file there is a new action."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, Final

from socialcube.engine import actions
from socialcube.engine.action import Action


def find_action(name: str) -> Action[Any] | None:
    """Give the action of that name, or None."""
    return ACTIONS.get(name)


def _discover() -> Iterator[Action[Any]]:
    for found in pkgutil.iter_modules(actions.__path__, f"{actions.__name__}."):
        yield from _actions_of(importlib.import_module(found.name))


def _actions_of(module: ModuleType) -> Iterator[Action[Any]]:
    for _, value in inspect.getmembers(module, inspect.isclass):
        if issubclass(value, Action) and value.__module__ == module.__name__:
            yield value()


ACTIONS: Final[Mapping[str, Action[Any]]] = MappingProxyType({action.name: action for action in _discover()})
"""Every action, sorted by the name of its file."""
