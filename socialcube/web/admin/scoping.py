"""Conditions that keep rows to the bots somebody may see."""

from typing import Any

from sqlalchemy import ColumnElement, false, true

from socialcube.domain.access.types import Scope


def within_bots(column: Any, scope: Scope) -> ColumnElement[bool]:
    """Give the condition that a column of bot keys names a bot of the scope."""
    return true() if scope.is_all else column.in_(scope.bot_ids)


def on_site(scope: Scope) -> ColumnElement[bool]:
    """Give the condition of rows that belong to the whole site: all of them or none."""
    return true() if scope.is_all else false()
