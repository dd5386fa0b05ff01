"""The API gives the same on both databases: walks meet each thing once, filters and keys narrow alike."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.api_keys import service as api_keys
from tests.contract.web.conftest import NAMES
from tests.factories.bots import make_bot
from tests.factories.commands import store_command
from tests.factories.logs import make_command_log
from tests.fakes.clock import START
from tests.unit.web.admin.conftest import House

HOSTILE = ("' OR '1'='1", "') UNION SELECT digest FROM api_keys --", "%s %(a)s {0} :a ?", "\\", "a" * 200)
EVERYTHING = (Permission.BOT_VIEW, Permission.BOT_CONTROL, Permission.COMMAND_VIEW, Permission.LOG_VIEW)


class Program:
    """Asks with a key."""

    def __init__(
        self, house: House, user_id: UUID, *scopes: Permission, bots: list[UUID] | None = None
    ) -> None:
        self._client = house.site.app.test_client()
        with house.site.unit() as uow:
            _, key = api_keys.make_key(
                uow,
                Actor("user", str(user_id)),
                house.site.services.keys.peppers,
                user_id=user_id,
                name="contract",
                scopes=scopes or EVERYTHING,
                bot_ids=bots,
            )
            uow.commit()
        self._headers = {"Authorization": f"Bearer {key.reveal()}"}

    def ask(self, path: str, method: str = "GET", **query: Any) -> Any:
        return self._client.open(
            f"/api/v1{path}", method=method, headers=self._headers, query_string=query or None
        )

    def walk(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Give the items of all pages."""
        page = self.ask(path, **query).get_json()
        yield from page["items"]
        while page["next"]:
            page = self.ask(path, **query | {"cursor": page["next"]}).get_json()
            yield from page["items"]


@pytest.fixture(scope="module")
def owner(house: House) -> Program:
    return Program(house, house.owner.person.user.id)


@pytest.fixture(scope="module")
def keeper(house: House) -> Program:
    return Program(house, house.keeper.person.user.id)


@pytest.mark.parametrize("limit", [1, 2, 200])
def test_a_walk_meets_each_bot_once_though_bots_come_and_are_renamed(
    house: House, owner: Program, limit: int
) -> None:
    first = owner.ask("/bots", limit=limit).get_json()
    with house.site.unit() as uow:
        added = str(make_bot(uow.session, name=f"aaa {limit}").id)
        uow.commit()
    rest = list(owner.walk("/bots", limit=limit, cursor=first["next"])) if first["next"] else []
    ids = [bot["id"] for bot in [*first["items"], *rest]]
    assert len(ids) == len(set(ids))
    assert ids == sorted(ids)
    assert (added in ids) == bool(first["next"])
    assert len(ids) >= len(NAMES) + 2


def test_bots_are_narrowed_by_text_and_wish(owner: Program) -> None:
    assert [bot["name"] for bot in owner.walk("/bots", text="GAMMA 100%")] == ["gamma 100%"]
    assert [bot["name"] for bot in owner.walk("/bots", text="a_1")] == ["Delta_1"]
    assert list(owner.walk("/bots", desired_state="running")) == []
    assert list(owner.walk("/bots", tags=["none", "such"])) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_a_search_is_only_a_search(owner: Program, text: str) -> None:
    for path in ("/bots", "/command-logs"):
        answer = owner.ask(path, text=text)
        assert answer.status_code == 200
        assert answer.get_json()["items"] == []


@pytest.mark.parametrize("path", ["/bots", "/command-logs", "/bots/{own}/commands"])
@pytest.mark.parametrize("cursor", ["x", "....", "Ym90cyB4", "Ym90cyA", "é", "a" * 200, "bm9uc2Vuc2Ug"])
def test_a_cursor_that_nobody_wrote_is_refused(house: House, owner: Program, path: str, cursor: str) -> None:
    answer = owner.ask(path.format(own=house.own.bot_id), cursor=cursor)
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["pointer"] == "/cursor"


def test_a_cursor_of_one_list_is_none_of_another(house: House, owner: Program) -> None:
    cursor = owner.ask("/bots", limit=1).get_json()["next"]
    for path in ("/command-logs", f"/bots/{house.own.bot_id}/commands"):
        assert owner.ask(path, cursor=cursor).status_code == 400


def test_the_link_leads_on_with_the_same_question(owner: Program) -> None:
    answer = owner.ask("/bots", limit=1, text="a")
    address, relation = answer.headers["Link"].split("; ")
    assert relation == 'rel="next"'
    following = owner.ask(address.strip("<>").removeprefix("/api/v1"))
    assert following.status_code == 200
    assert following.get_json()["items"][0]["id"] != answer.get_json()["items"][0]["id"]


def test_commands_are_listed_by_their_making_and_given_with_their_drafts(
    house: House, owner: Program
) -> None:
    bot_id = house.own.bot_id
    with house.site.unit() as uow:
        for name in ("zeta", "alpha"):
            store_command(uow.session, bot_id, name)
        uow.commit()
    commands = list(owner.walk(f"/bots/{bot_id}/commands", limit=1))
    assert [command["name"] for command in commands] == ["hello0", "zeta", "alpha"]
    found = owner.ask(f"/bots/{bot_id}/commands/{commands[0]['id']}").get_json()
    assert found["draft"]["name"] == "hello0"
    assert found["status"] in {"draft", "off", "changed", "live"}


def test_a_command_of_another_bot_is_not_there(house: House, owner: Program) -> None:
    for bot_id, command_id in (
        (house.own.bot_id, house.foreign.command_id),
        (house.foreign.bot_id, house.own.command_id),
        (house.own.bot_id, uuid4()),
    ):
        answer = owner.ask(f"/bots/{bot_id}/commands/{command_id}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "command_not_found")


def test_log_rows_are_met_once_and_narrowed_as_everywhere(house: House, owner: Program) -> None:
    sink = house.site.services.shared.make_sink()
    sink.start()
    for number in range(5):
        outcome = "failed" if number % 2 else "succeeded"
        sink.put(
            make_command_log(
                bot_id=house.own.bot_id, command_name="walked", outcome=outcome, user_id=number + 1
            )
        )
    sink.close()
    for limit in (1, 2, 5, 200):
        rows = list(owner.walk("/command-logs", command="walked", limit=limit))
        assert sorted(row["user_id"] for row in rows) == ["1", "2", "3", "4", "5"]
    assert len(list(owner.walk("/command-logs", command="walked", outcome="failed"))) == 2
    assert list(owner.walk("/command-logs", command="walked", bot_ids=[str(house.foreign.bot_id)])) == []
    assert list(owner.walk("/command-logs", command="walked", before=START.isoformat())) == []
    assert len(list(owner.walk("/command-logs", command="walked", after=START.isoformat()))) == 5


def test_a_key_sees_its_own_bots_and_nothing_of_others(house: House, keeper: Program) -> None:
    own, foreign = house.own.bot_id, house.foreign.bot_id
    assert [bot["id"] for bot in keeper.walk("/bots")] == [str(own)]
    assert {row["bot_id"] for row in keeper.walk("/command-logs")} == {str(own)}
    assert list(keeper.walk("/command-logs", bot_ids=[str(foreign)])) == []
    for path, method in (
        ("", "GET"),
        ("/commands", "GET"),
        ("/start", "POST"),
        ("/stop", "POST"),
        ("/restart", "POST"),
    ):
        answers = [keeper.ask(f"/bots/{bot_id}{path}", method) for bot_id in (foreign, uuid4())]
        found = [
            {name: value for name, value in answer.get_json().items() if name not in {"request_id", "detail"}}
            for answer in answers
        ]
        assert found[0] == found[1]
        assert found[0]["status"] == 404


def test_a_limited_key_of_an_owner_sees_its_bots_alone(house: House) -> None:
    limited = Program(house, house.owner.person.user.id, bots=[house.foreign.bot_id])
    assert [bot["id"] for bot in limited.walk("/bots")] == [str(house.foreign.bot_id)]
    assert limited.ask(f"/bots/{house.own.bot_id}").status_code == 404


def test_starting_and_stopping_can_be_repeated(house: House, owner: Program) -> None:
    path = f"/bots/{house.own.bot_id}"
    for verb, wanted in (
        ("start", "running"),
        ("start", "running"),
        ("stop", "stopped"),
        ("stop", "stopped"),
    ):
        answer = owner.ask(f"{path}/{verb}", "POST")
        assert (answer.status_code, answer.get_json()["desired_state"]) == (202, wanted)
    assert owner.ask(f"{path}/restart", "POST").get_json()["desired_state"] == "running"
    assert owner.ask(f"{path}/stop", "POST").status_code == 202


def test_a_right_that_a_key_was_not_given_is_refused(house: House) -> None:
    reader = Program(house, house.owner.person.user.id, Permission.BOT_VIEW)
    answer = reader.ask(f"/bots/{house.own.bot_id}/start", "POST")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "forbidden")
    assert "start, stop and restart" in answer.get_json()["detail"]
    assert reader.ask("/command-logs").status_code == 403
    assert reader.ask(f"/bots/{house.own.bot_id}/commands").status_code == 403
