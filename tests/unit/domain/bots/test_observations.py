from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.events import BotHeld, BotObserved
from socialcube.domain.bots.types import (
    BotView,
    CommandsObservation,
    DesiredState,
    GatewayState,
    ProcessState,
    Reason,
    StateView,
)
from tests.factories.bots import make_bot, make_observation
from tests.fakes.clock import START, FakeClock
from tests.fakes.events import Published

pytestmark = pytest.mark.usefixtures("noise")
RUNNER = UUID(int=5)


def state_of(session: Session, bot_id: UUID) -> StateView:
    return queries.get_bot(session, bot_id).state


def neighbours(session: Session, bot_id: UUID) -> list[BotView]:
    return [bot for bot in queries.list_bots(session) if bot.id != bot_id]


def test_a_sight_is_written_whole(uow: UnitOfWork, clock: FakeClock) -> None:
    bot_id = make_bot(uow.session).id
    clock.advance(5)
    seen = make_observation(
        bot_id=bot_id,
        epoch=2,
        runner_id=RUNNER,
        process=ProcessState.RUNNING,
        gateway=GatewayState.RECONNECTING,
        reason=Reason.PLATFORM_UNREACHABLE,
        sentence="Away.",
        remedy="Wait.",
        latency_ms=12.5,
        guild_count=3,
        starts_left=900,
        connected_at=START,
        last_event_at=START,
    )
    assert service.observe(uow, seen)
    assert state_of(uow.session, bot_id) == StateView(
        process=ProcessState.RUNNING,
        gateway=GatewayState.RECONNECTING,
        is_held=False,
        reason=Reason.PLATFORM_UNREACHABLE,
        sentence="Away.",
        remedy="Wait.",
        runner_id=RUNNER,
        epoch=2,
        latency_ms=12.5,
        guild_count=3,
        starts_left=900,
        commands_digest=None,
        commands_synced_at=None,
        commands_problem="",
        connected_at=START,
        last_event_at=START,
        updated_at=clock.now(),
    )


def test_a_sight_changes_no_other_bot(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session).id
    before = neighbours(uow.session, bot_id)
    service.observe(uow, make_observation(bot_id=bot_id, sentence="Mine"))
    service.hold(uow, bot_id, 1, reason=Reason.CRASH_LOOP, epoch=1)
    assert neighbours(uow.session, bot_id) == before


def test_a_runner_that_lost_its_lease_is_not_believed(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session, state={"epoch": 5, "process": ProcessState.RUNNING}).id
    before = state_of(uow.session, bot_id)
    assert not service.observe(uow, make_observation(bot_id=bot_id, epoch=4, process=ProcessState.FAILED))
    assert not service.hold(uow, bot_id, 1, reason=Reason.CRASH_LOOP, epoch=4)
    assert not service.observe_commands(uow, CommandsObservation(bot_id, 4, "digest", START))
    assert state_of(uow.session, bot_id) == before


def test_the_same_runner_writes_again_and_again(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session, state={"epoch": 5}).id
    assert service.observe(uow, make_observation(bot_id=bot_id, epoch=5, latency_ms=1.0))
    assert service.observe(uow, make_observation(bot_id=bot_id, epoch=5, latency_ms=2.0))
    assert state_of(uow.session, bot_id).latency_ms == 2.0


def test_a_bot_that_is_not_there_is_not_seen(uow: UnitOfWork) -> None:
    assert not service.observe(uow, make_observation(bot_id=UUID(int=0)))


def test_a_hold_says_why_and_what_to_do(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session, desired_state=DesiredState.RUNNING, generation=3).id
    assert service.hold(
        uow, bot_id, 3, reason=Reason.TOKEN_INVALID, sentence="Refused.", remedy="Paste a new one.", epoch=1
    )
    state = state_of(uow.session, bot_id)
    assert state.is_held
    assert (state.process, state.gateway) == (ProcessState.HELD, GatewayState.DISCONNECTED)
    assert (state.reason, state.sentence, state.remedy) == (
        Reason.TOKEN_INVALID,
        "Refused.",
        "Paste a new one.",
    )
    assert bot_id not in {item.bot_id for item in queries.list_wanted(uow.session)}


def test_a_hold_of_an_older_wish_holds_nothing(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session, desired_state=DesiredState.RUNNING, generation=4).id
    service.hold(uow, bot_id, 3, reason=Reason.TOKEN_INVALID, epoch=1)
    assert not state_of(uow.session, bot_id).is_held
    assert bot_id in {item.bot_id for item in queries.list_wanted(uow.session)}


def test_a_hold_of_an_older_wish_does_not_lift_that_of_a_newer_one(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session, desired_state=DesiredState.RUNNING, generation=3).id
    assert service.hold(uow, bot_id, 3, reason=Reason.TOKEN_INVALID, sentence="Refused.", epoch=1)
    assert not service.hold(uow, bot_id, 2, reason=Reason.CRASH_LOOP, epoch=1)
    state = state_of(uow.session, bot_id)
    assert (state.is_held, state.reason, state.sentence) == (True, Reason.TOKEN_INVALID, "Refused.")


def test_the_farewell_of_a_held_bot_does_not_wipe_out_why(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session).id
    service.hold(uow, bot_id, 1, reason=Reason.TOKEN_INVALID, sentence="Refused.", epoch=1)
    farewell = make_observation(
        bot_id=bot_id, process=ProcessState.STOPPED, gateway=GatewayState.DISCONNECTED, guild_count=2
    )
    assert service.observe(uow, farewell)
    state = state_of(uow.session, bot_id)
    assert (state.process, state.reason, state.sentence) == (
        ProcessState.HELD,
        Reason.TOKEN_INVALID,
        "Refused.",
    )
    assert state.guild_count == 2


def test_a_new_wish_is_seen_over_the_hold(uow: UnitOfWork) -> None:
    bot = make_bot(uow.session)
    service.hold(uow, bot.id, 1, reason=Reason.TOKEN_INVALID, sentence="Refused.", epoch=1)
    bot.generation = 2
    uow.session.flush()
    service.observe(uow, make_observation(bot_id=bot.id, process=ProcessState.STARTING))
    state = state_of(uow.session, bot.id)
    assert (state.process, state.reason, state.sentence) == (ProcessState.STARTING, None, "")


def test_a_synchronisation_of_commands_is_noted_beside_the_rest(uow: UnitOfWork) -> None:
    bot_id = make_bot(uow.session, state={"process": ProcessState.RUNNING, "epoch": 1}).id
    assert service.observe_commands(uow, CommandsObservation(bot_id, 1, "digest", START, "Two clash."))
    state = state_of(uow.session, bot_id)
    assert (state.commands_digest, state.commands_synced_at, state.commands_problem) == (
        "digest",
        START,
        "Two clash.",
    )
    assert state.process is ProcessState.RUNNING


def test_what_the_platform_is_quoted_with_can_be_stored(uow: UnitOfWork) -> None:
    odd, fit = "It said: a very\0long \ud800 word\nthere.", "It said: a very long   word there."
    bot_id = make_bot(uow.session, state={"epoch": 1}).id
    assert service.observe_commands(uow, CommandsObservation(bot_id, 1, None, START, odd))
    assert service.observe(uow, make_observation(bot_id=bot_id, epoch=1, sentence=odd, remedy=odd))
    state = state_of(uow.session, bot_id)
    assert {state.commands_problem, state.sentence, state.remedy} == {fit}
    service.hold(uow, bot_id, 1, reason=Reason.TOKEN_INVALID, sentence=odd, remedy=odd, epoch=1)
    state = state_of(uow.session, bot_id)
    assert {state.sentence, state.remedy} == {fit}


@pytest.fixture
def seen_bot(unit: Callable[[], UnitOfWork], published: Published) -> UUID:
    """Store a bot that was seen once."""
    with unit() as uow:
        bot_id = make_bot(uow.session).id
        service.observe(uow, make_observation(bot_id=bot_id, runner_id=RUNNER, latency_ms=100.0))
        uow.commit()
    published.events.clear()
    return bot_id


@pytest.mark.parametrize(
    "changes",
    [
        {"process": ProcessState.FAILED},
        {"gateway": GatewayState.RECONNECTING},
        {"reason": Reason.CRASH_LOOP},
        {"sentence": "Away."},
        {"guild_count": 9},
        {"starts_left": 3},
        {"latency_ms": None},
        {"latency_ms": 2500.0},
    ],
)
def test_what_people_should_see_is_told(
    unit: Callable[[], UnitOfWork], published: Published, seen_bot: UUID, changes: dict[str, object]
) -> None:
    with unit() as uow:
        seen = {"bot_id": seen_bot, "runner_id": RUNNER, "latency_ms": 100.0} | changes
        service.observe(uow, make_observation(**seen))
        uow.commit()
    assert published.events == [BotObserved(seen_bot)]


def test_a_heartbeat_that_shows_nothing_new_is_not_told(
    unit: Callable[[], UnitOfWork], published: Published, seen_bot: UUID, clock: FakeClock
) -> None:
    clock.advance(5)
    with unit() as uow:
        seen = {"bot_id": seen_bot, "runner_id": RUNNER, "latency_ms": 90.0, "last_event_at": clock.now()}
        assert service.observe(uow, make_observation(**seen))
        uow.commit()
    assert published.events == []


def test_what_is_not_believed_is_not_told(
    unit: Callable[[], UnitOfWork], published: Published, seen_bot: UUID
) -> None:
    with unit() as uow:
        assert not service.observe(uow, make_observation(bot_id=seen_bot, epoch=0, sentence="Old"))
        assert not service.observe(uow, make_observation(bot_id=UUID(int=404), sentence="Nobody"))
        uow.commit()
    assert published.events == []


def test_a_hold_and_a_problem_with_commands_are_told(
    unit: Callable[[], UnitOfWork], published: Published, seen_bot: UUID
) -> None:
    problem = CommandsObservation(bot_id=seen_bot, epoch=1, digest="d", synced_at=START, problem="No.")
    for _ in range(2):
        with unit() as uow:
            service.observe_commands(uow, problem)
            service.hold(uow, seen_bot, 1, reason=Reason.CRASH_LOOP, epoch=1)
            uow.commit()
    assert published.events == [
        *(BotObserved(seen_bot), BotObserved(seen_bot), BotHeld(seen_bot)),
        BotHeld(seen_bot),
    ]


def test_a_hold_that_is_not_believed_stops_nobody(
    unit: Callable[[], UnitOfWork], published: Published, seen_bot: UUID
) -> None:
    with unit() as uow:
        assert not service.hold(uow, seen_bot, 1, reason=Reason.CRASH_LOOP, epoch=0)
        uow.commit()
    assert published.events == []
