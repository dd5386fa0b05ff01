import re

import pytest
import requests

from socialcube import USER_AGENT, __version__
from socialcube.adapters.discord.transport import Transport
from socialcube.domain.bots.errors import PlatformUnavailableError
from socialcube.infra.discord_rest import DiscordDirectory
from socialcube.kernel.secrets import Secret
from tests.fakes.clock import FakeClock

BASE_URL = "http://127.0.0.1:1/api/v10"


def test_it_has_the_form_that_discord_asks_for() -> None:
    assert re.fullmatch(r"DiscordBot \(https://\S+, [0-9]+(\.[0-9]+)*\)", USER_AGENT)
    assert __version__ in USER_AGENT


async def test_bots_say_who_they_are() -> None:
    transport = Transport(BASE_URL, FakeClock())
    assert transport.session.headers["User-Agent"] == USER_AGENT
    await transport.close()


def test_the_panel_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str | bytes] = []

    def refuse(session: requests.Session, *_: object, **__: object) -> None:
        said.append(session.headers["User-Agent"])
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "get", refuse)
    with pytest.raises(PlatformUnavailableError):
        DiscordDirectory(BASE_URL).identify(Secret("a.good.token"))
    assert said == [USER_AGENT]
