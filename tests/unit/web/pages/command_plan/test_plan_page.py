"""The page of the plan: look, then apply."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from socialcube.domain.access.types import Permission
from socialcube.domain.commands import policy, service
from socialcube.domain.commands.types import CommandPlan, Registration
from socialcube.domain.guilds import service as guilds
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobKind, JobView
from tests.factories.bots import make_bot
from tests.factories.commands import make_desired, make_remote
from tests.factories.guilds import make_guild
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site


def make_plan() -> CommandPlan:
    """Make a plan with one of everything."""
    return policy.plan(
        [make_desired(), make_desired("new", 31), make_desired("same"), make_desired("taken")],
        [
            make_remote(external_id=1, description="<b>Old</b> words"),
            make_remote("gone", external_id=2),
            make_remote("same", external_id=3),
            make_remote("taken", external_id=4),
            make_remote("Report", 31, external_id=5, kind=3),
        ],
        [Registration(number, None, name, "x") for number, name in ((1, "hello"), (2, "gone"), (3, "same"))],
        created={31: 150},
    )


@dataclass
class Scene:
    site: Site
    client: SignedInClient
    bot_id: UUID

    @property
    def url(self) -> str:
        return f"/admin/bots/{self.bot_id}/commands/plan"

    def page(self, url: str = "") -> str:
        answer = self.client.get(url or self.url)
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    def look(self, plan: CommandPlan) -> str:
        """Let a runner look. Gives what the plan is known by."""
        with self.site.unit() as uow:
            service.note_look(uow, self.bot_id, plan)
            uow.commit()
        return policy.digest_of_plan(plan)

    def job(self, kind: JobKind) -> JobView:
        with self.site.services.shared.reads() as session:
            job = jobs.find_latest(session, kind)
        assert job is not None
        return job

    def end(self, job: JobView, result: dict[str, object] | None = None, *, problem: str = "") -> None:
        with self.site.unit() as uow:
            job_service.claim(uow, job.id, "fleet:tests")
            if result is None:
                job_service.fail(uow, job.id, "fleet:tests", problem)
            else:
                job_service.finish(uow, job.id, "fleet:tests", result)
            uow.commit()


@pytest.fixture
def scene(site: Site) -> Scene:
    with site.unit() as uow:
        bot = make_bot(uow.session, name="Fern")
        guilds.sync_guild(uow, bot.id, "discord", make_guild(external_id=31, name="Garden"))
        uow.commit()
    return Scene(site, sign_in(site.app), bot.id)


def test_before_the_first_look_the_page_says_so(scene: Scene) -> None:
    page = scene.page()
    assert "Nobody has compared the commands of Fern with Discord yet." in page
    assert "Apply" not in page


def test_the_plan_is_shown_by_place_in_words(scene: Scene) -> None:
    scene.look(make_plan())
    page = scene.page()
    everywhere, only = page.index("<h2>All servers</h2>"), page.index("<h2>Only in Garden</h2>")
    assert everywhere < page.index("<code>/hello</code>") < only < page.index("<code>/new</code>")
    assert "<dt>Description</dt>" in page
    assert "<del>&lt;b&gt;Old&lt;/b&gt; words</del>" in page
    assert "<ins>Say hello</ins>" in page
    assert "will be deleted: it is no longer published here" in page
    assert "stays away: A command of this name was made elsewhere" in page
    assert '<code>Report</code> <span class="muted">command on messages made elsewhere: kept</span>' in page
    assert "50 of 200 new commands left today" in page
    assert "4 differ" in page
    assert "Apply 3 changes" in page


def test_servers_are_not_named_to_those_who_may_not_see_them(scene: Scene) -> None:
    scene.look(make_plan())
    reads = {Permission.BOT_VIEW, Permission.COMMAND_VIEW}
    reader = sign_in(scene.site.app, name="Vera", permissions=reads, bots=[scene.bot_id])
    page = reader.get(scene.url).text
    assert ("Only in server 31" in page, "Garden" in page) == (True, False)


def test_looking_asks_the_runner(scene: Scene) -> None:
    location = scene.client.post(scene.url).location
    job = scene.job(JobKind.COMMAND_PLAN)
    assert "Asking the runner" in scene.page(location)
    assert f'data-job="{job.id}"' in scene.page(location)
    scene.end(job, problem="The bot cannot be reached right now.")
    assert "The bot cannot be reached right now. Is the bot online?" in scene.page(location)


def test_applying_takes_what_was_seen(scene: Scene) -> None:
    seen = scene.look(make_plan())
    location = scene.client.post(f"{scene.url}/apply", data={"seen": seen}).location
    job = scene.job(JobKind.APPLY_PLAN)
    assert job.payload == {"seen": seen}
    assert "Applying the changes, 0 %" in scene.page(location)
    scene.look(policy.plan([], [], []))
    scene.end(job, {"created": ["new"], "updated": ["hello"], "deleted": [], "problems": ["/gone: no"]})
    page = scene.page(location)
    assert "Applied in part" in page
    assert "1 created, 1 changed, 0 deleted." in page
    assert "<li>/gone: no</li>" in page
    assert "Nothing to do." in page


def test_a_plan_that_is_another_one_by_now_is_not_applied(scene: Scene) -> None:
    seen = scene.look(make_plan())
    scene.look(policy.plan([make_desired("other")], [], []))
    scene.client.post(f"{scene.url}/apply", data={"seen": seen})
    with scene.site.services.shared.reads() as session:
        assert jobs.find_latest(session, JobKind.APPLY_PLAN) is None
    assert "Look at the changes again, then apply them." in scene.page()


def test_what_the_runner_refuses_is_said(scene: Scene) -> None:
    location = scene.client.post(f"{scene.url}/apply", data={"seen": scene.look(make_plan())}).location
    scene.end(scene.job(JobKind.APPLY_PLAN), problem="Something changed.")
    page = scene.page(location)
    assert "Not finished" in page
    assert "Something changed. Look now to see what is left, then apply that." in page


def test_who_may_not_publish_can_look_and_apply_nothing(scene: Scene) -> None:
    seen = scene.look(make_plan())
    sees = {Permission.BOT_VIEW, Permission.COMMAND_VIEW}
    editor = sign_in(scene.site.app, name="Ed", role=None, permissions=sees, bots=[scene.bot_id])
    page = editor.get(scene.url).text
    assert "Somebody who may publish commands can apply this." in page
    assert "/apply" not in page
    assert editor.post(f"{scene.url}/apply", data={"seen": seen}).status_code == 403
    assert editor.post(scene.url).status_code == 303


def test_another_bots_question_is_not_shown(scene: Scene) -> None:
    with scene.site.unit() as uow:
        other = make_bot(uow.session, name="Moss")
        uow.commit()
    scene.client.post(scene.url)
    job = scene.job(JobKind.COMMAND_PLAN)
    page = scene.client.get(f"/admin/bots/{other.id}/commands/plan?job={job.id}").text
    assert "Asking the runner" not in page


def test_drift_is_told_on_the_tab_and_on_home(scene: Scene) -> None:
    scene.look(make_plan())
    tab = " ".join(scene.client.get(f"/admin/bots/{scene.bot_id}/commands").text.split())
    assert "4 commands differ at Discord from what is published here" in tab
    assert f'href="{scene.url}">Review the changes</a>' in tab
    home = scene.client.get("/admin/").text
    assert "4 commands differ at Discord from what is published here." in home
    assert f'href="{scene.url}"' in home
    scene.look(policy.plan([], [], []))
    assert "differ at Discord" not in scene.client.get("/admin/").text
