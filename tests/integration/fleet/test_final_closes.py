"""Close codes after which Discord wants no other try: one attempt each, a reason, and nobody else hurt."""

import time
from functools import partial
from uuid import UUID

import pytest

from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Reason
from socialcube.sandbox.control.client import Bot
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import FERN, MARA
from tests.support.installation import HELLO, Installation
from tests.support.witnessing import count

pytestmark = pytest.mark.processes

REASONS = {
    4004: Reason.TOKEN_INVALID,
    4010: Reason.REFUSED,
    4011: Reason.REFUSED,
    4012: Reason.REFUSED,
    4013: Reason.INTENTS_MISSING,
    4014: Reason.INTENTS_MISSING,
}
# Longer than the pause before any second try, and than several looks of the runner at what is wanted.
QUIET_SECONDS = 6.0


class Scene:
    """A bot for each code, and a healthy sibling, all in one runner."""

    def __init__(self, house: Installation, sandbox: RunningSandbox) -> None:
        self.house = house
        self.control = sandbox.control
        self.bots = {code: self._make(f"Closed with {code}") for code in REASONS}
        self.sibling = self.control.bots()["Rollcall"]
        self.keys = {code: house.add_bot(bot) for code, bot in self.bots.items()}
        self.sibling_key = house.add_bot(self.sibling, HELLO)

    def start(self) -> None:
        self.house.start_runner()
        self.house.wait(lambda: self.is_online(self.sibling_key), "the sibling is online")

    def wait_held(self) -> None:
        for code, key in self.keys.items():
            self.house.wait(partial(self.is_held, key), f"the bot of {code} is held")
            state = self.house.view(key).state
            assert (state.process, state.reason) == (ProcessState.HELD, REASONS[code]), code
            assert state.sentence, f"nobody is told why the bot of {code} is held"
            assert state.remedy, f"nobody is told what to do about {code}"

    def check_sibling_never_noticed(self) -> None:
        calls = self.control.calls()
        assert count(calls, "identify", self.sibling.id) == 1
        assert count(calls, "resume", self.sibling.id) == 0
        answer = self.control.invoke("hello", user_id=MARA, channel_id=3004, bot_id=self.sibling.id)
        assert answer["outcome"] == "answered"

    def attempts(self) -> dict[int, int]:
        """Count how often each bot spoke to the gateway."""
        calls = self.control.calls()
        return {
            code: count(calls, "identify", bot.id) + count(calls, "resume", bot.id)
            for code, bot in self.bots.items()
        }

    def is_held(self, key: UUID) -> bool:
        return self.house.view(key).state.is_held

    def is_online(self, key: UUID) -> bool:
        state = self.house.view(key).state
        return (state.process, state.gateway) == (ProcessState.RUNNING, GatewayState.CONNECTED)

    def _make(self, name: str) -> Bot:
        return self.control.create_bot(name, guild_ids=[FERN])


@pytest.fixture
def scene(small_house: Installation, sandbox: RunningSandbox) -> Scene:
    return Scene(small_house, sandbox)


def test_each_final_code_is_tried_once_and_only_its_bot_is_held_until_somebody_acts(scene: Scene) -> None:
    for code, bot in scene.bots.items():
        scene.control.refuse(bot.id, code, times=100)
    scene.start()
    scene.wait_held()
    time.sleep(QUIET_SECONDS)

    assert scene.attempts() == dict.fromkeys(REASONS, 1)
    scene.check_sibling_never_noticed()

    scene.control.clear_faults()
    for key in scene.keys.values():
        scene.house.wish(key, DesiredState.RUNNING)
    for code, key in scene.keys.items():
        scene.house.wait(partial(scene.is_online, key), f"the bot of {code} is online again")


def test_bot_that_runs_is_held_by_a_final_code_without_another_try(scene: Scene) -> None:
    scene.start()
    for code, key in scene.keys.items():
        scene.house.wait(partial(scene.is_online, key), f"the bot of {code} is online")
    for code, bot in scene.bots.items():
        assert scene.control.close(bot.id, code) == 1
    scene.wait_held()
    time.sleep(QUIET_SECONDS)

    assert scene.attempts() == dict.fromkeys(REASONS, 1)
    scene.check_sibling_never_noticed()
