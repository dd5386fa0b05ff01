import pytest

from socialcube.sandbox.errors import UnknownApplicationError
from socialcube.sandbox.world.changes import Change, PresenceChanged, TokenReset
from socialcube.sandbox.world.world import World
from tests.fakes.clock import FakeClock

BOT = 5001


def test_token_finds_its_application(world: World) -> None:
    application = world.applications.get(BOT)

    assert application.token is not None
    assert world.applications.find_by_token(application.token) is application
    assert world.applications.find_by_token(application.token + "x") is None
    assert world.applications.find_by_token("é") is None


def test_reset_token_is_dead_at_once(world: World, told: list[Change]) -> None:
    old = world.applications.get(BOT).token or ""
    new = world.applications.reset_token(BOT)

    assert world.applications.find_by_token(old) is None
    assert world.applications.find_by_token(new) is not None
    assert told == [TokenReset(BOT)]


def test_application_without_bot_has_no_token(world: World) -> None:
    application = world.applications.create("Site", bot=False)

    assert application.token is None
    assert application.id not in world.state.users


def test_starts_run_out_and_reset_the_token(world: World, told: list[Change]) -> None:
    world.applications.set_starts(BOT, 999)

    assert world.applications.count_start(BOT)
    assert not world.applications.count_start(BOT)
    assert told[-1] == TokenReset(BOT)


def test_starts_come_back_a_day_after_the_first(world: World, clock: FakeClock) -> None:
    world.applications.count_start(BOT)
    clock.advance(3600)
    world.applications.count_start(BOT)
    left, seconds = world.applications.starts_left(BOT)
    assert (left, seconds) == (998, 82_800)
    clock.advance(82_801)

    assert world.applications.starts_left(BOT) == (1000, 0.0)


def test_presence_is_told_only_when_it_changes(world: World, told: list[Change]) -> None:
    for online in (True, True, False, False):
        world.applications.set_online(BOT, online=online)

    assert told == [PresenceChanged(BOT, online=True), PresenceChanged(BOT, online=False)]


def test_unknown_application_is_told(world: World) -> None:
    with pytest.raises(UnknownApplicationError):
        world.applications.get(999)
