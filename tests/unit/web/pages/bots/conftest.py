from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from socialcube.domain.bots.types import DesiredState
from tests.factories.bots import make_bot
from tests.unit.web.conftest import Site

MakeBot = Callable[..., UUID]


@pytest.fixture
def add_bot(site: Site) -> MakeBot:
    """Give a way to store a bot; it is wanted and nobody runs it."""

    def add(name: str = "Fern", **changes: Any) -> UUID:
        with site.unit() as uow:
            values: dict[str, Any] = {"desired_state": DesiredState.RUNNING} | changes
            bot = make_bot(uow.session, name=name, **values)
            uow.commit()
            return bot.id

    return add
