from uuid import UUID

import pytest

from socialcube.adapters.invalid_answers import InvalidAnswers
from tests.fakes.clock import FakeClock

BOT, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_only_answers_that_discord_counts_are_counted(clock: FakeClock) -> None:
    counted = InvalidAnswers(clock, limit=1)
    for status in (200, 400, 404, 500):
        counted.note(status)
    counted.note(429, shared=True)
    assert not counted.too_many
    counted.note(429)
    assert counted.too_many


def test_answers_to_people_go_on_for_longer_than_calls_of_our_own_accord(clock: FakeClock) -> None:
    counted = InvalidAnswers(clock, limit=10)
    for _ in range(10):
        counted.note(403)
    assert (counted.too_many, counted.nearly_blocked) == (True, False)
    for _ in range(8):
        counted.note(403)
    assert counted.nearly_blocked


def test_counted_answers_are_forgotten_after_ten_minutes(clock: FakeClock) -> None:
    counted = InvalidAnswers(clock, limit=1)
    counted.note(401)
    clock.advance(600)
    assert counted.too_many
    clock.advance(1)
    assert not counted.too_many


def test_each_bots_share_is_told_once_and_again_when_nobody_took_it(clock: FakeClock) -> None:
    counted = InvalidAnswers(clock)
    counted.note(403, BOT)
    counted.note(403, BOT)
    counted.note(401, OTHER)
    counted.note(403)
    taken = counted.take()
    assert taken == {BOT: 2, OTHER: 1}
    assert counted.take() == {}
    counted.note(403, BOT)
    counted.put_back(taken)
    assert counted.take() == {BOT: 3, OTHER: 1}


def test_what_other_runners_were_answered_counts_too(clock: FakeClock) -> None:
    counted = InvalidAnswers(clock, limit=10)
    counted.learn(9)
    before = counted.too_many
    counted.note(403, BOT)
    assert (before, counted.too_many) == (False, True)
    counted.take()
    counted.learn(9)
    assert counted.too_many is before


def test_old_word_of_others_is_not_believed_for_ever(clock: FakeClock) -> None:
    counted = InvalidAnswers(clock, limit=10)
    counted.learn(100)
    clock.advance(599)
    assert counted.nearly_blocked
    clock.advance(1)
    assert not counted.too_many
