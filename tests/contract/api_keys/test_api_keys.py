from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.accounts import service as people
from socialcube.domain.accounts.errors import UserDisabledError, UserNotFoundError
from socialcube.domain.accounts.types import BuiltInRole, UserView
from socialcube.domain.api_keys import queries, service
from socialcube.domain.api_keys.errors import (
    InvalidKeyError,
    KeyEndedError,
    KeyNotFoundError,
    NotYourKeyError,
    TooManyKeysError,
)
from socialcube.domain.api_keys.events import ApiKeyChanged
from socialcube.domain.api_keys.policy import writing
from socialcube.domain.api_keys.types import MAX_ADDRESSES, KeyState, Proof
from socialcube.domain.audit import policy
from socialcube.domain.audit import queries as audit
from socialcube.domain.audit import service as log
from socialcube.domain.audit.queries import find_head, find_points, list_rows
from socialcube.kernel.errors import ForbiddenError
from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import SigningKeys
from tests.factories.accounts import SYSTEM, make_user
from tests.factories.api_keys import PEPPERS, make_api_key
from tests.factories.bots import make_bot
from tests.fakes.clock import FakeClock
from tests.fakes.events import Published

DAY = timedelta(days=1)


@pytest.fixture
def mara(uow: UnitOfWork) -> UserView:
    """Give the owner of the site."""
    return make_user(uow, "mara", role=BuiltInRole.OWNER)


def actions(uow: UnitOfWork) -> list[str]:
    uow.commit()
    return [entry.action for entry in audit.list_recent(uow.session) if entry.action.startswith("key.")]


def test_a_key_is_stored_without_its_secret(uow: UnitOfWork, mara: UserView, published: Published) -> None:
    view, key = make_api_key(uow, mara.id, Permission.BOT_VIEW, Permission.LOG_VIEW)
    uow.commit()
    assert queries.get_key(uow.session, view.public_id) == view == queries.get_key(uow.session, view.id)
    assert view.scopes == {Permission.BOT_VIEW, Permission.LOG_VIEW}
    assert (view.bot_ids, view.last_used_at, view.user_id) == (None, None, mara.id)
    assert view.expires_at - view.created_at == 90 * DAY
    assert ApiKeyChanged(view.public_id) in published.events
    rows = [
        *uow.session.execute(text("SELECT * FROM api_keys")),
        *uow.session.execute(text("SELECT * FROM audit_logs")),
    ]
    assert rows
    assert key[12:55] not in str(rows)
    assert writing.digest(PEPPERS, key) in str(rows)


def test_who_made_what_is_in_the_audit_log(uow: UnitOfWork, mara: UserView) -> None:
    view, _ = make_api_key(uow, mara.id, name="Deploy")
    assert actions(uow) == ["key.make"]
    (entry,) = [entry for entry in audit.list_recent(uow.session) if entry.action == "key.make"]
    assert (entry.actor, entry.subject_id) == (f"user:{mara.id}", str(view.id))
    assert entry.after is not None
    assert entry.after["name"] == "Deploy"
    assert entry.after["scopes"] == "bot.view"


def test_keys_are_listed_by_person_the_newest_first(uow: UnitOfWork, mara: UserView) -> None:
    jonas = make_user(uow, "jonas", role=BuiltInRole.OWNER)
    first, second, other = (make_api_key(uow, each.id)[0] for each in (mara, mara, jonas))
    assert [key.id for key in queries.list_keys(uow.session, user_id=mara.id)] == [second.id, first.id]
    assert [key.id for key in queries.list_keys(uow.session)] == [other.id, second.id, first.id]


@pytest.mark.parametrize("ref", ["", "sc_", "00000000", UUID(int=404), str(UUID(int=404)), "' OR 1=1 --"])
def test_a_key_that_is_none_is_not_found(uow: UnitOfWork, ref: UUID | str) -> None:
    with pytest.raises(KeyNotFoundError):
        queries.get_key(uow.session, ref)


def test_nobody_makes_a_key_that_acts_as_another(uow: UnitOfWork, mara: UserView) -> None:
    jonas = make_user(uow, "jonas", role=BuiltInRole.OWNER)
    with pytest.raises(NotYourKeyError):
        service.make_key(
            uow,
            Actor.user(jonas.id, frozenset(Permission)),
            PEPPERS,
            user_id=mara.id,
            name="x",
            scopes=["bot.view"],
        )
    made, _ = service.make_key(
        uow, Actor.cli("root"), PEPPERS, user_id=mara.id, name="x", scopes=["bot.view"]
    )
    assert made.user_id == mara.id


def test_a_person_who_is_gone_or_off_gets_no_key(uow: UnitOfWork, mara: UserView) -> None:
    make_user(uow, "jonas", role=BuiltInRole.OWNER)
    people.set_disabled(uow, SYSTEM, mara.id, disabled=True)
    with pytest.raises(UserDisabledError):
        make_api_key(uow, mara.id)
    with pytest.raises(UserNotFoundError):
        make_api_key(uow, uuid4())


def test_a_key_holds_at_most_what_its_maker_holds(uow: UnitOfWork, mara: UserView) -> None:
    jonas = make_user(uow, "jonas", role=BuiltInRole.OPERATOR)
    with pytest.raises(ForbiddenError):
        make_api_key(uow, jonas.id)
    with pytest.raises(InvalidKeyError):
        make_api_key(uow, mara.id, Permission.SITE_ADMIN)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " \n "}, "needs a name"),
        ({"name": "x" * 81}, "longer than 80"),
        ({"life": timedelta(hours=23)}, "from 1 to 365 days"),
        ({"life": timedelta(days=366)}, "from 1 to 365 days"),
    ],
)
def test_a_key_has_a_name_and_an_end(
    uow: UnitOfWork, mara: UserView, change: dict[str, object], words: str
) -> None:
    with pytest.raises(InvalidKeyError, match=words):
        make_api_key(uow, mara.id, **change)  # type: ignore[arg-type]


def test_a_person_has_so_many_keys_and_no_more(
    uow: UnitOfWork, mara: UserView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socialcube.domain.api_keys.service.keys.MAX_KEYS_OF_ONE", 2)
    first, _ = make_api_key(uow, mara.id)
    make_api_key(uow, mara.id)
    with pytest.raises(TooManyKeysError):
        make_api_key(uow, mara.id)
    service.revoke_key(uow, Actor.user(mara.id), first.id)
    make_api_key(uow, mara.id)


def test_rotating_lets_two_secrets_work_and_a_third_end_the_first(
    uow: UnitOfWork, mara: UserView, clock: FakeClock
) -> None:
    view, first = make_api_key(uow, mara.id)
    me = Actor.user(mara.id)
    rotated, second = service.rotate_key(uow, me, PEPPERS, view.id)
    assert rotated.public_id == view.public_id
    assert rotated.previous_ends_at == clock.now() + DAY
    record = queries.find_record(uow.session, view.public_id)
    assert record is not None
    assert writing.matches(PEPPERS, record.digest, second.reveal())
    assert writing.matches(PEPPERS, record.previous_digest, first)
    service.rotate_key(uow, me, PEPPERS, view.id)
    record = queries.find_record(uow.session, view.public_id)
    assert record is not None
    assert writing.matches(PEPPERS, record.previous_digest, second.reveal())
    assert actions(uow) == ["key.make", "key.rotate", "key.rotate"]


def test_rotating_without_grace_ends_the_old_secret_now(uow: UnitOfWork, mara: UserView) -> None:
    view, _ = make_api_key(uow, mara.id)
    service.rotate_key(uow, Actor.user(mara.id), PEPPERS, view.id, grace=timedelta(0))
    record = queries.find_record(uow.session, view.public_id)
    assert record is not None
    assert (record.previous_digest, record.view.previous_ends_at) == ("", None)


@pytest.mark.parametrize("grace", [timedelta(days=8), timedelta(seconds=-1)])
def test_an_old_secret_lasts_a_week_at_most(uow: UnitOfWork, mara: UserView, grace: timedelta) -> None:
    view, _ = make_api_key(uow, mara.id)
    with pytest.raises(InvalidKeyError):
        service.rotate_key(uow, Actor.user(mara.id), PEPPERS, view.id, grace=grace)


def test_only_the_maker_gets_a_new_secret(uow: UnitOfWork, mara: UserView) -> None:
    jonas = make_user(uow, "jonas", role=BuiltInRole.OWNER)
    view, _ = make_api_key(uow, mara.id)
    with pytest.raises(NotYourKeyError):
        service.rotate_key(uow, Actor.user(jonas.id, frozenset(Permission)), PEPPERS, view.id)


def test_a_key_that_ended_is_not_rotated(uow: UnitOfWork, mara: UserView, clock: FakeClock) -> None:
    me = Actor.user(mara.id)
    revoked, expired = make_api_key(uow, mara.id)[0], make_api_key(uow, mara.id, life=DAY)[0]
    service.revoke_key(uow, me, revoked.id)
    clock.advance(DAY.total_seconds())
    for view in (revoked, expired):
        with pytest.raises(KeyEndedError):
            service.rotate_key(uow, me, PEPPERS, view.id)
    assert queries.get_key(uow.session, expired.id).state(clock.now()) is KeyState.EXPIRED


def test_its_maker_and_who_manages_the_site_may_revoke_a_key(uow: UnitOfWork, mara: UserView) -> None:
    mine, other, third = (make_api_key(uow, mara.id)[0] for _ in range(3))
    service.revoke_key(uow, Actor.user(mara.id), mine.id)
    service.revoke_key(uow, Actor.user(mara.id), mine.id)
    service.revoke_key(uow, Actor.user(uuid4(), frozenset({Permission.SITE_ADMIN})), other.id)
    stranger = Actor.user(uuid4(), frozenset({Permission.APIKEY_MANAGE}))
    for key_id in (third.id, uuid4()):
        with pytest.raises(KeyNotFoundError):
            service.revoke_key(uow, stranger, key_id)
    assert actions(uow).count("key.revoke") == 2
    assert queries.get_key(uow.session, mine.id).state(mine.created_at) is KeyState.REVOKED


def test_what_the_maker_loses_the_key_loses(uow: UnitOfWork) -> None:
    fern = make_bot(uow.session, name="Fern").id
    jonas = make_user(uow, "jonas", role=BuiltInRole.MANAGER, bot_id=fern)
    view, _ = make_api_key(uow, jonas.id, Permission.BOT_VIEW, bots=[fern])

    def may() -> bool:
        record = queries.find_record(uow.session, view.public_id)
        assert record is not None
        return can(record.actor, Permission.BOT_VIEW, Subject.bot(fern))

    assert may()
    (grant,) = accounts.list_grants(uow.session, user_id=jonas.id)
    people.revoke_grant(uow, SYSTEM, grant.id)
    assert not may()


def test_a_key_of_somebody_who_is_switched_off_is_orphaned(uow: UnitOfWork, mara: UserView) -> None:
    make_user(uow, "jonas", role=BuiltInRole.OWNER)
    view, _ = make_api_key(uow, mara.id)
    people.set_disabled(uow, SYSTEM, mara.id, disabled=True)
    record = queries.find_record(uow.session, view.public_id)
    assert record is not None
    assert record.is_orphaned
    assert record.actor.permissions == frozenset()
    assert queries.find_record(uow.session, "00000000") is None


def test_a_use_is_noted_and_each_new_place_audited_once(
    uow: UnitOfWork, mara: UserView, clock: FakeClock
) -> None:
    view, _ = make_api_key(uow, mara.id)
    for place in ("192.0.2.1", "192.0.2.1", "2001:db8::/64"):
        record = queries.find_record(uow.session, view.public_id)
        assert record is not None
        service.note_use(uow, Proof(record), place=place, address=place, request_id="r1")
    seen = queries.get_key(uow.session, view.id)
    assert (seen.last_used_at, seen.last_address) == (clock.now(), "2001:db8::/64")
    assert actions(uow).count("key.use_from_new_address") == 2
    (entry, _) = [each for each in audit.list_recent(uow.session) if each.action.startswith("key.use")]
    assert (entry.actor, entry.address, entry.request_id) == (f"key:{view.id}", "192.0.2.1", "r1")


def test_an_erased_person_has_no_key_and_no_address_left(uow: UnitOfWork, mara: UserView) -> None:
    make_user(uow, "ada", role=BuiltInRole.OWNER)
    view, _ = make_api_key(uow, mara.id)
    record = queries.find_record(uow.session, view.public_id)
    assert record is not None
    service.note_use(uow, Proof(record), place="192.0.2.1", address="192.0.2.1")
    acting = replace(record.actor, address="192.0.2.1")
    log.record(uow, acting, "bot.edit", subject_kind="bot", subject_id="x")
    uow.commit()
    service.erase_keys(uow, SYSTEM, mara.id)
    people.erase_person(uow, SYSTEM, mara.id)
    uow.commit()
    service.note_use(uow, Proof(record), place="192.0.2.1", address="192.0.2.1")
    uow.commit()
    ended = queries.get_key(uow.session, view.id)
    assert (ended.revoked_at is not None, ended.last_address) == (True, "")
    for table in ("api_keys", "audit_logs"):
        rows = uow.session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - named above
        assert "192.0.2.1" not in str(rows)
    walked = policy.Walk(uow.keys, find_points(uow.session, "start"))
    for row in list_rows(uow.session, None):
        walked.take(row)
    said = walked.end(find_head(uow.session))
    assert said.is_sound, said.findings


def test_so_many_places_are_remembered_and_no_more(uow: UnitOfWork, mara: UserView) -> None:
    view, _ = make_api_key(uow, mara.id)
    record = queries.find_record(uow.session, view.public_id)
    assert record is not None
    for number in range(MAX_ADDRESSES + 5):
        service.note_use(uow, Proof(record), place=f"192.0.2.{number}", address="")
    record = queries.find_record(uow.session, view.public_id)
    assert record is not None
    assert record.places == {f"192.0.2.{number}" for number in range(5, MAX_ADDRESSES + 5)}


def test_a_digest_is_renewed_unless_the_key_was_rotated_meanwhile(uow: UnitOfWork, mara: UserView) -> None:
    view, key = make_api_key(uow, mara.id)
    newer = SigningKeys([Secret("n" * 32)], "tests")
    before = queries.find_record(uow.session, view.public_id)
    assert before is not None
    proof = Proof(before, writing.digest(newer, key))
    service.note_use(uow, proof, place="", address="")
    after = queries.find_record(uow.session, view.public_id)
    assert after is not None
    assert after.digest == proof.renewed_digest
    _, fresh = service.rotate_key(uow, Actor.user(mara.id), newer, view.id)
    service.note_use(uow, proof, place="", address="")
    last = queries.find_record(uow.session, view.public_id)
    assert last is not None
    assert writing.matches(newer, last.digest, fresh.reveal())


def test_a_use_of_a_key_that_is_gone_is_nobodys(uow: UnitOfWork, mara: UserView) -> None:
    view, _ = make_api_key(uow, mara.id)
    record = queries.find_record(uow.session, view.public_id)
    assert record is not None
    uow.session.execute(text("DELETE FROM api_keys"))
    uow.session.expunge_all()
    service.note_use(uow, Proof(record), place="192.0.2.1", address="")
    assert actions(uow) == ["key.make"]
