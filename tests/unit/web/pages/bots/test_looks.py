"""What a bot shows beside its name, and its profile at Discord."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

from socialcube.domain.access.types import Permission
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.types import (
    ActivityKind,
    BotView,
    GatewayState,
    Presence,
    ProcessState,
    Profile,
    Status,
)
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobKind, JobView, fleet_target
from socialcube.infra.control_bus import ControlMessage, Topic
from tests.factories.pictures import make_gif, make_png
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot

JSON = {"Accept": "application/json"}
ONLINE = {"process": ProcessState.RUNNING, "gateway": GatewayState.CONNECTED}
HASH = "0123456789abcdef" * 2


@pytest.fixture
def client(site: Site) -> SignedInClient:
    return sign_in(site.app)


def get(site: Site, bot_id: UUID) -> BotView:
    with site.services.shared.reads() as session:
        return queries.get_bot(session, bot_id)


def find(site: Site, kind: str) -> JobView | None:
    with site.services.shared.reads() as session:
        return jobs.find_latest(session, kind)


def page(client: SignedInClient, url: str) -> str:
    return " ".join(client.get(url.partition("#")[0]).text.split())


def presence(site: Site, bot_id: UUID, **changes: str) -> dict[str, str]:
    form = {"status": "idle", "activity": "watching", "text": "over you"}
    return form | {"version": str(get(site, bot_id).version)} | changes


def test_a_presence_is_saved_and_shown_as_discord_shows_it(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot(state=ONLINE)
    answer = client.post(f"/admin/bots/{bot_id}/presence", data=presence(site, bot_id))
    assert answer.location == f"/admin/bots/{bot_id}/settings#presence"
    assert get(site, bot_id).presence == Presence(Status.IDLE, ActivityKind.WATCHING, "over you")
    shown = page(client, answer.location)
    assert "It shows in a few seconds." in shown
    assert "data-line>Watching over you</small>" in shown
    assert ControlMessage(Topic.BOTS_CHANGED, str(bot_id)) in site.bus.sent


def test_a_stopped_bot_shows_it_later(site: Site, client: SignedInClient, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    answer = client.post(f"/admin/bots/{bot_id}/presence", data=presence(site, bot_id), headers=JSON)
    assert answer.json is not None
    assert answer.json["message"] == "Saved. It shows once the bot is online."


def test_what_cannot_be_shown_is_explained_at_its_field_and_stays_typed(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot()
    door = f"/admin/bots/{bot_id}/presence"
    answer = client.post(door, data=presence(site, bot_id, text=""))
    assert answer.status_code == 422
    assert "the activity has no text" in answer.text
    assert "Choose a status, and for an activity a text" in answer.text
    assert client.post(door, data=presence(site, bot_id, status="away"), headers=JSON).status_code == 400
    assert get(site, bot_id).presence == Presence()
    assert client.get(door).location == f"/admin/bots/{bot_id}/settings"


def test_somebody_elses_change_is_shown_before_it_is_replaced(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot()
    door, seen = f"/admin/bots/{bot_id}/presence", str(get(site, bot_id).version)
    client.post(door, data=presence(site, bot_id))
    mine = presence(site, bot_id, status="dnd", text="the rain", version=seen)
    answer = client.post(door, data=mine)
    assert answer.status_code == 409
    text = " ".join(answer.text.split())
    assert "Stored now is: Idle, “Watching over you”." in text
    assert 'value="the rain"' in text
    assert client.post(door, data=mine, headers=JSON).status_code == 409
    client.post(door, data=mine | {"version": str(get(site, bot_id).version)})
    assert get(site, bot_id).presence.status is Status.BUSY


def test_who_may_not_edit_sees_neither_form(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot(state=ONLINE)
    keeper = sign_in(
        site.app, name="Jonas", permissions={Permission.BOT_VIEW, Permission.BOT_TOKEN}, bots=[bot_id]
    )
    shown = page(keeper, f"/admin/bots/{bot_id}/settings")
    assert "What it shows" not in shown
    assert "Profile at Discord" not in shown
    for door in ("presence", "profile", "take-interactions"):
        assert keeper.post(f"/admin/bots/{bot_id}/{door}", data=presence(site, bot_id)).status_code == 403


def send(client: SignedInClient, bot_id: UUID, **fields: Any) -> Any:
    files = {
        name: (BytesIO(value), "../x.html") if isinstance(value, bytes) else value
        for name, value in fields.items()
    }
    return client.post(f"/admin/bots/{bot_id}/profile", data=files, content_type="multipart/form-data")


def test_a_profile_travels_to_the_runner_with_its_pictures(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot(state=ONLINE)
    avatar, banner = make_png(128, 128), make_gif(680, 240)
    answer = send(client, bot_id, name="Moss", avatar=avatar, banner=banner)
    job = find(site, JobKind.EDIT_PROFILE)
    assert job is not None
    assert (job.target, job.payload) == (
        fleet_target(bot_id),
        {"name": "Moss", "avatar": len(avatar), "banner": len(banner)},
    )
    with site.services.shared.reads() as session:
        assert b"".join(jobs.open_file(session, job.id)) == avatar + banner
    assert answer.location == f"/admin/bots/{bot_id}/settings?profile={job.id}#profile"
    shown = page(client, answer.location)
    assert f'data-job="{job.id}"' in shown
    assert "Discord is asked. That takes a few seconds." in shown


def finish(site: Site, job: JobView, result: dict[str, object] | None) -> None:
    with site.unit() as uow:
        job_service.claim(uow, job.id, "fleet:x")
        if result is None:
            job_service.fail(uow, job.id, "fleet:x", "The bot is not available.")
        else:
            job_service.finish(uow, job.id, "fleet:x", result)
        uow.commit()


def test_the_answer_stands_at_its_fields(site: Site, client: SignedInClient, add_bot: MakeBot) -> None:
    bot_id = add_bot(state=ONLINE)
    url = send(client, bot_id, name="Moss", avatar=make_png(128, 128)).location
    job = find(site, JobKind.EDIT_PROFILE)
    assert job is not None
    finish(site, job, {"done": ["avatar"], "problems": {"name": "Only twice an hour."}})
    shown = page(client, url)
    assert "Changed at Discord:" in shown
    assert 'id="profile-name-problem"' in shown
    assert "Only twice an hour." in shown
    assert 'value="Moss"' in shown
    assert "data-job" not in shown
    other = add_bot("Oak", state=ONLINE)
    assert "Only twice an hour." not in page(client, url.replace(str(bot_id), str(other)))


def test_the_name_of_a_change_that_is_over_does_not_stand_in_the_form(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot(state=ONLINE)
    url = send(client, bot_id, name="Moss").location
    job = find(site, JobKind.EDIT_PROFILE)
    assert job is not None
    assert 'value="Moss"' in page(client, url)
    finish(site, job, {"done": ["name"], "problems": {}})
    with site.unit() as uow:
        service.note_profile(uow, bot_id, Profile("Oakley", None, None))
        uow.commit()
    shown = page(client, url)
    assert ('value="Oakley"' in shown, 'value="Moss"' in shown) == (True, False)


def test_a_runner_that_cannot_answer_is_told_of(site: Site, client: SignedInClient, add_bot: MakeBot) -> None:
    bot_id = add_bot(state=ONLINE)
    url = send(client, bot_id, name="Moss").location
    job = find(site, JobKind.EDIT_PROFILE)
    assert job is not None
    finish(site, job, None)
    assert (
        "What Discord took before shows below. Look whether Fern is online, then save the rest again."
        in page(client, url)
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "x"}, "2 to 32 characters on one line"),
        ({"avatar": b"<html>"}, "it is no PNG, JPEG or GIF"),
        ({"banner": make_png(8, 8)}, "which is too small"),
    ],
)
def test_what_discord_would_not_take_is_refused_at_the_field(
    site: Site, client: SignedInClient, add_bot: MakeBot, fields: dict[str, Any], words: str
) -> None:
    bot_id = add_bot(state=ONLINE)
    answer = send(client, bot_id, **({"name": "Fern"} | fields))
    assert (answer.status_code, words in answer.text) == (422, True)
    assert "<html>&" not in answer.text
    assert find(site, JobKind.EDIT_PROFILE) is None


def test_a_bot_that_is_away_and_a_change_of_nothing_say_what_to_do(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    away, online = add_bot(), add_bot("Moss", state=ONLINE)
    assert "Start it, wait until it is online" in page(client, send(client, away, name="Other").location)
    assert "Type another name, or choose a picture." in page(
        client, send(client, online, name="Moss").location
    )
    assert find(site, JobKind.EDIT_PROFILE) is None


def test_present_pictures_are_shown_and_can_be_taken_away(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot(external_id=77, state=ONLINE)
    with site.unit() as uow:
        service.note_profile(uow, bot_id, Profile("Moss", HASH, HASH))
        uow.commit()
    shown = page(client, f"/admin/bots/{bot_id}/settings")
    assert f"/media/bot/77/{HASH}" in shown
    assert f"/media/banner/77/{HASH}" in shown
    send(client, bot_id, name="Moss", banner_away="1")
    job = find(site, JobKind.EDIT_PROFILE)
    assert job is not None
    assert job.payload == {"banner": 0}


def test_commands_that_go_elsewhere_are_told_of_and_sent_here(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot(state=ONLINE, interactions_url="https://elsewhere.example/<b>")
    shown = page(client, f"/admin/bots/{bot_id}/")
    assert "https://elsewhere.example/&lt;b&gt;" in shown
    answer = client.post(f"/admin/bots/{bot_id}/take-interactions")
    job = find(site, JobKind.TAKE_INTERACTIONS)
    assert job is not None
    assert answer.location == f"/admin/bots/{bot_id}/?asked={job.id}"
    assert "Discord is asked to send them here." in page(client, answer.location)
    finish(site, job, None)
    assert "Clear “Interactions Endpoint URL”" in page(client, answer.location)
    viewer = sign_in(site.app, name="Vera", permissions={Permission.BOT_VIEW}, bots=[bot_id])
    assert "Somebody who may edit Fern" in page(viewer, f"/admin/bots/{bot_id}/")


def test_a_bot_that_is_away_cannot_take_its_commands(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot(interactions_url="https://elsewhere.example/")
    answer = client.post(f"/admin/bots/{bot_id}/take-interactions")
    assert "Fern is not online" in page(client, answer.location)
    assert find(site, JobKind.TAKE_INTERACTIONS) is None
