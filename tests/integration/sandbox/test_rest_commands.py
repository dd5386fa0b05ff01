from typing import Any

import pytest

from socialcube.sandbox.control.client import ControlClient
from socialcube.sandbox.limits import Limits
from tests.integration.sandbox.clients import Api, command

GLOBAL = "/applications/5001/commands"
GUILD = "/applications/5001/guilds/2001/commands"

EVERY_OPTION = [
    {"type": 3, "name": "text", "description": "d", "required": True, "min_length": 1, "max_length": 9},
    {"type": 3, "name": "pick", "description": "d", "choices": [{"name": "A", "value": "a"}]},
    {"type": 4, "name": "count", "description": "d", "min_value": 1, "max_value": 9},
    {"type": 5, "name": "flag", "description": "d"},
    {"type": 6, "name": "who", "description": "d"},
    {"type": 7, "name": "where", "description": "d", "channel_types": [0]},
    {"type": 8, "name": "role", "description": "d"},
    {"type": 9, "name": "any", "description": "d"},
    {"type": 10, "name": "number", "description": "d", "max_value": 1.5},
    {"type": 11, "name": "file", "description": "d"},
]


@pytest.mark.parametrize("place", [GLOBAL, GUILD])
async def test_command_lives_through_create_read_edit_delete(api: Api, place: str) -> None:
    made = await api("POST", place, command(options=EVERY_OPTION))
    one = f"{place}/{made.value['id']}"
    again = await api("POST", place, command(description="Other"))
    edited = await api("PATCH", one, {"description": "Third", "default_member_permissions": "8"})
    read = await api("GET", one)
    listed = await api("GET", place)
    deleted = await api("DELETE", one)
    gone = await api("GET", one)

    assert (made.status, again.status) == (201, 200)
    assert made.value["id"] == again.value["id"]
    assert made.value["version"] != edited.value["version"]
    assert read.value == edited.value
    assert (read.value["description"], read.value["default_member_permissions"]) == ("Third", "8")
    assert [item["id"] for item in listed.value] == [made.value["id"]]
    assert deleted.status == 204
    assert (gone.status, gone.number) == (404, 10063)


async def test_lists_leave_translations_out_unless_asked(api: Api) -> None:
    await api("POST", GLOBAL, command(name_localizations={"de": "hallo"}))

    plain = await api("GET", GLOBAL)
    full = await api("GET", f"{GLOBAL}?with_localizations=1")

    assert "name_localizations" not in plain.value[0]
    assert full.value[0]["name_localizations"] == {"de": "hallo"}


async def test_bulk_overwrite_keeps_ids_and_removes_the_rest(api: Api) -> None:
    first = await api("PUT", GLOBAL, [command("one"), command("two"), {"name": "Pin it", "type": 3}])
    second = await api("PUT", GLOBAL, [command("two", description="changed"), command("three")])

    ids = {item["name"]: item["id"] for item in first.value}
    assert [item["name"] for item in second.value] == ["two", "three"]
    assert second.value[0]["id"] == ids["two"]


async def test_same_body_keeps_its_version(api: Api) -> None:
    first = await api("PUT", GLOBAL, [command()])
    second = await api("PUT", GLOBAL, [command()])

    assert first.value == second.value


async def test_subcommands_and_groups_are_kept(api: Api) -> None:
    leaf = {"type": 1, "name": "add", "description": "d", "options": [EVERY_OPTION[0]]}
    group = {"type": 2, "name": "plants", "description": "d", "options": [leaf]}

    made = await api("POST", GLOBAL, command(options=[group]))

    assert made.value["options"][0]["options"][0]["name"] == "add"


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/applications/5002/commands", 50001),
        ("/applications/5001/guilds/2002/commands", 50001),
        ("/applications/5001/guilds/999/commands", 50001),
        (f"{GLOBAL}/123", 10063),
    ],
)
async def test_commands_of_others_are_out_of_reach(api: Api, path: str, number: int) -> None:
    answer = await api("GET", path)

    assert answer.number == number


def option(**more: Any) -> dict[str, Any]:
    return {"type": 3, "name": "text", "description": "d", **more}


@pytest.mark.parametrize(
    ("body", "place", "code"),
    [
        ({}, "name", "BASE_TYPE_REQUIRED"),
        ({"name": "hello"}, "description", "BASE_TYPE_REQUIRED"),
        (command("Hello"), "name", "APPLICATION_COMMAND_INVALID_NAME"),
        (command("two words"), "name", "APPLICATION_COMMAND_INVALID_NAME"),
        (command("x" * 33), "name", "BASE_TYPE_BAD_LENGTH"),
        (command(description="x" * 101), "description", "BASE_TYPE_MAX_LENGTH"),
        (
            command(name_localizations={"de": "Zwei Worte"}),
            "name_localizations.de",
            "APPLICATION_COMMAND_INVALID_NAME",
        ),
        (command(type=9), "type", "BASE_TYPE_CHOICES"),
        (command(options=[option()] * 26), "options", "BASE_TYPE_MAX_LENGTH"),
        (
            command(options=[option(), option()]),
            "options.1.name",
            "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
        ),
        (command(options=[option(type=99)]), "options.0.type", "BASE_TYPE_CHOICES"),
        (command(options=[option(name="Bad Name")]), "options.0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        (
            command(options=[option(), option(name="b", required=True)]),
            "options.1",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            command(options=[option(min_length=5, max_length=2)]),
            "options.0.min_length",
            "APPLICATION_COMMAND_OPTION_RANGE_INVALID",
        ),
        (
            command(options=[option(autocomplete=True, choices=[{"name": "a", "value": "a"}])]),
            "options.0.choices",
            "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
        ),
        (
            command(options=[option(choices=[{"name": "a", "value": "a"}] * 2)]),
            "options.0.choices",
            "APPLICATION_COMMAND_OPTIONS_CHOICES_DUPLICATE",
        ),
        (
            command(options=[{"type": 1, "name": "a", "description": "d"}, option()]),
            "options.0.type",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            {"name": "Pin", "type": 3, "description": "x"},
            "description",
            "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
        ),
        (
            {"name": "Pin", "type": 2, "options": [option()]},
            "options",
            "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID",
        ),
        (command(default_member_permissions="all"), "default_member_permissions", "NUMBER_TYPE_COERCE"),
        ([], "", "DICT_TYPE_CONVERT"),
    ],
)
async def test_command_against_the_rules_is_told_where_it_is_wrong(
    api: Api, body: Any, place: str, code: str
) -> None:
    answer = await api("POST", GLOBAL, body)

    assert (answer.status, answer.number) == (400, 50035), answer.value
    errors = answer.value["errors"]
    for part in filter(None, place.split(".")):
        errors = errors[part]
    assert errors["_errors"][0]["code"] == code


async def test_nested_group_in_group_is_refused(api: Api) -> None:
    inner: dict[str, Any] = {"type": 2, "name": "a", "description": "d", "options": []}
    for _ in range(50):
        inner = {"type": 2, "name": "a", "description": "d", "options": [inner]}

    answer = await api("POST", GLOBAL, command(options=[inner]))

    assert (answer.status, answer.number) == (400, 50035)


async def test_doubled_name_in_bulk_is_refused(api: Api) -> None:
    answer = await api("PUT", GLOBAL, [command(), command()])

    assert answer.value["errors"]["1"]["name"]["_errors"][0]["code"] == "APPLICATION_COMMANDS_DUPLICATE_NAME"


async def test_too_much_text_is_refused(api: Api) -> None:
    choices = [{"name": f"{number:02}{'n' * 98}", "value": "v" * 90 + str(number)} for number in range(25)]
    wide = [option(name=f"o{number}", choices=choices) for number in range(2)]

    answer = await api("POST", GLOBAL, command(options=wide))

    assert answer.value["errors"]["_errors"][0]["code"] == "APPLICATION_COMMAND_TOO_LARGE"


async def test_hundred_commands_fit_and_no_more(api: Api) -> None:
    hundred = [command(f"c{number}") for number in range(100)]

    full = await api("PUT", GLOBAL, hundred)
    bulk = await api("PUT", GLOBAL, [*hundred, command("extra")])
    one = await api("POST", GLOBAL, command("extra"))
    elsewhere = await api("POST", GUILD, command("extra"))

    assert full.status == 200
    assert (bulk.status, bulk.number, one.number) == (400, 30032, 30032)
    assert elsewhere.status == 201


class TestWithFewCreates:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(command_creates=3)

    async def test_creates_a_day_run_out(self, api: Api) -> None:
        for name in ("a", "b", "c"):
            assert (await api("POST", GLOBAL, command(name))).status == 201

        refused = await api("POST", GLOBAL, command("d"))
        changed = await api("POST", GLOBAL, command("a", description="changed"))
        elsewhere = await api("POST", GUILD, command("d"))

        assert (refused.status, refused.number) == (400, 30034)
        assert (changed.status, elsewhere.status) == (200, 201)


async def test_commands_of_a_guild_end_when_the_bot_leaves(api: Api, control: ControlClient) -> None:
    await api("POST", GUILD, command())
    control.remove_from_guild("5001", 2001)
    control.add_to_guild("5001", 2001)

    listed = await api("GET", GUILD)

    assert listed.value == []
