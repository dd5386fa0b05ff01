import pytest

from socialcube.domain.commands.errors import TooBusyError, TooFastError
from socialcube.domain.commands.run.gate import RUNS_AT_ONCE, RUNS_PER_PERSON, WINDOW_SECONDS, Gate
from tests.fakes.clock import FakeClock
from tests.support.failures import failure_of

ANN, BOB = 1, 2


@pytest.fixture
def gate(clock: FakeClock) -> Gate:
    return Gate(clock)


def use(gate: Gate, person_id: int, times: int = 1) -> None:
    for _ in range(times):
        gate.enter(person_id)
        gate.leave()


def test_one_person_may_use_a_few_commands_in_a_window(gate: Gate) -> None:
    use(gate, ANN, RUNS_PER_PERSON)
    with pytest.raises(TooFastError) as caught:
        gate.enter(ANN)
    assert "5 commands in 10 seconds" in caught.value.message


def test_others_are_not_held_up_by_one(gate: Gate) -> None:
    use(gate, ANN, RUNS_PER_PERSON)
    with pytest.raises(TooFastError):
        gate.enter(ANN)
    assert failure_of(use, gate, BOB) is None


def test_the_window_slides(gate: Gate, clock: FakeClock) -> None:
    use(gate, ANN)
    clock.advance(WINDOW_SECONDS - 1)
    use(gate, ANN, RUNS_PER_PERSON - 1)
    clock.advance(1)
    use(gate, ANN)
    with pytest.raises(TooFastError):
        gate.enter(ANN)


def test_a_refused_try_counts_for_nothing(gate: Gate, clock: FakeClock) -> None:
    use(gate, ANN, RUNS_PER_PERSON)
    for _ in range(20):
        clock.advance(WINDOW_SECONDS / 21)
        with pytest.raises(TooFastError):
            gate.enter(ANN)
    clock.advance(WINDOW_SECONDS / 20)
    use(gate, ANN)


def test_a_bot_runs_so_many_at_once(gate: Gate) -> None:
    for person_id in range(RUNS_AT_ONCE):
        gate.enter(person_id)
    with pytest.raises(TooBusyError) as caught:
        gate.enter(ANN + 100)
    assert str(RUNS_AT_ONCE) in caught.value.message
    gate.leave()
    gate.enter(ANN + 100)


def test_being_refused_for_others_costs_a_person_nothing(clock: FakeClock) -> None:
    gate = Gate(clock, runs_per_person=1, runs_at_once=1)
    gate.enter(ANN)
    with pytest.raises(TooBusyError):
        gate.enter(BOB)
    gate.leave()
    gate.enter(BOB)


def test_people_are_forgotten_after_their_window(gate: Gate, clock: FakeClock) -> None:
    for person_id in range(1000):
        use(gate, person_id)
    clock.advance(WINDOW_SECONDS)
    use(gate, ANN)
    assert set(gate._starts) == {ANN}


def test_people_within_their_window_are_remembered(gate: Gate, clock: FakeClock) -> None:
    clock.advance(WINDOW_SECONDS - 1)
    use(gate, ANN, RUNS_PER_PERSON)
    clock.advance(1)
    with pytest.raises(TooFastError):
        gate.enter(ANN)
