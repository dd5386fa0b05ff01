import threading

import pytest

from socialcube.worker.watchdog import CANARY_SECONDS, DEAF_AFTER_SECONDS, EXIT_DEAF, Watchdog, watch
from tests.fakes.clock import FakeClock


class Canaries:
    """The surroundings of a watchdog: a broker, a pool and a clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.sent = 0
        self.taken_up = 0
        self.is_busy = False
        self.broker_is_up = True
        self.watchdog = Watchdog(self.send, lambda: self.taken_up, lambda: self.is_busy, self.clock)

    def send(self) -> bool:
        self.sent += self.broker_is_up
        return self.broker_is_up

    def look(self, times: int, *, hears: bool) -> list[bool]:
        """Let the watchdog look every 15 seconds."""
        found = []
        for _ in range(times):
            self.clock.advance(CANARY_SECONDS)
            found.append(self.watchdog.is_deaf())
            if hears:
                self.taken_up = self.sent
        return found


def test_a_worker_that_hears_lives_on() -> None:
    assert not any(Canaries().look(20, hears=True))


def test_a_worker_that_hears_nothing_for_45_seconds_is_deaf() -> None:
    found = Canaries().look(4, hears=False)
    assert found == [False, False, False, True]
    assert CANARY_SECONDS * 3 == DEAF_AFTER_SECONDS


def test_without_a_broker_nobody_is_deaf() -> None:
    canaries = Canaries()
    canaries.broker_is_up = False
    assert not any(canaries.look(20, hears=False))
    canaries.broker_is_up = True
    assert canaries.look(4, hears=False) == [False, False, False, True]


def test_a_busy_pool_is_not_deaf() -> None:
    canaries = Canaries()
    canaries.is_busy = True
    assert not any(canaries.look(20, hears=False))


def test_hearing_again_in_time_is_enough() -> None:
    canaries = Canaries()
    assert not any(canaries.look(2, hears=False))
    assert not any(canaries.look(3, hears=True))


def test_a_deaf_worker_ends_with_its_own_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    canaries, ended = Canaries(), threading.Event()
    canaries.clock.advance(DEAF_AFTER_SECONDS + 1)
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    monkeypatch.setattr("os._exit", end)
    monkeypatch.setattr("logging.shutdown", lambda: None)
    monkeypatch.setattr(ended, "wait", lambda _seconds: ended.is_set())
    watch(canaries.watchdog, ended)
    assert codes == [EXIT_DEAF]


def test_watching_ends_with_the_worker() -> None:
    ended = threading.Event()
    ended.set()
    canaries = Canaries()
    watch(canaries.watchdog, ended)
    assert canaries.sent == 0
