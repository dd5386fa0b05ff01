from uuid import UUID

import pytest

from socialcube.adapters.discord.responder import InteractionResponder
from socialcube.adapters.invalid_answers import InvalidAnswers
from socialcube.engine.ports import AlreadyAnsweredError, Embed, Message, ResponderError, UnknownOutcomeError
from tests.fakes.discord_http import Answer, Call, FakeSession, FakeTransport
from tests.fakes.engine import FakeTime

BOT = UUID(int=7)
HI = Message("Hi")
NO_CONTENT = Answer(204)


class Scene:
    """One interaction whose answers are scripted. Waiting moves the clock."""

    def __init__(self, *script: Answer | BaseException, key: str = "tok") -> None:
        self.time = FakeTime()
        self.waits: list[float] = []
        self.owns = True
        self.taken: list[bool] = []
        self.transport = transport = FakeTransport(self.time)
        self.session: FakeSession = transport.fake
        self.session.script.extend(script)
        self.responder = InteractionResponder(
            transport,
            bot_id=BOT,
            application_id=5001,
            interaction_id=9001,
            token=key,
            received=self.time.monotonic(),
            may_send=lambda: self.owns,
            note_success=lambda: self.taken.append(True),
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time.move(seconds)

    @property
    def calls(self) -> list[tuple[str, str]]:
        prefix = "https://discord.test/api/v10"
        return [(call.method, call.url.removeprefix(prefix)) for call in self.session.calls]

    def last(self) -> Call:
        return self.session.calls[-1]


CALLBACK = ("POST", "/interactions/9001/tok/callback")


async def test_first_answer_is_json_without_a_credential() -> None:
    scene = Scene(NO_CONTENT)
    await scene.responder.reply(HI)
    assert scene.calls == [CALLBACK]
    assert scene.last().json == {
        "type": 4,
        "data": {"content": "Hi", "embeds": [], "allowed_mentions": {"parse": []}},
    }
    assert "headers" not in scene.last().options


async def test_token_cannot_leave_its_place_in_the_address() -> None:
    scene = Scene(NO_CONTENT, key="a-b_c==/x?y HTTP/1.1\r\nHost: é")
    await scene.responder.reply(HI)
    [(_, path)] = scene.calls
    assert path == "/interactions/9001/a-b_c==%2Fx%3Fy%20HTTP%2F1.1%0D%0AHost%3A%20%C3%A9/callback"


async def test_private_answer_carries_the_flag() -> None:
    scene = Scene(NO_CONTENT)
    await scene.responder.reply(Message(embeds=(Embed(title="Tea"),), private=True))
    assert scene.last().json["data"]["flags"] == 64


async def test_answer_after_a_deferral_fills_it_and_later_ones_follow_up() -> None:
    scene = Scene(NO_CONTENT, Answer(200, {"id": "1"}), Answer(200, {"id": "2"}))
    await scene.responder.defer(private=True)
    assert scene.last().json == {"type": 5, "data": {"flags": 64}}
    await scene.responder.reply(HI)
    await scene.responder.reply(Message("More", private=True))
    assert scene.calls == [
        CALLBACK,
        ("PATCH", "/webhooks/5001/tok/messages/@original"),
        ("POST", "/webhooks/5001/tok?wait=true"),
    ]
    assert scene.last().json["flags"] == 64


@pytest.mark.parametrize(
    ("code", "reachable"), [(10062, False), (10015, False), (40060, False), (50027, False), (50035, True)]
)
async def test_refusal_carries_discords_number_and_whether_more_can_arrive(
    code: int, reachable: bool
) -> None:
    scene = Scene(Answer(400, {"code": code, "message": "No"}))
    with pytest.raises(ResponderError) as caught:
        await scene.responder.reply(HI)
    assert (caught.value.number, caught.value.reachable) == (code, reachable)
    assert len(scene.calls) == 1


async def test_first_answer_is_repeated_after_a_broken_connection() -> None:
    scene = Scene(ConnectionResetError(104, "reset"), NO_CONTENT)
    await scene.responder.reply(HI)
    assert scene.calls == [CALLBACK, CALLBACK]


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_first_answer_is_repeated_within_its_window_when_discord_fails(status: int) -> None:
    scene = Scene(Answer(status, "", content_type="text/html"), NO_CONTENT)
    await scene.responder.reply(HI)
    assert scene.calls == [CALLBACK, CALLBACK]
    assert sum(scene.waits) < 1


async def test_already_acknowledged_after_a_broken_connection_means_that_it_arrived() -> None:
    scene = Scene(ConnectionResetError(104, "reset"), Answer(400, {"code": 40060, "message": "Already"}))
    await scene.responder.reply(HI)
    assert len(scene.calls) == 2


async def test_already_acknowledged_at_the_first_try_means_that_somebody_else_answered() -> None:
    scene = Scene(Answer(400, {"code": 40060, "message": "Already"}))
    with pytest.raises(AlreadyAnsweredError):
        await scene.responder.reply(HI)
    assert scene.taken == []


async def test_call_that_was_taken_is_a_sign_of_life_and_a_refused_one_is_not() -> None:
    scene = Scene(NO_CONTENT, Answer(400, {"code": 50035, "message": "No"}))
    await scene.responder.reply(HI)
    with pytest.raises(ResponderError):
        await scene.responder.reply(HI)
    assert scene.taken == [True]


async def test_first_answer_is_given_up_when_the_three_seconds_are_over() -> None:
    scene = Scene(*[Answer(503, "busy", content_type="text/html")] * 20)
    with pytest.raises(UnknownOutcomeError):
        await scene.responder.reply(HI)
    assert scene.time.monotonic() - 1000 < 3


async def test_nothing_is_sent_once_the_time_is_over() -> None:
    scene = Scene()
    scene.time.move(3.1)
    with pytest.raises(ResponderError, match="time for an answer is over") as caught:
        await scene.responder.reply(HI)
    assert not caught.value.reachable
    assert scene.calls == []


async def test_follow_up_is_not_repeated_after_a_broken_connection_since_it_may_have_arrived() -> None:
    scene = Scene(NO_CONTENT, ConnectionResetError(104, "reset"))
    await scene.responder.reply(HI)
    with pytest.raises(UnknownOutcomeError):
        await scene.responder.reply(Message("More"))
    assert len(scene.calls) == 2


async def test_rate_limit_is_waited_out_also_for_a_follow_up() -> None:
    scene = Scene(NO_CONTENT, Answer(429, {"retry_after": 0.75}), Answer(200, {"id": "1"}))
    await scene.responder.reply(HI)
    await scene.responder.reply(Message("More"))
    assert scene.waits == [0.75]


async def test_rate_limit_longer_than_the_window_is_a_refusal() -> None:
    scene = Scene(Answer(429, {"retry_after": 30, "message": "You are being rate limited."}))
    with pytest.raises(ResponderError):
        await scene.responder.reply(HI)
    assert scene.waits == []


async def test_nothing_is_sent_for_a_bot_that_another_runner_owns() -> None:
    scene = Scene()
    scene.owns = False
    with pytest.raises(ResponderError, match="does not own the bot") as caught:
        await scene.responder.defer(private=False)
    assert not caught.value.reachable
    assert scene.calls == []


async def test_block_of_the_address_that_outlasts_the_window_is_not_answered_into() -> None:
    scene = Scene(Answer(429, "<html>", {"Retry-After": "3600"}, content_type="text/html"))
    for _ in range(2):
        with pytest.raises(ResponderError) as caught:
            await scene.responder.reply(HI)
        assert not caught.value.reachable
    assert len(scene.calls) == 1


async def test_short_block_of_the_address_is_waited_out() -> None:
    scene = Scene(Answer(429, "<html>", {"Retry-After": "2"}, content_type="text/html"), NO_CONTENT)
    await scene.responder.reply(HI)
    assert sum(scene.waits) == 2


async def test_nothing_is_sent_while_requests_pause_for_the_address() -> None:
    scene = Scene()
    scene.transport.invalid = InvalidAnswers(scene.time, limit=1)
    for _ in range(2):
        scene.transport.invalid.note(403)
    with pytest.raises(ResponderError, match="takes nothing from this address"):
        await scene.responder.reply(HI)
    assert scene.calls == []


async def test_limit_that_others_share_is_not_counted_against_the_address() -> None:
    scene = Scene(Answer(429, {"retry_after": 0.5}, {"X-RateLimit-Scope": "shared"}), NO_CONTENT)
    scene.transport.invalid = InvalidAnswers(scene.time, limit=1)
    await scene.responder.reply(HI)
    assert len(scene.calls) == 2


async def test_refused_answer_counts_against_the_bot_that_gave_it() -> None:
    scene = Scene(Answer(403, {"code": 50001, "message": "Missing Access"}))
    with pytest.raises(ResponderError):
        await scene.responder.reply(HI)
    assert scene.transport.invalid.take() == {BOT: 1}
