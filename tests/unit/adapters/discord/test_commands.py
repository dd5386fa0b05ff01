import pytest

from socialcube.adapters.discord.commands import DiscordCommands
from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError
from socialcube.domain.commands.policy.sameness import differences
from socialcube.kernel.secrets import Secret
from tests.factories.commands import make_desired
from tests.fakes.clock import FakeClock
from tests.fakes.discord_http import Answer, FakeTransport

BASE = "https://discord.test/api/v10/applications/5001"


def directory(*script: Answer) -> tuple[DiscordCommands, FakeTransport]:
    transport = FakeTransport(FakeClock())
    transport.fake.script.extend(script)
    return DiscordCommands(RestClient(transport, Secret("t"), lambda: True), lambda: 5001), transport


async def test_commands_of_all_kinds_and_makers_are_listed() -> None:
    commands, transport = directory(
        Answer(200, [{"id": "1", "name": "hello", "type": 1}, {"id": "2", "name": "Report", "type": 3}])
    )
    found = await commands.list_commands(None)
    assert [(item.external_id, item.name, item.kind) for item in found] == [(1, "hello", 1), (2, "Report", 3)]
    assert transport.fake.calls[0].url == f"{BASE}/commands"


async def test_each_change_is_one_call_and_never_a_bulk_overwrite() -> None:
    commands, transport = directory(Answer(201, {"id": "77"}), Answer(200, {}), Answer(204, ""))
    desired = make_desired(guild_id=31)
    assert await commands.create_command(desired) == 77
    await commands.update_command(77, desired)
    await commands.delete_command(31, 77)
    calls = [(call.method, call.url) for call in transport.fake.calls]
    assert calls == [
        ("POST", f"{BASE}/guilds/31/commands"),
        ("PATCH", f"{BASE}/guilds/31/commands/77"),
        ("DELETE", f"{BASE}/guilds/31/commands/77"),
    ]
    assert transport.fake.calls[0].json == desired.body


async def test_command_that_is_gone_already_counts_as_deleted() -> None:
    commands, transport = directory(Answer(404, {"code": 10063, "message": "Unknown application command"}))
    await commands.delete_command(None, 1)
    assert [call.method for call in transport.fake.calls] == ["DELETE"]


async def test_any_other_refusal_of_a_deletion_is_told() -> None:
    commands, _ = directory(Answer(403, {"code": 50001, "message": "Missing Access"}))
    with pytest.raises(CallRefusedError):
        await commands.delete_command(31, 1)


@pytest.mark.parametrize("body", [{}, [{"name": "no id"}], "text", [None]])
async def test_list_that_makes_no_sense_counts_as_unreachable(body: object) -> None:
    commands, _ = directory(Answer(200, body))
    with pytest.raises(PlatformUnreachableError):
        await commands.list_commands(None)


@pytest.mark.parametrize(
    "odd", [{"options": [None]}, {"options": [{"channel_types": 7}]}, {"contexts": [None, 1]}, {"options": 3}]
)
async def test_a_command_that_cannot_be_compared_keeps_its_name_and_hides_no_other(
    odd: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    answer = [{"id": "1", "name": "odd"} | odd, {"id": "2", "name": "hello", "description": "Says it"}]
    commands, _ = directory(Answer(200, answer))
    found = await commands.list_commands(None)
    assert [(item.external_id, item.name, item.kind) for item in found] == [(1, "odd", 1), (2, "hello", 1)]
    assert [differences(item.body, {"name": "odd", "type": 1}) for item in found[:1]] == [()]
    assert found[1].body == answer[1]
    assert "Command 1 at Discord cannot be compared" in caplog.text


async def test_creation_whose_answer_makes_no_sense_counts_as_unreachable() -> None:
    commands, _ = directory(Answer(201, {}))
    with pytest.raises(PlatformUnreachableError):
        await commands.create_command(make_desired())
