"""The web's questions to the sandbox, asked of the real one."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from socialcube.domain.bots.errors import TokenRefusedError
from socialcube.infra.discord_rest import DiscordDirectory
from socialcube.infra.sandbox_door import SandboxAwayError, create_bot, list_bots
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import SandboxSettings
from socialcube.sandbox.running import RunningSandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


def settings(sandbox: RunningSandbox, key: Secret | None = None) -> SandboxSettings:
    port = urlsplit(sandbox.origin).port
    assert port
    return SandboxSettings("127.0.0.1", port, key or sandbox.control._key)


def test_the_demo_bots_are_listed_with_tokens_that_identify_them(sandbox: RunningSandbox) -> None:
    bots = list_bots(settings(sandbox))
    assert {bot.name for bot in bots} >= {"Greenhouse", "Rollcall", "Tavern"}
    directory = DiscordDirectory(f"{sandbox.origin}/api/v10")
    for bot in bots:
        identity = directory.identify(bot.token)
        assert (identity.external_id, identity.name) == (bot.id, bot.name)
        assert identity.guild_count is not None
        assert identity.starts_left == 1000


def test_a_new_bot_is_in_every_server_and_its_token_identifies_it(sandbox: RunningSandbox) -> None:
    bot, servers = create_bot(settings(sandbox), "Breaker")
    assert servers == ["Fern Street", "Harbor Club"]
    identity = DiscordDirectory(f"{sandbox.origin}/api/v10").identify(bot.token)
    assert (identity.external_id, identity.name, identity.guild_count) == (bot.id, "Breaker", 2)
    assert bot in list_bots(settings(sandbox))


def test_another_token_is_refused(sandbox: RunningSandbox) -> None:
    with pytest.raises(TokenRefusedError):
        DiscordDirectory(f"{sandbox.origin}/api/v10").identify(Secret("NTAwMQ.wrong.token"))


def test_a_wrong_key_is_no_answer(sandbox: RunningSandbox) -> None:
    with pytest.raises(SandboxAwayError, match="HTTPError"):
        list_bots(settings(sandbox, Secret("wrong")))


def test_no_sandbox_is_no_answer() -> None:
    with pytest.raises(SandboxAwayError, match="ConnectionError"):
        list_bots(SandboxSettings("127.0.0.1", 1, Secret("key")))
