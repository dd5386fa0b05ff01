from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.api_keys import registry as module
from socialcube.domain.api_keys.errors import (
    KeyExpiredError,
    KeyMalformedError,
    KeyOrphanedError,
    KeyRevokedError,
    KeyUnknownError,
)
from socialcube.domain.api_keys.policy import writing
from socialcube.domain.api_keys.registry import REMEMBER_SECONDS, KeyRegistry
from socialcube.domain.api_keys.service import is_worth_noting
from socialcube.domain.api_keys.types import ApiKeyView, KeyRecord, Proof
from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import SigningKeys
from tests.factories.api_keys import PEPPERS
from tests.fakes.clock import START, FakeClock

MARA, JONAS = UUID(int=5), UUID(int=6)


class Table:
    """Keys by their public id, and how often each was read."""

    def __init__(self) -> None:
        self.rows: dict[str, KeyRecord] = {}
        self.reads: Counter[str] = Counter()

    def load(self, public_id: str) -> KeyRecord | None:
        self.reads[public_id] += 1
        return self.rows.get(public_id)

    def add(self, user_id: UUID = MARA, peppers: SigningKeys = PEPPERS) -> str:
        public_id = writing.make_public_id()
        key = writing.make_key(public_id).reveal()
        view = ApiKeyView(
            id=UUID(int=9),
            public_id=public_id,
            name="Night script",
            user_id=user_id,
            scopes=frozenset({Permission.BOT_VIEW}),
            bot_ids=None,
            created_at=START,
            expires_at=START + timedelta(days=90),
            revoked_at=None,
            previous_ends_at=None,
            last_used_at=None,
            last_address="",
        )
        actor = Actor.key(view.id, frozenset(), {})
        self.rows[public_id] = KeyRecord(
            view, writing.digest(peppers, key), "", actor, is_orphaned=False, places=frozenset()
        )
        return key

    def change(self, key: str, **changes: object) -> None:
        record = self.rows[key[3:11]]
        fields = {name: changes.pop(name) for name in list(changes) if hasattr(record, name)}
        self.rows[key[3:11]] = replace(record, view=replace(record.view, **changes), **fields)  # type: ignore[arg-type]


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def registry(table: Table, clock: FakeClock) -> KeyRegistry:
    return KeyRegistry(table.load, PEPPERS, clock)


def test_a_right_key_is_read_once_however_often_it_is_shown(registry: KeyRegistry, table: Table) -> None:
    key = table.add()
    for _ in range(5):
        assert registry.verify(key) == Proof(table.rows[key[3:11]])
    assert table.reads[key[3:11]] == 1


def test_what_is_written_like_no_key_is_never_looked_up(registry: KeyRegistry, table: Table) -> None:
    key = table.add()
    wrong_check = key[:-1] + ("0" if key[-1] != "0" else "1")
    for text in ("", "nonsense", wrong_check, "sc_" + "a" * 100_000):
        with pytest.raises(KeyMalformedError):
            registry.verify(text)
    assert not table.reads


def test_a_wrong_secret_and_an_unknown_id_look_alike(registry: KeyRegistry, table: Table) -> None:
    wrong_secret = writing.make_key(table.add()[3:11]).reveal()
    unknown = writing.make_key(writing.make_public_id()).reveal()
    answers = []
    for key in (wrong_secret, unknown):
        with pytest.raises(KeyUnknownError) as caught:
            registry.verify(key)
        answers.append((caught.value.code, caught.value.message, caught.value.remedy))
    assert answers[0] == answers[1]


def test_both_ways_of_being_wrong_compare_a_digest(
    registry: KeyRegistry, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    real = writing.matches

    def compare(peppers: SigningKeys, stored: str, key: str) -> bool:
        compared.append(stored)
        return real(peppers, stored, key)

    monkeypatch.setattr(writing, "matches", compare)
    for key in (writing.make_key(table.add()[3:11]), writing.make_key(writing.make_public_id())):
        with pytest.raises(KeyUnknownError):
            registry.verify(key.reveal())
    assert len(compared) == 2


def test_ids_that_do_not_exist_are_remembered_too(registry: KeyRegistry, table: Table) -> None:
    key = writing.make_key(writing.make_public_id()).reveal()
    for _ in range(3):
        with pytest.raises(KeyUnknownError):
            registry.verify(key)
    assert table.reads[key[3:11]] == 1


def test_trying_ids_pushes_out_no_key_that_is_used(
    registry: KeyRegistry, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_REMEMBERED", 3)
    key = table.add()
    registry.verify(key)
    tried = [writing.make_key(writing.make_public_id()).reveal() for _ in range(10)]
    for each in tried:
        with pytest.raises(KeyUnknownError):
            registry.verify(each)
    registry.verify(key)
    assert table.reads[key[3:11]] == 1
    with pytest.raises(KeyUnknownError):
        registry.verify(tried[0])
    assert table.reads[tried[0][3:11]] == 2


def test_the_oldest_of_many_keys_is_read_again(
    registry: KeyRegistry, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_REMEMBERED", 2)
    keys = [table.add() for _ in range(3)]
    for key in (*keys, keys[2], keys[0]):
        registry.verify(key)
    assert [table.reads[key[3:11]] for key in keys] == [2, 1, 1]


def test_a_memory_ends_within_two_seconds(registry: KeyRegistry, table: Table, clock: FakeClock) -> None:
    key = table.add()
    registry.verify(key)
    table.change(key, revoked_at=START)
    registry.verify(key)
    assert REMEMBER_SECONDS < 2
    clock.advance(REMEMBER_SECONDS)
    with pytest.raises(KeyRevokedError):
        registry.verify(key)


def test_a_hint_ends_it_at_once(registry: KeyRegistry, table: Table) -> None:
    key = table.add()
    registry.verify(key)
    table.change(key, revoked_at=START)
    registry.forget(key[3:11])
    with pytest.raises(KeyRevokedError):
        registry.verify(key)


def test_a_hint_about_a_person_ends_the_memory_of_their_keys(registry: KeyRegistry, table: Table) -> None:
    mine, other = table.add(MARA), table.add(JONAS)
    for key in (mine, other):
        registry.verify(key)
    registry.forget_of(MARA)
    table.change(mine, is_orphaned=True)
    with pytest.raises(KeyOrphanedError):
        registry.verify(mine)
    registry.verify(other)
    assert table.reads[other[3:11]] == 1


def test_a_key_ends_when_it_was_said_to(registry: KeyRegistry, table: Table, clock: FakeClock) -> None:
    key = table.add()
    clock.advance(timedelta(days=90).total_seconds() - 1)
    registry.verify(key)
    clock.advance(1)
    with pytest.raises(KeyExpiredError, match=r"ended on \d{4}-\d\d-\d\d"):
        registry.verify(key)


def test_only_who_knows_the_secret_learns_why_it_does_not_work(registry: KeyRegistry, table: Table) -> None:
    key = table.add()
    table.change(key, revoked_at=START)
    with pytest.raises(KeyUnknownError):
        registry.verify(writing.make_key(key[3:11]).reveal())


def test_two_secrets_work_until_the_older_one_ends(
    registry: KeyRegistry, table: Table, clock: FakeClock
) -> None:
    old = table.add()
    new = writing.make_key(old[3:11]).reveal()
    stored = table.rows[old[3:11]].digest
    table.change(
        old,
        digest=writing.digest(PEPPERS, new),
        previous_digest=stored,
        previous_ends_at=START + timedelta(hours=24),
    )
    for key in (old, new):
        assert registry.verify(key).record.view.public_id == old[3:11]
    clock.advance(24 * 3600)
    registry.verify(new)
    with pytest.raises(KeyUnknownError):
        registry.verify(old)


def test_a_key_under_an_older_pepper_is_given_its_new_digest(table: Table, clock: FakeClock) -> None:
    older = SigningKeys([Secret("o" * 32)], "tests")
    both = SigningKeys([Secret("n" * 32), Secret("o" * 32)], "tests")
    key = table.add(peppers=older)
    proof = KeyRegistry(table.load, both, clock).verify(key)
    assert proof.renewed_digest == writing.digest(both, key)
    with pytest.raises(KeyUnknownError):
        KeyRegistry(table.load, SigningKeys([Secret("n" * 32)], "tests"), clock).verify(key)


def test_a_use_is_noted_once_a_minute_and_from_each_new_place(registry: KeyRegistry, table: Table) -> None:
    key = table.add()
    assert is_worth_noting(registry.verify(key), "192.0.2.1", START)
    table.change(key, last_used_at=START, places=frozenset({"192.0.2.1"}))
    registry.forget(key[3:11])
    proof = registry.verify(key)
    assert not is_worth_noting(proof, "192.0.2.1", START + timedelta(seconds=59))
    assert is_worth_noting(proof, "192.0.2.1", START + timedelta(seconds=60))
    assert is_worth_noting(proof, "192.0.2.2", START)
    assert is_worth_noting(replace(proof, renewed_digest="x"), "192.0.2.1", START)
