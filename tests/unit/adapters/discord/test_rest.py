from uuid import UUID

import pytest
from discord.http import Route

from socialcube.adapters.discord.rest import RestClient, gateway_url
from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError, TokenInvalidError
from socialcube.adapters.invalid_answers import InvalidAnswers
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.kernel.secrets import Secret
from tests.fakes.clock import FakeClock
from tests.fakes.discord_http import Answer, FakeTransport
from tests.fakes.engine import FakeTime

RESET = ConnectionResetError(104, "Connection reset by peer")


class Scene:
    """A client whose answers are scripted. Waiting moves the clock."""

    def __init__(self, *script: Answer | BaseException) -> None:
        self.time = FakeTime()
        self.waits: list[float] = []
        self.owns = True
        self.transport = FakeTransport(self.time)
        self.session = self.transport.fake
        self.session.script.extend(script)
        self.rest = RestClient(self.transport, Secret("the-token"), lambda: self.owns, self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time.move(seconds)

    async def get(self) -> object:
        return await self.rest.request(Route("GET", "/users/@me"))

    async def post(self, **options: object) -> object:
        return await self.rest.request(
            Route("POST", "/channels/{channel_id}/messages", channel_id=1), **options
        )


async def test_request_goes_to_the_base_url_of_the_settings_with_the_bots_token() -> None:
    scene = Scene(Answer(200, {"id": "5"}))
    assert await scene.get() == {"id": "5"}
    [call] = scene.session.calls
    assert call.url == "https://discord.test/api/v10/users/@me"
    assert call.options["headers"]["Authorization"] == "Bot the-token"
    assert call.options["allow_redirects"] is False


async def test_body_is_json_and_a_reason_is_quoted() -> None:
    scene = Scene(Answer(200, {}))
    await scene.post(json={"content": "é"}, reason="why not ü")
    [call] = scene.session.calls
    assert call.json == {"content": "é"}
    assert call.options["headers"]["Content-Type"] == "application/json"
    assert call.options["headers"]["X-Audit-Log-Reason"] == "why not %C3%BC"


async def test_reset_connection_is_tried_again_where_that_does_no_harm() -> None:
    scene = Scene(RESET, Answer(502), Answer(200, {"id": "5"}))
    assert await scene.get() == {"id": "5"}
    assert len(scene.waits) == 2


async def test_reset_connection_is_not_tried_again_for_a_message() -> None:
    scene = Scene(RESET)
    with pytest.raises(PlatformUnreachableError):
        await scene.post(json={})
    assert len(scene.session.calls) == 1


async def test_call_that_is_marked_harmless_is_tried_again_although_it_is_a_post() -> None:
    scene = Scene(RESET, Answer(201, {"id": "1"}))
    assert await scene.post(json={}, repeat=True) == {"id": "1"}


async def test_platform_that_never_answers_is_given_up_after_five_tries() -> None:
    scene = Scene(*[Answer(503)] * 5)
    with pytest.raises(PlatformUnreachableError, match="it answered 503"):
        await scene.get()
    assert len(scene.session.calls) == 5


async def test_unknown_token_is_told_apart_from_every_other_refusal() -> None:
    with pytest.raises(TokenInvalidError):
        await Scene(Answer(401, {"message": "401: Unauthorized", "code": 0})).get()
    with pytest.raises(CallRefusedError) as caught:
        await Scene(Answer(403, {"message": "Missing Access", "code": 50001})).get()
    assert (caught.value.status, caught.value.api_code) == (403, 50001)
    assert "Missing Access" in caught.value.message


async def test_rate_limit_without_a_via_header_is_waited_out() -> None:
    scene = Scene(Answer(429, {"retry_after": 0.35, "global": False}), Answer(200, {}))
    await scene.get()
    assert scene.waits[0] >= 0.35


async def test_block_that_comes_as_a_page_holds_every_bucket() -> None:
    scene = Scene(
        Answer(429, "<html>", {"Retry-After": "4"}, content_type="text/html"),
        Answer(200, {}),
        Answer(200, {}),
    )
    await scene.get()
    assert sum(scene.waits) >= 4


async def test_rate_limit_of_hours_is_a_refusal_instead_of_a_wait() -> None:
    scene = Scene(Answer(429, {"retry_after": 7200, "message": "Max daily creates", "code": 30034}))
    with pytest.raises(CallRefusedError) as caught:
        await scene.get()
    assert caught.value.api_code == 30034
    assert scene.waits == []


async def test_bucket_that_is_closed_for_hours_takes_nothing_more() -> None:
    scene = Scene(Answer(429, {"retry_after": 7200, "message": "Max daily creates", "code": 30034}))
    for _ in range(3):
        with pytest.raises(CallRefusedError):
            await scene.get()
    assert len(scene.session.calls) == 1
    scene.time.move(7201)
    scene.session.script.append(Answer(200, {}))
    assert await scene.get() == {}


async def test_address_that_is_blocked_for_hours_sends_nothing_for_any_bot() -> None:
    page = Answer(429, "<html>", {"Retry-After": "3600"}, content_type="text/html")
    scene = Scene(page)
    other = RestClient(scene.transport, Secret("another"), lambda: True, scene.sleep)
    with pytest.raises(PlatformUnreachableError, match="blocked this address for 3600 seconds"):
        await scene.get()
    with pytest.raises(PlatformUnreachableError, match="blocked this address"):
        await scene.post(json={})
    with pytest.raises(PlatformUnreachableError, match="blocked this address"):
        await other.request(Route("GET", "/gateway/bot"))
    assert len(scene.session.calls) == 1
    assert scene.waits == []


async def test_nothing_is_sent_for_a_bot_that_another_runner_owns() -> None:
    scene = Scene()
    scene.owns = False
    with pytest.raises(LeaseLostError):
        await scene.get()
    assert scene.session.calls == []


async def test_ownership_is_asked_again_before_each_try() -> None:
    scene = Scene(RESET, Answer(200, {}))
    original = scene.sleep

    async def lose(seconds: float) -> None:
        scene.owns = False
        await original(seconds)

    scene.rest._sleep = lose
    with pytest.raises(LeaseLostError):
        await scene.get()
    assert len(scene.session.calls) == 1


async def test_uploads_are_refused_instead_of_losing_files() -> None:
    with pytest.raises(NotImplementedError):
        await Scene().rest.request(Route("GET", "/x"), files=[object()])


async def test_session_start_gives_the_gateway_and_what_may_still_be_started() -> None:
    limit = {"total": 1000, "remaining": 998, "reset_after": 5000, "max_concurrency": 1}
    scene = Scene(Answer(200, {"url": "wss://gw.test", "shards": 1, "session_start_limit": limit}))
    url, starts = await scene.rest.get_session_start()
    assert url == "wss://gw.test/?encoding=json&v=10&compress=zlib-stream"
    assert (starts.remaining, starts.total, starts.reset_seconds) == (998, 1000, 5.0)


@pytest.mark.parametrize(
    ("shards", "concurrency", "expected"),
    [(4, 16, (4, 16)), (None, None, (1, 1)), (0, -1, (1, 1)), ("4", True, (1, 1)), (10**9, 2.5, (1, 1))],
)
async def test_counts_that_cannot_be_true_count_as_one(
    shards: object, concurrency: object, expected: tuple[int, int]
) -> None:
    limit = {"total": 1000, "remaining": 998, "reset_after": 0, "max_concurrency": concurrency}
    scene = Scene(Answer(200, {"url": "wss://gw.test", "shards": shards, "session_start_limit": limit}))
    _, starts = await scene.rest.get_session_start()
    assert (starts.shards, starts.max_concurrency) == expected


async def test_counts_that_are_missing_count_as_one() -> None:
    limit = {"total": 1000, "remaining": 998, "reset_after": 0}
    _, starts = await Scene(
        Answer(200, {"url": "wss://gw.test", "session_start_limit": limit})
    ).rest.get_session_start()
    assert (starts.shards, starts.max_concurrency) == (1, 1)


async def test_only_a_good_answer_is_a_sign_of_life() -> None:
    scene = Scene(Answer(403, {"code": 50001}), Answer(200, {}))
    with pytest.raises(CallRefusedError):
        await scene.get()
    assert scene.rest.last_success_at is None
    await scene.get()
    assert scene.rest.last_success_at == scene.time.now()


@pytest.mark.parametrize("via", [{}, {"Via": "1.1 google"}])
async def test_rate_limit_is_waited_out_whoever_says_it(via: dict[str, str]) -> None:
    scene = Scene(Answer(429, {"retry_after": 0.35, "global": False}, via), Answer(200, {"id": "5"}))
    assert await scene.get() == {"id": "5"}
    assert scene.waits[0] >= 0.35


@pytest.mark.parametrize("answer", [Answer(200, {}), Answer(200, "<html>"), Answer(200, []), Answer(404, {})])
async def test_session_start_that_makes_no_sense_counts_as_unreachable(answer: Answer) -> None:
    with pytest.raises(PlatformUnreachableError):
        await Scene(answer).rest.get_session_start()


def test_gateway_url_keeps_a_path() -> None:
    assert gateway_url("ws://127.0.0.1:9/gateway").startswith("ws://127.0.0.1:9/gateway?encoding=json")


async def test_nothing_more_is_sent_with_a_token_that_was_refused() -> None:
    scene = Scene(Answer(401, {}))
    for _ in range(3):
        with pytest.raises(TokenInvalidError):
            await scene.get()
    assert len(scene.session.calls) == 1


async def test_refused_requests_are_counted_under_their_bot() -> None:
    scene, bot_id = Scene(Answer(403, {"code": 50001}), Answer(404, {})), UUID(int=7)
    scene.rest = RestClient(scene.transport, Secret("the-token"), lambda: True, scene.sleep, bot_id=bot_id)
    for _ in range(2):
        with pytest.raises(CallRefusedError):
            await scene.get()
    assert scene.transport.invalid.take() == {bot_id: 1}


async def test_requests_pause_before_discord_blocks_the_address() -> None:
    scene = Scene(*[Answer(403, {"code": 50001})] * 3)
    scene.transport.invalid = InvalidAnswers(scene.time, limit=3)
    for _ in range(3):
        with pytest.raises(CallRefusedError):
            await scene.get()
    with pytest.raises(PlatformUnreachableError, match="we pause"):
        await scene.get()
    scene.time.move(601)
    scene.session.script.append(Answer(200, {}))
    await scene.get()


def test_only_answers_that_discord_counts_are_counted() -> None:
    counted = InvalidAnswers(FakeClock(), limit=1)
    for status in (200, 400, 404, 500):
        counted.note(status)
    counted.note(429, shared=True)
    assert not counted.too_many
    counted.note(429)
    assert counted.too_many
