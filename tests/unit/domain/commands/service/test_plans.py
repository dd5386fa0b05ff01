"""What runners find at the platform, what was created there, and what live commands need."""

from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.commands import policy, queries, service
from socialcube.domain.commands.events import CommandsCompared
from socialcube.domain.commands.models import CommandCreates, CommandVersion
from socialcube.domain.guilds.types import PermissionNeed
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, fleet_target
from socialcube.engine import registry
from socialcube.engine.actions.if_ import If
from socialcube.engine.actions.reply import Reply
from socialcube.kernel.errors import ForbiddenError
from tests.factories.access import make_actor
from tests.factories.bots import make_bot
from tests.factories.commands import make_desired, make_remote, store_command
from tests.fakes.clock import START, FakeClock
from tests.fakes.events import Published

pytestmark = pytest.mark.usefixtures("noise")
ALL = Scope(is_all=True)


@pytest.fixture
def bot_id(uow: UnitOfWork) -> UUID:
    return make_bot(uow.session, name="Fern").id


def only(bot_id: UUID) -> Scope:
    return Scope(is_all=False, bot_ids=frozenset({bot_id}))


def test_creates_are_counted_by_place_over_a_day(uow: UnitOfWork, bot_id: UUID, clock: FakeClock) -> None:
    service.record_intents(uow, bot_id, [make_desired(), make_desired("bye"), make_desired("here", 31)])
    clock.advance(3600)
    service.record_intents(uow, bot_id, [make_desired("more")])
    assert queries.count_created(uow.session, bot_id, clock.now()) == {None: 3, 31: 1}
    assert queries.count_created(uow.session, bot_id, clock.now() + timedelta(hours=24)) == {None: 1}
    assert queries.count_created(uow.session, bot_id, clock.now() + timedelta(hours=26)) == {}


def test_creates_of_long_ago_are_forgotten(uow: UnitOfWork, bot_id: UUID, clock: FakeClock) -> None:
    service.record_intents(uow, bot_id, [make_desired()])
    clock.advance(3 * 24 * 3600)
    service.record_intents(uow, bot_id, [make_desired("bye")])
    rows = uow.session.query(CommandCreates).filter_by(bot_id=bot_id).all()
    assert [(row.count, row.hour) for row in rows] == [
        (1, clock.now().replace(minute=0, second=0, microsecond=0))
    ]


def test_a_look_is_news_when_it_finds_something_else(
    uow: UnitOfWork, bot_id: UUID, published: Published, clock: FakeClock
) -> None:
    same, missing = policy.plan([], [], []), policy.plan([make_desired()], [], [])
    assert queries.find_look(uow.session, bot_id) is None
    assert [service.note_look(uow, bot_id, plan) for plan in (same, same, missing, missing, same)] == [
        True,
        False,
        True,
        False,
        True,
    ]
    uow.commit()
    assert published.events == [CommandsCompared(bot_id)] * 3
    look = queries.find_look(uow.session, bot_id)
    assert look is not None
    assert (look.differs, look.looked_at, look.digest) == (0, clock.now(), policy.digest_of_plan(same))
    assert look.plan == same.to_json()


def test_drift_is_counted_where_there_is_some(uow: UnitOfWork, bot_id: UUID) -> None:
    other = make_bot(uow.session, name="Moss").id
    service.note_look(uow, bot_id, policy.plan([make_desired(), make_desired("bye")], [], []))
    service.note_look(uow, other, policy.plan([], [make_remote("theirs")], []))
    assert queries.count_drift(uow.session, ALL) == {bot_id: (2, START)}
    assert queries.count_drift(uow.session, only(other)) == {}


def test_applying_asks_the_runner_and_is_written_down(uow: UnitOfWork, bot_id: UUID, owner: Actor) -> None:
    plan = policy.plan([make_desired(), make_desired("bye")], [], [])
    service.note_look(uow, bot_id, plan)
    seen = policy.digest_of_plan(plan)
    job = jobs.get_job(uow.session, service.ask_apply(uow, owner, bot_id, seen))
    assert (job.kind, job.target, job.payload) == (
        JobKind.APPLY_PLAN,
        fleet_target(bot_id),
        {"seen": seen},
    )
    uow.commit()
    [entry] = list_recent(uow.session)
    assert (entry.action, entry.after) == (
        "command.apply",
        {"plan": seen, "create": 2, "update": 0, "delete": 0},
    )


def test_applying_takes_the_right_to_publish(uow: UnitOfWork, bot_id: UUID) -> None:
    editor = make_actor(Permission.COMMAND_VIEW, Permission.COMMAND_EDIT, bot_id=bot_id)
    with pytest.raises(ForbiddenError):
        service.ask_apply(uow, editor, bot_id, "abc")


def test_live_keys_are_those_of_live_commands(uow: UnitOfWork, bot_id: UUID) -> None:
    store_command(uow.session, bot_id, "hello", published_version=1)
    store_command(uow.session, bot_id, "here", published_version=1, published_guild_id=31)
    store_command(uow.session, bot_id, "draft")
    store_command(uow.session, bot_id, "off", published_version=1, is_active=False)
    assert sorted(queries.list_live_keys(uow.session, only(bot_id))[bot_id], key=str) == [
        (31, "here"),
        (None, "hello"),
    ]
    assert len(queries.list_live_keys(uow.session, ALL)) == 3


class Strong(Reply):
    """An action that needs something of the platform."""

    name = "strong"
    permission = "MANAGE_ROLES"


def test_needs_are_found_in_branches_too(
    uow: UnitOfWork, bot_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions = {"if": If(), "strong": Strong(), "reply": Reply()}
    monkeypatch.setattr(registry, "ACTIONS", MappingProxyType(actions))
    command = store_command(uow.session, bot_id, "color", published_version=1, published_guild_id=31)
    store_command(uow.session, bot_id, "hello", published_version=1)
    deep = {"id": "b", "type": "strong", "params": {}}
    step = {"id": "a", "type": "if", "params": {}, "then": [{**step_if(), "else": [deep, deep]}]}
    _replace_steps(uow, command.id, [step, {"id": "z", "type": "gone"}, "odd"])
    assert queries.list_needs(uow.session, only(bot_id)) == {
        bot_id: [PermissionNeed("MANAGE_ROLES", "for /color", command.id, 31)]
    }
    assert queries.mask_of({"steps": [deep, deep]}) == 1 << 28


def step_if() -> dict[str, object]:
    return {"id": "c", "type": "if", "params": {}}


def _replace_steps(uow: UnitOfWork, command_id: UUID, steps: list[object]) -> None:
    version = uow.session.query(CommandVersion).filter_by(command_id=command_id).one()
    version.document = {**version.document, "steps": steps}
    version.needs = queries.mask_of(version.document)
    uow.session.flush()


def test_the_actions_of_today_need_nothing(uow: UnitOfWork, bot_id: UUID) -> None:
    store_command(uow.session, bot_id, "hello", published_version=1)
    assert queries.list_needs(uow.session, only(bot_id)) == {}
