import pytest

from socialcube.sandbox.control.client import Bot, ControlClient
from tests.integration.sandbox.clients import Api

READABLE = [
    "/users/@me",
    "/users/@me/guilds",
    "/users/1002",
    "/applications/@me",
    "/oauth2/applications/@me",
    "/gateway",
    "/gateway/bot",
    "/soundboard-default-sounds",
    "/voice/regions",
    "/guilds/2001",
    "/guilds/2001?with_counts=true",
    "/guilds/2001/channels",
    "/guilds/2001/roles",
    "/guilds/2001/roles/4001",
    "/guilds/2001/members/1002",
    "/channels/3002",
    "/channels/3006",
    "/channels/3001",
    "/channels/3002/messages",
]


@pytest.mark.parametrize("path", READABLE)
async def test_readable_route_answers_in_discords_shape(api: Api, path: str) -> None:
    answer = await api("GET", path)

    assert answer.status == 200, answer.value


async def test_me_is_the_bot_of_the_token(api: Api, bot: Bot) -> None:
    answer = await api("GET", "/users/@me")

    assert (answer.value["id"], answer.value["username"], answer.value["bot"]) == (bot.id, "Greenhouse", True)


@pytest.mark.parametrize("header", ["", "Bot", "Bot nonsense", "Bearer nonsense", "Basic eDp5", "Bot é"])
async def test_wrong_token_is_unauthorized(nobody: Api, header: str) -> None:
    answer = await nobody("GET", "/users/@me", headers={"Authorization": header})

    assert (answer.status, answer.number) == (401, 0)


async def test_token_of_another_id_is_unauthorized(nobody: Api, bot: Bot) -> None:
    other = "MDAwMDAwMDAwMDAwMDA1MDAy" + bot.token[24:]
    answer = await nobody("GET", "/users/@me", headers={"Authorization": f"Bot {other}"})

    assert answer.status == 401


@pytest.mark.parametrize(
    ("path", "status", "number"),
    [
        ("/users/999", 404, 10013),
        ("/guilds/999", 404, 10004),
        ("/guilds/2002", 403, 50001),
        ("/guilds/2001/members/999", 404, 10007),
        ("/guilds/2001/roles/999", 404, 10011),
        ("/guilds/2001/members", 403, 50001),
        ("/channels/999", 404, 10003),
        ("/channels/3005", 403, 50001),
        ("/channels/3011", 403, 50001),
        ("/channels/3002/messages/1", 404, 10008),
        ("/applications/5002", 403, 50001),
        ("/channels/abc", 400, 50035),
        ("/channels/99999999999999999999999", 400, 50035),
        ("/guilds/-1", 400, 50035),
        ("/channels/3002/messages?limit=0", 400, 50035),
        ("/channels/3002/messages?limit=101", 400, 50035),
        ("/channels/3002/messages?limit=%C2%B2", 400, 50035),
        ("/channels/3002/messages?before=x", 400, 50035),
        ("/nothing", 404, 0),
    ],
)
async def test_what_cannot_be_read_has_discords_code(api: Api, path: str, status: int, number: int) -> None:
    answer = await api("GET", path)

    assert (answer.status, answer.number) == (status, number)


async def test_wrong_method_is_405(api: Api) -> None:
    answer = await api("DELETE", "/gateway")

    assert answer.status == 405


async def test_members_need_the_limited_intent(api: Api, control: ControlClient, bot: Bot) -> None:
    control.set_intents(bot.id, 1 << 1)

    answer = await api("GET", "/guilds/2001/members?limit=3")

    assert [item["user"]["id"] for item in answer.value] == ["1001", "1002", "1003"]


async def test_limited_intents_are_switched_by_their_flags(api: Api, control: ControlClient) -> None:
    switched = await api("PATCH", "/applications/@me", {"flags": 1 << 15 | 1 << 19})

    assert switched.value["flags"] == 1 << 15 | 1 << 19
    assert control.bots()["Greenhouse"].intents == 1 << 1 | 1 << 15


async def test_other_flags_cannot_be_switched(api: Api) -> None:
    answer = await api("PATCH", "/applications/@me", {"flags": 1 << 12})

    assert (answer.status, answer.number) == (400, 50035)
    assert answer.value["errors"]["flags"]["_errors"][0]["code"] == "APPLICATION_FLAGS_INVALID"


async def test_description_can_be_changed(api: Api) -> None:
    answer = await api("PATCH", "/applications/@me", {"description": "Waters plants."})

    assert answer.value["description"] == "Waters plants."


async def test_commands_can_be_sent_elsewhere_and_here_again(
    api: Api, control: ControlClient, bot: Bot
) -> None:
    endpoint = "https://elsewhere.example/commands"
    for nothing in ("", None):
        control.set_interactions_url(bot.id, endpoint)
        assert (await api("GET", "/applications/@me")).value["interactions_endpoint_url"] == endpoint
        cleared = await api("PATCH", "/applications/@me", {"interactions_endpoint_url": nothing})
        assert cleared.value["interactions_endpoint_url"] is None
        assert control.bots()["Greenhouse"].interactions_url == ""

    await api("PATCH", "/applications/@me", {"interactions_endpoint_url": endpoint})
    kept = await api("PATCH", "/applications/@me", {"description": "Waters plants."})
    assert kept.value["interactions_endpoint_url"] == endpoint
    refused = await api("PATCH", "/applications/@me", {"interactions_endpoint_url": "ftp://elsewhere"})
    assert (refused.status, list(refused.value["errors"])) == (400, ["interactions_endpoint_url"])


async def test_bot_can_leave_a_guild(api: Api, control: ControlClient) -> None:
    answer = await api("DELETE", "/users/@me/guilds/2001")

    assert answer.status == 204
    assert control.bots()["Greenhouse"].guild_ids == []
