"""Documents, programs and contexts for tests."""

from itertools import count
from typing import Any

from socialcube.engine.context import Context
from socialcube.engine.program import Program
from socialcube.engine.validate import parse

_ids = count(1)


def make_step(kind: str, /, **params: Any) -> dict[str, Any]:
    """Make a raw step; `on_error` and child lists (`then`, `otherwise` for `else`) go beside the params."""
    step: dict[str, Any] = {"id": f"s{next(_ids)}", "type": kind}
    for name, key in (("on_error", "on_error"), ("then", "then"), ("otherwise", "else")):
        if name in params:
            step[key] = params.pop(name)
    return step | {"params": params}


def make_reply(text: str = "Hello", **params: Any) -> dict[str, Any]:
    return make_step("reply", text=text, **params)


def make_if(left: str, operator: str = "equals", right: str = "yes", **more: Any) -> dict[str, Any]:
    return make_step("if", conditions=[{"left": left, "operator": operator, "right": right}], **more)


def make_document(*steps: dict[str, Any]) -> dict[str, Any]:
    return {"schema": 1, "steps": list(steps)}


def make_program(*steps: dict[str, Any]) -> Program:
    return parse(make_document(*steps))


def make_context(**changes: Any) -> Context:
    """Make the facts of a run by Ann on the server Home."""
    facts: dict[str, Any] = {
        "user": {"id": "1", "name": "ann", "display_name": "Ann", "mention": "<@1>"},
        "bot": {"id": "2", "name": "Cube", "mention": "<@2>"},
        "server": {"id": "3", "name": "Home"},
        "channel": {"id": "4", "name": "general", "mention": "<#4>"},
    }
    return Context(**(facts | changes))
