from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from socialcube.domain.bots import queries
from socialcube.domain.bots.errors import AmbiguousBotError, BotNotFoundError
from socialcube.domain.bots.policy import CLAIM_SECONDS, describe_bot
from socialcube.domain.bots.types import (
    BotIdentity,
    BotLaunch,
    DesiredState,
    Platform,
    ProcessState,
    Reason,
    WantedBot,
)
from socialcube.kernel.ids import new_id
from tests.factories.bots import make_bot
from tests.fakes.clock import START

pytestmark = pytest.mark.usefixtures("noise")
NOBODY = UUID(int=0)


def test_bots_are_listed_by_name_without_the_deleted(session: Session) -> None:
    make_bot(session, name="Aster")
    assert [bot.name for bot in queries.list_bots(session)] == ["Aster", "Neighbour 1", "Neighbour 2"]


def test_a_view_tells_what_is_wanted_and_what_was_seen(session: Session) -> None:
    state = {"process": ProcessState.HELD, "reason": Reason.TOKEN_INVALID, "held_generation": 4, "epoch": 7}
    bot = make_bot(session, generation=4, state=state)
    view = queries.get_bot(session, bot.id)
    assert (view.id, view.external_id, view.platform) == (bot.id, bot.external_id, Platform.DISCORD)
    assert view.state.is_held
    assert view.state.reason is Reason.TOKEN_INVALID
    assert view.state.epoch == 7
    assert view.state.updated_at == START


def test_a_bot_held_at_an_older_wish_is_not_held(session: Session) -> None:
    bot = make_bot(session, generation=4, state={"held_generation": 3})
    assert not queries.get_bot(session, bot.id).state.is_held


def test_a_view_never_carries_the_token(session: Session) -> None:
    bot = make_bot(session, sealed_token="sc1:very:secret")
    assert "very" not in repr(queries.get_bot(session, bot.id))


def test_a_bot_is_found_by_key_key_as_text_and_name(session: Session) -> None:
    bot = make_bot(session, name="Aster")
    for ref in (bot.id, str(bot.id), "Aster"):
        assert queries.get_bot(session, ref).id == bot.id


@pytest.mark.parametrize("ref", [NOBODY, "Nobody", str(NOBODY), "Gone", ""])
def test_a_bot_that_is_not_there_is_said_so(session: Session, ref: UUID | str) -> None:
    with pytest.raises(BotNotFoundError):
        queries.get_bot(session, ref)


def test_finding_nothing_is_no_error(session: Session) -> None:
    assert queries.find_bot(session, NOBODY) is None
    assert queries.find_bot_by_name(session, "Nobody") is None
    assert queries.list_identities(session, [NOBODY]) == {}
    assert queries.list_commands_digests(session, [NOBODY]) == {}


def test_what_runners_ask_often_is_told_alone(session: Session) -> None:
    bot = make_bot(session, name="Aster", state={"commands_digest": "abc"})
    gone = make_bot(session, name="Dahlia", deleted_at=START)
    fresh = make_bot(session, name="Fern")
    asked = [bot.id, gone.id, fresh.id]
    assert queries.list_identities(session, asked) == {
        bot.id: BotIdentity(bot.external_id, "Aster"),
        fresh.id: BotIdentity(fresh.external_id, "Fern"),
    }
    assert queries.list_commands_digests(session, asked) == {bot.id: "abc"}


def test_an_ambiguous_name_lists_the_ids(session: Session) -> None:
    bots = [make_bot(session, name="Twin") for _ in range(2)]
    with pytest.raises(AmbiguousBotError) as caught:
        queries.get_bot(session, "Twin")
    assert all(str(bot.id) in caught.value.message for bot in bots)


def test_a_bot_whose_name_is_another_bots_key_is_still_found(session: Session) -> None:
    bot = make_bot(session, name=str(NOBODY))
    assert queries.get_bot(session, str(NOBODY)).id == bot.id


def test_a_launch_has_what_a_runner_needs(session: Session) -> None:
    bot = make_bot(session, sealed_token="sealed up", intents=3, generation=5)
    assert queries.list_launches(session, [bot.id])[bot.id] == BotLaunch(
        bot_id=bot.id,
        platform=Platform.DISCORD,
        external_id=bot.external_id,
        name=bot.name,
        sealed_token="sealed up",
        intents=3,
        generation=5,
        has_fingerprint=False,
    )


def test_nothing_is_launched_without_a_token(session: Session) -> None:
    bot = make_bot(session, sealed_token=None)
    assert queries.list_launches(session, [bot.id, NOBODY]) == {}


def test_wanted_are_those_that_should_run_and_are_not_held(session: Session) -> None:
    noise = {bot.id for bot in queries.list_bots(session)}
    run = DesiredState.RUNNING
    fresh = make_bot(session, desired_state=run, generation=2)
    wished_anew = make_bot(session, desired_state=run, generation=3, state={"held_generation": 2})
    make_bot(session, desired_state=run, generation=2, state={"held_generation": 2})
    make_bot(session, desired_state=DesiredState.STOPPED)
    make_bot(session, desired_state=run, deleted_at=START)
    wanted = [item for item in queries.list_wanted(session) if item.bot_id not in noise]
    assert wanted == [WantedBot(fresh.id, 2), WantedBot(wished_anew.id, 3)]


def test_reads_show_what_another_unit_changed_meanwhile(session: Session) -> None:
    bot = make_bot(session, name="Before")
    queries.get_bot(session, bot.id)
    session.connection().exec_driver_sql("UPDATE bots SET name = 'After' WHERE name = 'Before'")
    assert queries.get_bot(session, bot.id).name == "After"


@pytest.mark.parametrize(
    ("seconds", "is_held", "is_alive", "word"),
    [
        (0.0, False, True, "Starting"),
        (CLAIM_SECONDS, False, True, "Failed"),
        (0.0, False, False, "Failed"),
        (0.0, True, True, "Needs you"),
    ],
)
def test_a_bot_that_nobody_took_yet_starts_only_for_a_moment_while_a_runner_lives(
    session: Session, seconds: float, is_held: bool, is_alive: bool, word: str
) -> None:
    seen = {"held_generation": 1} if is_held else {}
    bot = make_bot(session, desired_state=DesiredState.RUNNING, state=seen)
    view = queries.get_bot(session, bot.id)
    living = {new_id()} if is_alive else set()
    words = describe_bot(view, living=living, now=START + timedelta(seconds=seconds))
    assert words.word == word
