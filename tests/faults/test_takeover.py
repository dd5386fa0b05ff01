"""A runner is killed or replaced while events and commands flow: nothing is lost, nothing is doubled."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any, Final, Self
from uuid import UUID

import pytest

from socialcube.fleet.exit_codes import ExitCode
from socialcube.sandbox.control.client import Bot, ControlClient
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import FERN, MARA
from tests.support.installation import HELLO, Installation
from tests.support.postgres import Cluster, run_name
from tests.support.witnessing import count, most_sessions_at_once

pytestmark = [pytest.mark.processes, pytest.mark.postgres]

CHANNEL: Final = 3004
LEASE_SECONDS: Final = 60
"""Too long to wait for: who dies on this machine is known by its lock file."""

BEFORE_SECONDS: Final = 1.5
AFTER_SECONDS: Final = 3.0
MOST_SECONDS: Final = 3.0
"""How long Discord waits for the first answer."""

SETTLE_SECONDS: Final = 1.0
"""After the takeover the runner catches up with what it missed; who asks later than that is answered."""


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, sandbox: RunningSandbox) -> Iterator[Installation]:
    """Give an installation on PostgreSQL, where two runners write at the same time."""
    with ExitStack() as stack:
        url = stack.enter_context(Cluster(run_name()).migrated_database()).reveal()
        yield stack.enter_context(Installation(tmp_path, url, sandbox.api_base_url))


class Traffic:
    """People who use commands and change a server, until the context ends.

    Attributes:
        uses: the interaction of each use, by the text that the person typed.
        used_at: monotonic seconds of each use.
        roles: ids of the roles that were made, each of which is an event for every bot.
    """

    def __init__(self, control: ControlClient, bots: list[Bot], pause: float) -> None:
        self._control = control
        self._pause = pause
        self._bots = bots
        self._over = Event()
        self._pool = ThreadPoolExecutor(2)
        self.uses: dict[str, str] = {}
        self.used_at: dict[str, float] = {}
        self.roles: set[int] = set()

    def __enter__(self) -> Self:
        self._tasks = [self._pool.submit(self._use_commands), self._pool.submit(self._change_roles)]
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for task in self._tasks:
            task.result()
        self._pool.shutdown()

    def _use_commands(self) -> None:
        number = 0
        while not self._over.wait(self._pause):
            name, bot = f"n{number}", self._bots[number % len(self._bots)]
            used = self._control.invoke(
                "hello", user_id=MARA, channel_id=CHANNEL, bot_id=bot.id, options={"who": name}, wait=0
            )
            self.uses[name], self.used_at[name] = used["id"], time.monotonic()
            number += 1

    def _change_roles(self) -> None:
        number = 0
        while not self._over.wait(0.1):
            self.roles.add(int(self._control.create_role(FERN, f"role {number}")))
            number += 1


@pytest.mark.parametrize(
    ("number", "pause", "at_most"),
    # A machine that does nothing else takes over within five seconds; the short tests share theirs.
    [(10, 0.02, LEASE_SECONDS / 2), pytest.param(50, 0.004, 5.0, marks=pytest.mark.long)],
    ids=["10", "50"],
)
def test_bots_of_a_killed_runner_go_on_where_they_were(
    house: Installation, sandbox: RunningSandbox, number: int, pause: float, at_most: float
) -> None:
    control = sandbox.control
    bots = start_both(house, control, number)
    last = control.calls()[-1]["id"]

    with Traffic(control, bots, pause) as traffic:
        time.sleep(BEFORE_SECONDS)
        house.runners["first"].kill()
        killed_at = time.monotonic()
        house.wait(lambda: len(control.sessions(connected=True)) < number, "the sandbox sees it")
        house.wait(lambda: len(control.sessions(connected=True)) == number, "every bot is online again")
        seconds = time.monotonic() - killed_at
        time.sleep(AFTER_SECONDS)

    print(f"takeover of {number} after kill -9: {seconds:.2f} s")  # noqa: T201 - the figure that this measures
    assert seconds <= at_most
    seen = control.calls(after=last)
    assert [count(seen, "identify", bot.id) for bot in bots] == [0] * number
    assert {count(seen, "resume", bot.id) for bot in bots} == {1}
    assert set(most_sessions_at_once(control).values()) == {1}
    house.wait(lambda: len(owners(house)) == 1, "the survivor owns them all")
    check_every_use(house, control, traffic.uses)
    house.wait(lambda: traffic.roles <= stored_roles(house), "no event about a server was lost", 60)
    settled_at = killed_at + seconds + SETTLE_SECONDS
    late = [traffic.uses[name] for name, at in traffic.used_at.items() if at > settled_at]
    assert late
    assert {control.interaction(use)["outcome"] for use in late} == {"answered"}


@pytest.mark.long
def test_nobody_notices_that_a_runner_is_replaced(house: Installation, sandbox: RunningSandbox) -> None:
    """The new one is there before the old one is asked to go, as often as an impatient manager asks."""
    control = sandbox.control
    bots = start_both(house, control, number=20, BOT_DRAIN_SECONDS="20")
    last, leaving = control.calls()[-1]["id"], house.runners["first"]

    with Traffic(control, bots, pause=0.02) as traffic:
        time.sleep(BEFORE_SECONDS)
        asked_at = time.monotonic()
        for _ in range(3):
            leaving.send_signal(signal.SIGTERM)
            time.sleep(0.1)
        assert leaving.wait(timeout=20) == ExitCode.OK
        seconds = time.monotonic() - asked_at
        house.wait(lambda: len(control.sessions(connected=True)) == len(bots), "every bot is online again")
        back_seconds = time.monotonic() - asked_at
        time.sleep(AFTER_SECONDS)

    print(f"hand-over of {len(bots)}: {seconds:.2f} s, back in {back_seconds:.2f} s")  # noqa: T201 - the figure that this measures
    seen = control.calls(after=last)
    assert {item["status"] for item in seen if item["kind"] == "disconnect"} == {4000}
    assert [count(seen, "identify", bot.id) for bot in bots] == [0] * len(bots)
    assert {count(seen, "resume", bot.id) for bot in bots} == {1}
    assert set(most_sessions_at_once(control).values()) == {1}
    house.wait(lambda: len(owners(house)) == 1, "the new one owns them all")
    check_every_use(house, control, traffic.uses)
    house.wait(lambda: traffic.roles <= stored_roles(house), "no event about a server was lost", 60)
    # Who asks in the meantime is answered by the new one, if the machine is quick enough for Discord's 3 s.
    meanwhile = (asked_at - MOST_SECONDS, asked_at + back_seconds + SETTLE_SECONDS)
    calm = {name for name, at in traffic.used_at.items() if not meanwhile[0] < at < meanwhile[1]}
    assert calm
    assert {control.interaction(traffic.uses[name])["outcome"] for name in calm} == {"answered"}


def start_both(house: Installation, control: ControlClient, number: int, **settings: str) -> list[Bot]:
    """Start a runner with bots that are all online and whose sessions are kept, and one that has none."""
    bots = [control.create_bot(f"Bot {each}", guild_ids=[FERN]) for each in range(number)]
    keys = [house.add_bot(bot, HELLO) for bot in bots]
    settings = {"BOT_LEASE_SECONDS": str(LEASE_SECONDS), **settings}
    house.start_runner("first", **settings)
    house.wait(lambda: all(is_ready(house, key) for key in keys), "every bot is online", 120)
    house.wait(lambda: len(house.rows("SELECT bot_id FROM gateway_sessions")) == number, "sessions are kept")
    house.start_runner("second", **settings)
    house.wait(lambda: len(house.rows("SELECT id FROM runners")) == 2, "the second runner is up")
    return bots


def check_every_use(house: Installation, control: ControlClient, uses: dict[str, str]) -> None:
    """Check that each use is in the log, and that no person was answered twice.

    One that reached nobody may be there twice: either process tried, and either says that it failed.
    """
    names = {interaction: name for name, interaction in uses.items()}

    def runs() -> list[dict[str, Any]]:
        return house.rows("SELECT options, first_response_ms FROM command_logs")

    def answered_before() -> set[str]:
        told = house.rows("SELECT data FROM bot_logs WHERE kind = 'answered_before'")
        return {names[row["data"]["interaction_id"]] for row in told}

    def accounts() -> set[str]:
        return {row["options"]["who"] for row in runs()} | answered_before()

    house.wait(lambda: accounts() == set(uses), "every use is accounted for", 40)
    reached = Counter(row["options"]["who"] for row in runs() if row["first_response_ms"] is not None)
    assert set(reached.values()) <= {1}
    now = {name: control.interaction(interaction) for name, interaction in uses.items()}
    answered = {name for name, use in now.items() if use["outcome"] == "answered"}
    assert set(reached) <= answered <= set(reached) | answered_before()
    assert [name for name, use in now.items() if use["followups"]] == []
    print(f"answered: {len(answered)} of {len(uses)}")  # noqa: T201 - the figure that this test measures


def stored_roles(house: Installation) -> set[int]:
    """Give the platform's ids of all roles that were stored."""
    return {row["external_id"] for row in house.rows("SELECT external_id FROM guild_roles")}


def owners(house: Installation) -> Counter[Any]:
    """Count the placements of each runner."""
    return Counter(row["runner_id"] for row in house.rows("SELECT runner_id FROM placements"))


def is_ready(house: Installation, bot_id: UUID) -> bool:
    return house.view(bot_id).state.commands_synced_at is not None
