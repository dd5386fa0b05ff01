"""What a runner sees of many bots at once, on both databases."""

from uuid import UUID

from sqlalchemy import event

from socialcube.domain.bots import queries, service
from socialcube.domain.bots.types import GatewayState, ProcessState, Reason
from tests.factories.bots import make_bot, make_observation
from tests.fakes.clock import START
from tests.support.databases import Database

RUNNER = UUID(int=5)


def add_bots(database: Database, count: int) -> list[UUID]:
    with database.unit() as uow:
        bots = [make_bot(uow.session).id for _ in range(count)]
        uow.commit()
    return bots


def test_many_bots_take_two_statements_and_each_keeps_its_own_sight(database: Database) -> None:
    bots = add_bots(database, 40)
    statements: list[str] = []
    with database.unit() as uow:
        engine = uow.session.get_bind()
        event.listen(engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
        service.observe_all(
            uow,
            [
                make_observation(
                    bot_id=bot_id,
                    epoch=3,
                    runner_id=RUNNER,
                    process=ProcessState.RUNNING,
                    gateway=GatewayState.CONNECTED,
                    reason=Reason.PLATFORM_UNREACHABLE if number % 2 else None,
                    sentence=f"It said “{number}” \\ 'so'.",
                    latency_ms=number + 0.25,
                    guild_count=None if number % 3 else number,
                    last_event_at=START.replace(microsecond=number),
                )
                for number, bot_id in enumerate(bots)
            ],
        )
        uow.commit()
    assert len([each for each in statements if "bot_states" in each]) == 2
    with database.reads() as session:
        for number, bot_id in enumerate(bots):
            state = queries.get_bot(session, bot_id).state
            assert (state.runner_id, state.gateway) == (RUNNER, GatewayState.CONNECTED)
            assert state.reason is (Reason.PLATFORM_UNREACHABLE if number % 2 else None)
            assert state.sentence == f"It said “{number}” \\ 'so'."
            assert (state.latency_ms, state.guild_count) == (number + 0.25, None if number % 3 else number)
            assert state.last_event_at == START.replace(microsecond=number)


def test_of_many_sights_only_those_of_the_latest_lease_are_believed(database: Database) -> None:
    moved, mine = add_bots(database, 2)
    with database.unit() as uow:
        assert service.observe(uow, make_observation(bot_id=moved, epoch=9, sentence="Theirs."))
        service.observe_all(
            uow, [make_observation(bot_id=bot, epoch=4, sentence="Mine.") for bot in (moved, mine)]
        )
        uow.commit()
    with database.reads() as session:
        sentences = [queries.get_bot(session, bot).state.sentence for bot in (moved, mine)]
    assert sentences == ["Theirs.", "Mine."]


def test_parts_of_many_bots_take_as_few_statements_as_those_of_one(database: Database) -> None:
    with database.unit() as uow:
        bots = [make_bot(uow.session, shard_count=2).id for _ in range(20)]
        undivided = make_bot(uow.session).id
        uow.commit()
    statements: list[str] = []
    sights = [
        make_observation(
            bot_id=bot_id,
            epoch=3,
            shard=shard,
            shard_count=2,
            guild_count=number,
            process=ProcessState.RUNNING,
            gateway=GatewayState.CONNECTED,
        )
        for number, bot_id in enumerate(bots)
        for shard in range(2)
    ]
    other = make_observation(bot_id=undivided, epoch=3, shard=1, shard_count=2)
    with database.unit() as uow:
        event.listen(
            uow.session.get_bind(), "before_cursor_execute", lambda *seen: statements.append(seen[2])
        )
        written = service.observe_all(uow, [*sights, sights[0], other])
        uow.commit()
    assert written == set(bots)
    assert len([each for each in statements if not each.startswith("BEGIN")]) == 6
    with database.reads() as session:
        for number, bot_id in enumerate(bots):
            state = queries.get_bot(session, bot_id).state
            assert (state.gateway, state.guild_count) == (GatewayState.CONNECTED, 2 * number)
            assert len(queries.list_shards(session, bot_id)) == 2
        assert queries.list_shards(session, undivided) == []
