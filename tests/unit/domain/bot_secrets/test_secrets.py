from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.bot_secrets import queries, service
from socialcube.domain.bot_secrets.errors import (
    InvalidSecretHostError,
    InvalidSecretNameError,
    InvalidSecretValueError,
    SecretNotFoundError,
    TooManySecretsError,
)
from socialcube.domain.bot_secrets.events import BotSecretsChanged
from socialcube.domain.bot_secrets.policy import check_host, check_name, check_value
from socialcube.domain.bot_secrets.types import MAX_SECRETS
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.kernel.errors import ForbiddenError
from socialcube.kernel.secrets import Secret
from tests.factories.access import make_actor
from tests.factories.bot_secrets import store_secret
from tests.factories.bots import make_bot
from tests.fakes.clock import FakeClock
from tests.fakes.events import Published
from tests.fakes.sealing import FakeOpener, FakeSealer

pytestmark = pytest.mark.usefixtures("noise")
SEALER = FakeSealer()
VALUE = Secret("hunter2 and more")


@pytest.fixture
def bot_id(uow: UnitOfWork) -> UUID:
    bot, neighbour = make_bot(uow.session), make_bot(uow.session)
    store_secret(uow.session, SEALER, neighbour.id, "weather_key")
    return bot.id


def put(uow: UnitOfWork, actor: Actor, bot_id: UUID, **changes: str) -> UUID:
    given = {"name": "weather_key", "host": "api.example.com"} | changes
    return service.set_secret(uow, SEALER, actor, bot_id, value=VALUE, **given)


def test_a_secret_is_sealed_to_its_row_and_only_its_name_and_host_can_be_read(
    uow: UnitOfWork, owner: Actor, bot_id: UUID, clock: FakeClock, published: Published
) -> None:
    secret_id = put(uow, owner, bot_id)
    (view,) = queries.list_secrets(uow.session, bot_id)
    assert (view.id, view.name, view.host) == (secret_id, "weather_key", "api.example.com")
    assert (view.set_by, view.set_at) == (str(owner), clock.now())
    assert VALUE.reveal() not in repr(view)
    cell = queries.get_sealed(uow.session, bot_id, "weather_key").cell
    assert VALUE.reveal() not in cell.sealed
    place = {"table": cell.table, "column": cell.column, "context": cell.context}
    opened = FakeOpener().open(cell.sealed, row_id=secret_id, **place)
    assert opened == VALUE
    uow.commit()
    assert published.events == [BotSecretsChanged(bot_id)]


def test_setting_it_again_replaces_value_and_host_in_the_same_row(
    uow: UnitOfWork, owner: Actor, bot_id: UUID
) -> None:
    first = put(uow, owner, bot_id)
    other = make_actor(Permission.SECRET_EDIT, bot_id=bot_id)
    again = service.set_secret(
        uow, SEALER, other, bot_id, name="weather_key", host="other.example.com", value=Secret("new")
    )
    assert again == first
    (view,) = queries.list_secrets(uow.session, bot_id)
    assert (view.host, view.set_by) == ("other.example.com", str(other))


def test_both_are_audited_without_the_value(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    put(uow, owner, bot_id)
    service.delete_secret(uow, owner, bot_id, "weather_key")
    uow.commit()
    entries = {entry.action: entry for entry in list_recent(uow.session)}
    facts = {"name": "weather_key", "host": "api.example.com"}
    assert (entries["secret.set"].before, entries["secret.set"].after) == (None, facts)
    assert (entries["secret.delete"].before, entries["secret.delete"].after) == (facts, None)
    assert entries["secret.set"].bot_id == bot_id
    assert VALUE.reveal() not in repr(entries)


def test_deleting_leaves_the_neighbours_alone(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    put(uow, owner, bot_id)
    put(uow, owner, bot_id, name="other")
    service.delete_secret(uow, owner, bot_id, "weather_key")
    assert [view.name for view in queries.list_secrets(uow.session, bot_id)] == ["other"]
    assert len(queries.list_sealed(uow.session)) == 2
    with pytest.raises(SecretNotFoundError):
        service.delete_secret(uow, owner, bot_id, "weather_key")


def test_both_need_their_permission_on_this_bot(uow: UnitOfWork, bot_id: UUID) -> None:
    everything_else = make_actor(*(set(Permission) - {Permission.SECRET_EDIT}))
    elsewhere = make_actor(Permission.SECRET_EDIT, bot_id=make_bot(uow.session).id)
    for actor in (everything_else, elsewhere):
        with pytest.raises(ForbiddenError, match=r"secret\.edit"):
            put(uow, actor, bot_id)
        with pytest.raises(ForbiddenError):
            service.delete_secret(uow, actor, bot_id, "weather_key")


def test_a_bot_that_is_gone_takes_none(uow: UnitOfWork, owner: Actor, clock: FakeClock) -> None:
    for bot_id in (make_bot(uow.session, deleted_at=clock.now()).id, UUID(int=0)):
        with pytest.raises(BotNotFoundError):
            put(uow, owner, bot_id)


def test_a_bot_has_a_bounded_number(uow: UnitOfWork, owner: Actor, bot_id: UUID) -> None:
    for number in range(MAX_SECRETS):
        store_secret(uow.session, SEALER, bot_id, f"key_{number}")
    with pytest.raises(TooManySecretsError):
        put(uow, owner, bot_id)
    put(uow, owner, bot_id, name="key_0")
    assert queries.count_secrets(uow.session, bot_id) == MAX_SECRETS


@pytest.mark.parametrize("name", ["", "Key", "1key", "a-b", "a" * 33, "key!", "ключ", "a\nb"])
def test_a_name_that_no_step_could_ask_for_is_refused(name: str) -> None:
    with pytest.raises(InvalidSecretNameError):
        check_name(name)
    assert check_name(" weather_key2 ") == "weather_key2"


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("api.example.com", "api.example.com"),
        (" API.Example.COM. ", "api.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("a-b.c1.example", "a-b.c1.example"),
    ],
)
def test_a_host_is_kept_as_it_stands_in_dns(host: str, kept: str) -> None:
    assert check_host(host) == kept


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "127.0.0.1",
        "0x7f.1",
        "127.0.0.0x1",
        "2130706433",
        "::1",
        "[::1]",
        "https://api.example.com",
        "api.example.com/path",
        "api.example.com:443",
        "user@api.example.com",
        "*.example.com",
        "-a.example.com",
        "a..example.com",
        f"{'a' * 64}.example.com",
        ".".join(["a" * 60] * 5),
        "api.example.com\nevil.net",
    ],
)
def test_what_is_no_name_of_a_host_is_refused(host: str) -> None:
    with pytest.raises(InvalidSecretHostError):
        check_host(host)


@pytest.mark.parametrize("value", ["", "a\r\nX-Evil: 1", "a\0b", "x" * 4097])
def test_a_value_that_would_break_its_header_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(InvalidSecretValueError) as caught:
        check_value(Secret(value))
    assert not value or value not in caught.value.message
    assert check_value(Secret(" kept as typed ")).reveal() == " kept as typed "
