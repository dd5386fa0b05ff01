"""The page of one bot in one server, and leaving it."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from socialcube.domain.access.types import Permission
from socialcube.domain.guilds import service
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobKind, JobView
from tests.factories.access import make_owner
from tests.factories.bots import make_bot
from tests.factories.guilds import make_channel, make_guild
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

VIEW_AND_BAN = 1 << 10 | 1 << 2
GARDEN = 31


@dataclass
class Scene:
    """Fern in the Garden, where it may ban people and its log channel cannot be written in."""

    site: Site
    client: SignedInClient
    bot_id: UUID
    guild_id: UUID

    @property
    def url(self) -> str:
        return f"/admin/bots/{self.bot_id}/servers/{self.guild_id}/"

    def page(self, url: str = "") -> str:
        answer = self.client.get(url or self.url)
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    def leave(self, name: str) -> str:
        answer = self.client.post(f"{self.url}leave", data={"name": name})
        assert answer.status_code == 303
        return str(answer.location)

    def job(self) -> JobView | None:
        with self.site.services.shared.reads() as session:
            return jobs.find_latest(session, JobKind.LEAVE_GUILD)


@pytest.fixture
def scene(site: Site) -> Scene:
    with site.unit() as uow:
        bot = make_bot(uow.session, name="Fern", external_id=77)
        channel = make_channel(name="alerts")
        guild = make_guild(external_id=GARDEN, name="Garden", permissions=VIEW_AND_BAN, channels=(channel,))
        guild_id = service.sync_guild(uow, bot.id, "discord", guild)
        service.edit_settings(
            uow,
            make_owner(),
            bot.id,
            guild_id,
            version=0,
            locale="de",
            time_zone="UTC",
            log_channel_id=channel.external_id,
            disabled_commands=frozenset(),
            values={},
        )
        uow.commit()
    return Scene(site, sign_in(site.app), bot.id, guild_id)


def test_the_page_says_what_is_missing_and_too_much_with_the_link_that_mends_it(scene: Scene) -> None:
    page = scene.page()
    assert "<span>Lacks 1</span>" in page
    assert '<span>Send Messages</span></span> <span class="muted">in #alerts, to tell failures there' in page
    assert "It can shut people out of the server. Nothing it does here needs that." in page
    link = "client_id=77&amp;scope=bot+applications.commands&amp;permissions=3072&amp;guild_id=31"
    assert link in page


def test_the_sandbox_says_that_it_has_no_such_page(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socialcube.web.pages.guilds.place.fix_url", lambda *_: None)
    page = scene.page()
    assert "The sandbox has no page to agree on" in page
    assert "oauth2/authorize" not in page


def test_leaving_asks_for_the_name_and_then_the_runner(scene: Scene) -> None:
    scene.leave("Gardn")
    assert scene.job() is None
    assert "That is not the name of the server, so the bot stays there." in scene.page()
    location = scene.leave("Garden")
    job = scene.job()
    assert job is not None
    assert job.payload == {"guild_id": str(GARDEN)}
    page = scene.page(location)
    assert f'data-job="{job.id}"' in page
    assert "Type <b>Garden</b>" not in page


def test_the_answer_of_the_runner_is_shown(scene: Scene) -> None:
    location = scene.leave("Garden")
    job = scene.job()
    assert job is not None
    with scene.site.unit() as uow:
        job_service.claim(uow, job.id, "fleet:tests")
        job_service.fail(uow, job.id, "fleet:tests", "Discord said no.")
        uow.commit()
    failed = scene.page(location)
    assert "Discord said no. Is the bot online?" in failed
    assert "Type <b>Garden</b>" in failed


def test_a_server_that_was_left_is_shown_as_left(scene: Scene) -> None:
    location = scene.leave("Garden")
    job = scene.job()
    assert job is not None
    with scene.site.unit() as uow:
        job_service.claim(uow, job.id, "fleet:tests")
        job_service.finish(uow, job.id, "fleet:tests", {"left": str(GARDEN)})
        service.leave_guild(uow, scene.bot_id, "discord", GARDEN)
        uow.commit()
    page = scene.page(location)
    assert "Fern has left Garden." in page
    assert "Fern is not in this server any more." in page
    assert "Edit settings" not in page


def test_a_server_in_an_outage_is_shown_as_such(scene: Scene) -> None:
    with scene.site.unit() as uow:
        service.note_unavailable(uow, scene.bot_id, "discord", GARDEN)
        uow.commit()
    page = scene.page()
    assert "<span>Unreachable</span>" in page
    assert "Fern is still a member; there is nothing to do here." in page


def test_a_server_that_the_bot_never_was_in_is_not_there(scene: Scene) -> None:
    answer = scene.client.get(f"/admin/bots/{scene.bot_id}/servers/{scene.bot_id}/")
    assert answer.status_code == 404


def test_who_may_only_look_gets_no_form_to_leave(scene: Scene) -> None:
    looks = {Permission.BOT_VIEW, Permission.GUILD_VIEW}
    viewer = sign_in(scene.site.app, name="Vi", role=None, permissions=looks, bots=[scene.bot_id])
    page = viewer.get(scene.url).text
    assert "Leave this server" not in page
    assert "Edit settings" not in page
    assert viewer.post(f"{scene.url}leave", data={"name": "Garden"}).status_code == 403


def test_another_question_is_not_taken_for_this_one(scene: Scene) -> None:
    location = scene.leave("Garden")
    with scene.site.unit() as uow:
        other = service.sync_guild(uow, scene.bot_id, "discord", make_guild(external_id=32, name="Park"))
        uow.commit()
    page = scene.page(location.replace(str(scene.guild_id), str(other)))
    assert "data-job" not in page
    assert "Type <b>Park</b> to leave it" in page
