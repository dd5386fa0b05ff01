from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from socialcube.adapters.base import Launch
from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError, TokenInvalidError
from socialcube.db.session import write_sessions
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.errors import InvalidPictureError, InvalidProfileNameError
from socialcube.domain.bots.types import Profile, ProfileField
from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import JobKind, JobView, fleet_target
from socialcube.fleet.profiles import edit_profile, take_interactions
from socialcube.kernel.errors import ForbiddenError, InvalidInputError
from socialcube.kernel.secrets import Secret
from tests.factories.pictures import make_gif, make_png
from tests.fakes.adapter import FakeAdapter
from tests.fakes.bot_events import FakeBotEvents
from tests.fakes.bridge import DirectBridge
from tests.fakes.clock import FakeClock

CLI = Actor.cli("root")
AVATAR, BANNER = make_png(128, 128), make_gif(680, 240)


class Scene:
    """A bot that is online, and jobs about its profile."""

    def __init__(self, engine: Engine, bridge: DirectBridge, bot_id: UUID) -> None:
        self.engine, self.bridge, self.bot_id = engine, bridge, bot_id
        self.adapter = FakeAdapter(Launch(bot_id, 1, Secret("t"), 1), FakeBotEvents())
        self.client: Any = SimpleNamespace(bot_id=bot_id, platform=self.adapter, bridge=bridge)

    def unit(self) -> UnitOfWork:
        return UnitOfWork(write_sessions(self.engine)(), None, FakeClock())

    def ask(self, file: bytes = b"", *, kind: str = JobKind.EDIT_PROFILE, **payload: Any) -> JobView:
        with self.unit() as uow:
            job_id = service.ask(
                uow, CLI, kind, payload, target=fleet_target(self.bot_id), bot_id=self.bot_id
            )
            service.attach_file(uow, job_id, file)
            uow.commit()
        with self.unit() as uow:
            return queries.get_job(uow.session, job_id)

    def profile(self) -> Profile:
        with self.unit() as uow:
            return bots.get_bot(uow.session, self.bot_id).profile


@pytest.fixture
async def scene(engine: Engine, bridge: DirectBridge, store_bots: Callable[[int], list[UUID]]) -> Scene:
    return Scene(engine, bridge, store_bots(1)[0])


async def test_all_parts_are_changed_kept_and_audited(scene: Scene) -> None:
    job = scene.ask(AVATAR + BANNER, name="Moss", avatar=len(AVATAR), banner=len(BANNER))
    assert await edit_profile(job, scene.client) == {"done": ["name", "avatar", "banner"], "problems": {}}
    assert scene.profile() == Profile("Moss", f"hash_of_{len(AVATAR)}", f"hash_of_{len(BANNER)}")
    with scene.unit() as uow:
        entries = list_recent(uow.session)
        assert {(entry.action, entry.actor, entry.bot_id) for entry in entries} == {
            ("bot.profile", "cli:root", scene.bot_id)
        }
        assert list(queries.open_file(uow.session, job.id)) == []


async def test_a_refused_name_does_not_hold_up_a_picture(scene: Scene) -> None:
    reason = "Invalid Form Body; username: You are changing your username too fast."
    scene.adapter.profile_faults[ProfileField.NAME] = CallRefusedError(
        status=400, api_code=50035, reason=reason
    )
    result: Any = await edit_profile(scene.ask(AVATAR, name="Moss", avatar=len(AVATAR)), scene.client)
    assert result["done"] == ["avatar"]
    assert "twice an hour" in result["problems"]["name"]
    assert scene.profile().avatar == f"hash_of_{len(AVATAR)}"


async def test_what_was_taken_is_kept_when_the_token_stops_working_before_the_rest(scene: Scene) -> None:
    scene.adapter.profile_faults[ProfileField.AVATAR] = TokenInvalidError(reason="401")
    result: Any = await edit_profile(scene.ask(name="Moss", avatar=0), scene.client)
    assert result["done"] == ["name"]
    assert "does not accept this bot's token" in result["problems"]["avatar"]
    assert scene.profile().name == "Moss"
    with scene.unit() as uow:
        [entry] = list_recent(uow.session)
        assert entry.after is not None
        assert entry.after["platform_name"] == "Moss"


async def test_when_nothing_was_taken_nothing_is_kept(scene: Scene) -> None:
    scene.adapter.profile_faults[ProfileField.BANNER] = PlatformUnreachableError(reason="it is away")
    result: Any = await edit_profile(scene.ask(banner=0), scene.client)
    assert result["done"] == []
    assert "Save again in a minute" in result["problems"]["banner"]
    with scene.unit() as uow:
        assert list_recent(uow.session) == []


async def test_a_picture_is_taken_away(scene: Scene) -> None:
    with scene.unit() as uow:
        bot_service.note_profile(uow, scene.bot_id, Profile("Fern", "aa", "bb"))
        uow.commit()
    scene.adapter.profile = Profile("Fern", "aa", "bb")
    await edit_profile(scene.ask(avatar=0), scene.client)
    assert scene.profile() == Profile("Fern", None, "bb")


@pytest.mark.parametrize(
    ("payload", "file", "error"),
    [
        ({"name": "x"}, b"", InvalidProfileNameError),
        ({"avatar": 9}, b"no image", InvalidPictureError),
        ({"colour": "red"}, b"", InvalidInputError),
        ({"avatar": "much"}, b"", InvalidInputError),
    ],
)
async def test_what_did_not_come_from_our_form_is_refused(
    scene: Scene, payload: dict[str, Any], file: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await edit_profile(scene.ask(file, **payload), scene.client)
    assert scene.adapter.profile == Profile("Fern")


async def test_a_right_that_was_taken_away_since_counts_for_nothing(scene: Scene) -> None:
    job = replace(scene.ask(name="Moss"), asked_by="user:01a20644-a9dd-77f8-baaf-e36c608c6024")
    with pytest.raises(ForbiddenError):
        await edit_profile(job, scene.client)
    assert scene.adapter.profile == Profile("Fern")


async def test_commands_are_sent_here_again(scene: Scene) -> None:
    with scene.unit() as uow:
        bot_service.note_interactions_url(uow, scene.bot_id, "https://elsewhere.example/hidden?key=1")
        uow.commit()
    scene.adapter.interactions_url = "https://elsewhere.example/"
    assert await take_interactions(scene.ask(kind=JobKind.TAKE_INTERACTIONS), scene.client) == {}
    assert scene.adapter.interactions_url == ""
    with scene.unit() as uow:
        assert bots.get_bot(uow.session, scene.bot_id).interactions_url == ""
        [entry] = list_recent(uow.session)
        assert (entry.action, entry.actor) == ("bot.interactions", "cli:root")
        assert (entry.before, entry.after) == ({"host": "elsewhere.example"}, {"host": ""})
