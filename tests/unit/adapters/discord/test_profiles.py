import pytest

from socialcube.adapters.discord.application import DiscordApplication
from socialcube.adapters.discord.profiles import edit_profile
from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError
from socialcube.domain.bots.types import Profile, ProfileField, ProfilePicture
from socialcube.kernel.secrets import Secret
from tests.fakes.clock import FakeClock
from tests.fakes.discord_http import Answer, FakeTransport


def rest(*script: Answer) -> tuple[RestClient, FakeTransport]:
    transport = FakeTransport(FakeClock())
    transport.fake.script.extend(script)
    return RestClient(transport, Secret("t"), lambda: True), transport


async def test_only_what_changes_is_sent_and_pictures_travel_in_the_body() -> None:
    client, transport = rest(Answer(200, {"username": "Moss", "avatar": "aa", "banner": None}))
    changes = {ProfileField.AVATAR: ProfilePicture(b"\x89PNG", "image/png"), ProfileField.BANNER: None}
    assert await edit_profile(client, changes) == Profile("Moss", "aa")
    [call] = transport.fake.calls
    assert (call.method, call.url.rpartition("/api")[2]) == ("PATCH", "/v10/users/@me")
    assert call.json == {"avatar": "data:image/png;base64,iVBORw==", "banner": None}


async def test_a_refusal_keeps_discords_words() -> None:
    errors = {"username": {"_errors": [{"code": "USERNAME_RATE_LIMIT", "message": "too fast"}]}}
    client, _ = rest(Answer(400, {"code": 50035, "message": "Invalid Form Body", "errors": errors}))
    with pytest.raises(CallRefusedError, match="username: too fast"):
        await edit_profile(client, {ProfileField.NAME: "Moss"})


@pytest.mark.parametrize("body", [[], {}, None])
async def test_an_answer_that_makes_no_sense_is_not_believed(body: object) -> None:
    client, _ = rest(Answer(200, body))
    with pytest.raises(PlatformUnreachableError):
        await edit_profile(client, {ProfileField.NAME: "Moss"})


async def test_commands_are_taken_back_from_another_address() -> None:
    client, transport = rest(Answer(200, {}))
    await DiscordApplication(client).take_interactions()
    assert transport.fake.calls[0].json == {"interactions_endpoint_url": ""}
