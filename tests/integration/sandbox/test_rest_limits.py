import asyncio

import pytest

from socialcube.sandbox.limits import Limits
from tests.integration.sandbox.clients import Api

PATH = "/channels/3002/messages"


async def test_headers_count_down(api: Api) -> None:
    first = await api("POST", PATH, {"content": "1"})
    second = await api("POST", PATH, {"content": "2"})

    assert first.headers["X-RateLimit-Limit"] == "5"
    assert (first.headers["X-RateLimit-Remaining"], second.headers["X-RateLimit-Remaining"]) == ("4", "3")
    assert first.headers["X-RateLimit-Bucket"] == second.headers["X-RateLimit-Bucket"]
    assert 0 < float(second.headers["X-RateLimit-Reset-After"]) <= 5


async def test_sixth_message_in_five_seconds_is_429_with_via(api: Api) -> None:
    for number in range(5):
        await api("POST", PATH, {"content": str(number)})

    refused = await api("POST", PATH, {"content": "6"})
    elsewhere = await api("POST", "/channels/3003/messages", {"content": "other channel"})

    assert refused.status == 429
    assert "Via" in refused.headers
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert refused.value["global"] is False
    assert 0 < refused.value["retry_after"] <= 5
    assert elsewhere.status == 200


class TestWithFewRequests:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(requests_per_second=4)

    async def test_limit_over_all_routes_is_global(self, api: Api) -> None:
        answers = await asyncio.gather(*(api("GET", path) for path in ("/users/@me", "/guilds/2001") * 4))

        refused = [answer for answer in answers if answer.status == 429]
        assert len(refused) == 4
        assert refused[0].value["global"] is True
        assert refused[0].headers["X-RateLimit-Global"] == "true"
        assert refused[0].headers["X-RateLimit-Scope"] == "global"
