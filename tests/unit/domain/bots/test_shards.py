import math
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.events import BotDesiredStateChanged
from socialcube.domain.bots.policy import MAX_SHARDS, combine, is_reshard_due
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Reason, StateView
from socialcube.domain.placements.types import Shard
from tests.factories.bots import make_bot, make_observation
from tests.fakes.clock import START, FakeClock
from tests.fakes.events import Published

RUNNER, OTHER = UUID(int=5), UUID(int=6)


def part(number: int, **changes: Any) -> Any:
    fields: dict[str, Any] = {"bot_id": UUID(int=1), "shard": number, "shard_count": 2, "runner_id": RUNNER}
    return make_observation(**(fields | changes))


@pytest.mark.parametrize(
    ("current", "recommended", "is_due"),
    [
        (1, 1, False),
        (1, 2, True),
        (4, 5, True),
        (2, 1, False),
        (4, 2, False),
        (5, 2, True),
        (4, 1, True),
        (3, 0, False),
        (1, MAX_SHARDS + 1, False),
    ],
)
def test_bot_grows_at_once_and_shrinks_only_to_less_than_half(
    current: int, recommended: int, *, is_due: bool
) -> None:
    assert is_reshard_due(current, recommended) is is_due


@given(st.integers(1, 200), st.floats(0.5, 1))
def test_recommendation_that_goes_to_and_fro_near_a_border_restarts_nothing(
    current: int, part_left: float
) -> None:
    assert not is_reshard_due(current, math.ceil(current * part_left))


def test_worst_part_is_what_is_said_of_the_whole() -> None:
    away = part(
        1, gateway=GatewayState.RECONNECTING, sentence="It broke off.", remedy="Wait.", runner_id=OTHER
    )
    whole = combine([part(0), away])
    assert (whole.process, whole.gateway) == (ProcessState.RUNNING, GatewayState.RECONNECTING)
    assert (whole.sentence, whole.remedy) == ("Shard 2 of 2: It broke off.", "Wait.")
    assert (whole.runner_id, whole.shard) == (OTHER, 0)


def test_numbers_of_all_parts_are_put_together() -> None:
    early, late = START, START + timedelta(seconds=30)
    first = part(0, guild_count=3, latency_ms=10.0, starts_left=900, connected_at=early, epoch=7)
    first = replace(first, last_event_at=early, last_ack_at=late, last_rest_at=late)
    second = part(1, guild_count=4, latency_ms=20.0, starts_left=899, connected_at=late, epoch=99)
    second = replace(second, last_event_at=late, last_ack_at=early, last_rest_at=None)
    whole = combine([first, second])
    assert (whole.guild_count, whole.latency_ms, whole.starts_left) == (7, 20.0, 899)
    assert (whole.connected_at, whole.last_event_at, whole.last_ack_at) == (late, early, early)
    assert whole.last_rest_at is None
    assert whole.epoch == 7


def test_whole_is_starting_until_every_part_was_seen() -> None:
    whole = combine([part(1)])
    assert (whole.process, whole.gateway) == (ProcessState.STARTING, GatewayState.CONNECTING)
    assert (whole.connected_at, whole.epoch) == (None, 0)
    failed = part(1, process=ProcessState.FAILED, gateway=GatewayState.DISCONNECTED, sentence="It crashed.")
    assert combine([failed]).process is ProcessState.FAILED


@pytest.fixture
def bot_id(unit: Callable[[], UnitOfWork], published: Published) -> UUID:
    """Store a bot that runs in two parts."""
    with unit() as uow:
        bot = make_bot(uow.session, desired_state=DesiredState.RUNNING, shard_count=2)
        uow.commit()
        published.events.clear()
        return bot.id


def state_of(uow: UnitOfWork, bot_id: UUID) -> StateView:
    return queries.get_bot(uow.session, bot_id).state


def test_each_part_is_stored_and_the_whole_is_what_they_make(uow: UnitOfWork, bot_id: UUID) -> None:
    assert service.observe(uow, part(0, bot_id=bot_id, guild_count=1, epoch=4))
    assert state_of(uow, bot_id).gateway is GatewayState.CONNECTING
    assert service.observe(uow, part(1, bot_id=bot_id, guild_count=2, epoch=3, runner_id=OTHER))
    state = state_of(uow, bot_id)
    assert (state.gateway, state.guild_count, state.epoch) == (GatewayState.CONNECTED, 3, 4)
    shards = queries.list_shards(uow.session, bot_id)
    assert [(shard.number, shard.runner_id, shard.guild_count) for shard in shards] == [
        (0, RUNNER, 1),
        (1, OTHER, 2),
    ]


def test_part_of_a_runner_that_lost_its_lease_is_not_believed(uow: UnitOfWork, bot_id: UUID) -> None:
    service.observe(uow, part(1, bot_id=bot_id, epoch=5))
    assert not service.observe(uow, part(1, bot_id=bot_id, epoch=4, process=ProcessState.FAILED))
    assert service.observe(uow, part(0, bot_id=bot_id, epoch=1))
    assert state_of(uow, bot_id).process is ProcessState.RUNNING


def test_part_of_another_number_of_parts_is_not_believed(uow: UnitOfWork, bot_id: UUID) -> None:
    assert not service.observe(uow, part(0, bot_id=bot_id, shard_count=4))
    assert queries.list_shards(uow.session, bot_id) == []


def test_hold_by_one_part_holds_the_bot_and_its_words_stay(uow: UnitOfWork, bot_id: UUID) -> None:
    for number in range(2):
        service.observe(uow, part(number, bot_id=bot_id, epoch=3))
    held = service.hold(uow, bot_id, 1, reason=Reason.TOKEN_INVALID, sentence="Refused.", epoch=3, shard=1)
    assert held
    farewell = {"process": ProcessState.STOPPED, "gateway": GatewayState.DISCONNECTED, "runner_id": None}
    service.observe(uow, part(0, bot_id=bot_id, epoch=3, **farewell))
    state = state_of(uow, bot_id)
    assert (state.is_held, state.process, state.sentence) == (True, ProcessState.HELD, "Refused.")
    assert queries.list_wanted(uow.session) == []


def test_hold_by_a_part_that_lost_its_lease_holds_nothing(uow: UnitOfWork, bot_id: UUID) -> None:
    service.observe(uow, part(1, bot_id=bot_id, epoch=3))
    assert not service.hold(uow, bot_id, 1, reason=Reason.REFUSED, epoch=2, shard=1)
    assert not state_of(uow, bot_id).is_held


def test_another_number_of_parts_is_a_new_wish_and_forgets_the_old_parts(
    unit: Callable[[], UnitOfWork], published: Published, bot_id: UUID
) -> None:
    with unit() as uow:
        version = queries.get_bot(uow.session, bot_id).version
        service.observe(uow, part(1, bot_id=bot_id))
        uow.commit()
        published.events.clear()
    with unit() as uow:
        assert service.set_shard_count(uow, bot_id, 1, 3)
        uow.commit()
        assert published.events == [BotDesiredStateChanged(bot_id)]
        [wanted] = queries.list_wanted(uow.session)
        assert (wanted.generation, wanted.units) == (2, [Shard(bot_id, number) for number in range(3)])
        assert queries.list_shards(uow.session, bot_id) == []
        view = queries.get_bot(uow.session, bot_id)
        assert (view.shard_count, view.version) == (3, version)


@pytest.mark.parametrize("shards", [2, 3])
def test_number_of_parts_changes_once_for_all_parts_that_notice(
    uow: UnitOfWork, bot_id: UUID, shards: int
) -> None:
    assert service.set_shard_count(uow, bot_id, 1, shards) is (shards == 3)
    assert not service.set_shard_count(uow, bot_id, 1, shards)


def test_number_of_parts_brings_no_held_or_stopped_bot_back(uow: UnitOfWork, bot_id: UUID) -> None:
    stopped = make_bot(uow.session, desired_state=DesiredState.STOPPED).id
    assert not service.set_shard_count(uow, stopped, 1, 3)
    service.hold(uow, bot_id, 1, reason=Reason.CRASH_LOOP, epoch=1)
    assert not service.set_shard_count(uow, bot_id, 1, 3)
    assert state_of(uow, bot_id).is_held


def test_latency_is_kept_in_steps_of_five_minutes(uow: UnitOfWork, clock: FakeClock, bot_id: UUID) -> None:
    other = make_bot(uow.session).id
    service.sample_latency(uow, [(bot_id, 10.0), (other, 99.0), (bot_id, 20.0)])
    service.sample_latency(uow, [(bot_id, 60.0)])
    clock.advance(300)
    service.sample_latency(uow, [(bot_id, 5.0)])
    service.sample_latency(uow, [])
    samples = queries.list_latency(uow.session, bot_id, START - timedelta(minutes=5))
    assert [(sample.worst_ms, sample.mean_ms, sample.count) for sample in samples] == [
        (60.0, 30.0, 3),
        (5.0, 5.0, 1),
    ]
    assert [sample.at.minute % 5 for sample in samples] == [0, 0]
    assert queries.list_latency(uow.session, bot_id, clock.now() - timedelta(minutes=5)) == samples[1:]


def test_latency_is_kept_for_three_days(uow: UnitOfWork, clock: FakeClock, bot_id: UUID) -> None:
    service.sample_latency(uow, [(bot_id, 10.0)])
    clock.advance(2 * 24 * 3600)
    service.sample_latency(uow, [(bot_id, 20.0)])
    clock.advance(24 * 3600 + 300)
    service.forget_old_samples(uow)
    [sample] = queries.list_latency(uow.session, bot_id, START)
    assert sample.worst_ms == 20.0
