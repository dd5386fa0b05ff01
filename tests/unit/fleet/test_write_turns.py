import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from socialcube.fleet.write_turns import WriteTurns

PATIENCE = 30.0


class Writers:
    """Threads that write, and the order in which they did."""

    def __init__(self, turns: WriteTurns) -> None:
        self.turns = turns
        self.wrote: list[str] = []
        self._threads: list[threading.Thread] = []

    def add(self, name: str, turn: Callable[[], AbstractContextManager[None]]) -> None:
        """Start one, and return once it waits for its turn."""
        waiting = len(self.turns._changed._waiters)  # type: ignore[attr-defined] # nothing else tells who waits
        thread = threading.Thread(target=self._write, args=(name, turn))
        self._threads.append(thread)
        thread.start()
        for _ in range(int(PATIENCE / 0.01)):
            if len(self.turns._changed._waiters) > waiting:  # type: ignore[attr-defined] # as above
                return
            threading.Event().wait(0.01)
        pytest.fail(f"{name} does not wait")

    def finish(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in self._threads)

    def _write(self, name: str, turn: Callable[[], AbstractContextManager[None]]) -> None:
        with turn():
            self.wrote.append(name)


def test_a_renewal_waits_for_one_write_at_most_however_many_came_before() -> None:
    writers = Writers(WriteTurns())
    with writers.turns.ordinary():
        for number in range(5):
            writers.add(f"ordinary {number}", writers.turns.ordinary)
        writers.add("renewal", writers.turns.urgent)
    writers.finish()
    assert writers.wrote[0] == "renewal"
    assert len(writers.wrote) == 6


def test_a_write_that_breaks_gives_its_turn_back() -> None:
    turns = WriteTurns()
    for turn in (turns.ordinary, turns.urgent, turns.ordinary):
        with pytest.raises(ValueError, match="broken"), turn():
            raise ValueError("broken")
    with turns.urgent():
        pass
