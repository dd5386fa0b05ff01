"""A runner loses the database and keeps Discord: it lets go of its bots before another one takes them."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy.engine import make_url

from socialcube.domain.bots.types import GatewayState
from socialcube.fleet.exit_codes import ExitCode
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import FERN
from tests.support.installation import HELLO, Installation
from tests.support.links import Link
from tests.support.postgres import Cluster, run_name
from tests.support.witnessing import count, most_sessions_at_once

pytestmark = [pytest.mark.processes, pytest.mark.postgres]

BOTS: Final = 4
LEASE_SECONDS: Final = 6.0


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, sandbox: RunningSandbox) -> Iterator[Installation]:
    """Give an installation on PostgreSQL, which one runner can lose while another one keeps it."""
    with ExitStack() as stack:
        url = stack.enter_context(Cluster(run_name()).migrated_database()).reveal()
        yield stack.enter_context(Installation(tmp_path, url, sandbox.api_base_url))


@pytest.fixture
def link(house: Installation) -> Iterator[Link]:
    """Give a wire to the database that can be silenced."""
    url = house.engine.url
    folder = Path(str(url.query.get("host") or url.host or ""))
    target = folder / f".s.PGSQL.{url.port or 5432}" if folder.is_absolute() else int(url.port or 5432)
    with Link(target) as made:
        yield made


def through(link: Link, house: Installation) -> str:
    """Give the address of the database behind the wire."""
    url = make_url(house.engine.url).set(host="127.0.0.1", port=link.port, query={})
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_runner_that_is_cut_off_lets_go_before_the_other_takes_over(
    house: Installation, sandbox: RunningSandbox, link: Link
) -> None:
    bots = [sandbox.control.create_bot(f"Bot {number}", guild_ids=[FERN]) for number in range(BOTS)]
    ids = [house.add_bot(bot, HELLO) for bot in bots]
    cut_off = house.start_runner("first", DATABASE_URL=through(link, house))
    house.start_runner("second")

    def online() -> list[object]:
        states = [house.view(bot_id).state for bot_id in ids]
        return [state.runner_id for state in states if state.gateway is GatewayState.CONNECTED]

    def is_shared() -> bool:
        runners = online()
        return len(runners) == BOTS and len(set(runners)) == 2

    house.wait(is_shared, "both run bots")
    house.wait(lambda: len(house.rows("SELECT bot_id FROM gateway_sessions")) == BOTS, "sessions are kept")
    link.silence()
    silenced_at = time.monotonic()
    house.wait(lambda: len(online()) == BOTS and len(set(online())) == 1, "the other one has them all", 60)
    assert time.monotonic() - silenced_at < 4 * LEASE_SECONDS + 30
    # Never two sessions of one bot: the first was gone before the second runner could begin.
    assert set(most_sessions_at_once(sandbox.control).values()) == {1}
    assert {count(sandbox.control.calls(kind="identify"), "identify", bot.id) for bot in bots} == {1}
    link.heal()
    # Whoever started it starts it again: others own its bots, and it begins with a clean slate.
    assert cut_off.wait(timeout=60) == ExitCode.DECLARED_DEAD
    assert set(most_sessions_at_once(sandbox.control).values()) == {1}
