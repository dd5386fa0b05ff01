"""Every address of an application, so that a test can ask all of them the same question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule

from socialcube.web import guard
from socialcube.web.auth.csrf import UNSAFE_METHODS
from socialcube.web.guard import Mark

NOBODY: Final = str(UUID(int=7))
_SAMPLES: Final = {
    "UUIDConverter": NOBODY,
    "IntegerConverter": "7",
    "PathConverter": "a/b",
    "UnicodeConverter": "some",
}


@dataclass(frozen=True)
class Door:
    """One rule of the URL map.

    Attributes:
        methods: without HEAD and OPTIONS, which werkzeug adds.
        mark: whom its view is for; None when somebody forgot to say.
        asks_recent: whether its view asks for a recent sign-in.
    """

    rule: Rule = field(repr=False)
    path_rule: str
    endpoint: str
    methods: frozenset[str]
    mark: Mark | None
    asks_recent: bool

    @property
    def unsafe_methods(self) -> list[str]:
        """Give the methods that may change something, sorted."""
        return sorted(self.methods & UNSAFE_METHODS)

    @property
    def is_file(self) -> bool:
        """Tell whether it gives files of the panel itself."""
        return self.endpoint.rpartition(".")[2] == "static"

    @property
    def is_api(self) -> bool:
        """Tell whether programs with a key come in here, and browsers do not."""
        return self.path_rule.startswith("/api/")

    def path(self, values: Mapping[str, str] | None = None) -> str:
        """Give an address, with these values where it has such variables and something fitting elsewhere."""
        given = values or {}
        filled = {
            name: given.get(name)
            or next(iter(getattr(kind, "items", [])), None)
            or _SAMPLES.get(type(kind).__name__, "some")
            for name, kind in self.rule._converters.items()
        }
        built = self.rule.build(filled)
        assert built is not None, self.path_rule
        return built[1]


def list_doors(app: Flask) -> list[Door]:
    """List every rule, in the order of their addresses."""
    found = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        methods = frozenset(rule.methods or ()) - {"HEAD", "OPTIONS"}
        asks = guard.asks_recent(view)
        found.append(Door(rule, rule.rule, rule.endpoint, methods, guard.mark_of(view), asks))
    return sorted(found, key=lambda door: (door.path_rule, sorted(door.methods)))
