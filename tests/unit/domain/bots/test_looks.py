import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.errors import BotChangedError, InvalidProfileNameError
from socialcube.domain.bots.events import BotObserved, BotPresenceChanged
from socialcube.domain.bots.policy import check_profile_name, describe_bot, say_refusal
from socialcube.domain.bots.types import (
    ActivityKind,
    DesiredState,
    GatewayState,
    Platform,
    Presence,
    ProcessState,
    Profile,
    ProfileField,
    Status,
    Tone,
)
from socialcube.kernel.errors import ForbiddenError
from socialcube.kernel.ids import new_id
from tests.factories.access import make_actor
from tests.factories.bots import make_bot
from tests.fakes.clock import START
from tests.fakes.events import Published

pytestmark = pytest.mark.usefixtures("noise")
WATCHING = Presence(Status.IDLE, ActivityKind.WATCHING, "over you")
HASH = "0" * 32


def test_a_presence_is_kept_told_and_audited(uow: UnitOfWork, owner: Actor, published: Published) -> None:
    bot = make_bot(uow.session)
    service.set_presence(uow, owner, bot.id, version=bot.version, presence=WATCHING)
    uow.commit()
    assert queries.get_bot(uow.session, bot.id).presence == WATCHING
    assert queries.list_launches(uow.session, [bot.id])[bot.id].presence == WATCHING
    assert queries.list_presences(uow.session, [bot.id, new_id()]) == {bot.id: WATCHING}
    assert BotPresenceChanged(bot.id) in published.events
    [entry] = list_recent(uow.session)
    assert (entry.action, (entry.after or {})["presence"]) == ("bot.presence", "idle, watching: over you")


def test_choosing_what_it_shows_already_leaves_no_trace(
    uow: UnitOfWork, owner: Actor, published: Published
) -> None:
    bot = make_bot(uow.session)
    service.set_presence(uow, owner, bot.id, version=bot.version, presence=Presence())
    uow.commit()
    assert list_recent(uow.session) == []
    assert published.events == []


def test_two_people_do_not_overwrite_each_other_unseen(uow: UnitOfWork, owner: Actor) -> None:
    bot = make_bot(uow.session)
    seen = bot.version
    service.set_presence(uow, owner, bot.id, version=seen, presence=WATCHING)
    uow.session.flush()
    with pytest.raises(BotChangedError):
        service.set_presence(uow, owner, bot.id, version=seen, presence=Presence(Status.BUSY))


def test_who_only_controls_a_bot_does_not_choose_how_it_looks(uow: UnitOfWork) -> None:
    bot = make_bot(uow.session)
    actor = make_actor(Permission.BOT_VIEW, Permission.BOT_CONTROL, bot_id=bot.id)
    with pytest.raises(ForbiddenError):
        service.set_presence(uow, actor, bot.id, version=bot.version, presence=WATCHING)


def test_what_discord_shows_is_kept_beside_our_own_name(uow: UnitOfWork, published: Published) -> None:
    bot = make_bot(uow.session, name="Our Fern")
    version = bot.version
    service.note_profile(uow, bot.id, Profile("Fern\nof Discord", HASH, "../x"))
    uow.commit()
    view = queries.get_bot(uow.session, bot.id)
    assert (view.name, view.profile, view.version) == ("Our Fern", Profile("Fern of Discord", HASH), version)
    assert published.events == [BotObserved(bot.id)]
    assert queries.find_banner(uow.session, Platform.DISCORD, bot.external_id) is None


def test_a_changed_profile_is_audited_without_being_anybodys_data(uow: UnitOfWork, owner: Actor) -> None:
    bot = make_bot(uow.session)
    service.note_profile_change(uow, owner, bot.id, Profile("Fern"), Profile("Moss", HASH))
    uow.commit()
    [entry] = list_recent(uow.session)
    assert (entry.action, entry.person_id) == ("bot.profile", None)
    assert entry.after == {"platform_name": "Moss", "picture": HASH, "banner": None}


def test_a_bot_whose_commands_go_elsewhere_is_not_called_well(uow: UnitOfWork) -> None:
    runner = new_id()
    online = {"process": ProcessState.RUNNING, "gateway": GatewayState.CONNECTED, "runner_id": runner}
    bot = make_bot(uow.session, desired_state=DesiredState.RUNNING, state=online)
    assert _tone(uow, bot.id, runner) is Tone.OK
    service.note_interactions_url(uow, bot.id, "https://elsewhere.example/hook")
    assert _tone(uow, bot.id, runner) is Tone.WARN
    service.note_interactions_url(uow, bot.id, "")
    assert _tone(uow, bot.id, runner) is Tone.OK


def _tone(uow: UnitOfWork, bot_id: object, runner: object) -> Tone:
    bot = queries.get_bot(uow.session, str(bot_id))
    return describe_bot(bot, living=[runner], now=START).tone  # type: ignore[list-item] # our own key


@pytest.mark.parametrize("name", ["", "x", "y" * 33, "two\nlines"])
def test_names_that_discord_never_takes_are_refused_here(name: str) -> None:
    with pytest.raises(InvalidProfileNameError):
        check_profile_name(name)


@pytest.mark.parametrize(
    ("field", "status", "reason", "words"),
    [
        (ProfileField.NAME, 400, "Invalid Form Body; username: You are changing too fast.", "twice an hour"),
        (ProfileField.AVATAR, 429, "You are being rate limited.", "ten minutes"),
        (
            ProfileField.NAME,
            400,
            "Invalid Form Body; username: Username cannot contain 'discord'",
            "Username cannot contain 'discord'. Change it",
        ),
        (ProfileField.BANNER, 403, "Missing Access", "Discord does not take it: Missing Access."),
    ],
)
def test_refusals_are_said_in_plain_words(field: ProfileField, status: int, reason: str, words: str) -> None:
    assert words in say_refusal(field, status, reason)
