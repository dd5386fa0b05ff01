"""Who sees which server, and what everybody else sees in its place."""

import re

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from socialcube.domain.bots.models import BotState
from socialcube.domain.guilds import service
from socialcube.domain.guilds.models import ManagerCheckRow
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service as job_service
from socialcube.domain.jobs.types import JobKind, JobView, fleet_target
from socialcube.web.manage.standing import STRANGERS_WAIT
from tests.support.signing_in import sign_in
from tests.unit.web.manage.conftest import ABSENT, ANN, GARDEN, HARBOR, Place

TOKENS = re.compile(r'name="csrf[_-]token"\s+(?:content|value)="[^"]*"')


def asked(place: Place) -> JobView:
    """Give the question that the browser asked last."""
    with place.site.unit() as uow:
        [job, *_] = jobs.list_recent(uow.session)
    return job


def finish(place: Place, *, problem: str = "", manages: bool | None = None) -> None:
    """Let a runner take up the question and end it."""
    job = asked(place)
    with place.site.unit() as uow:
        job_service.claim(uow, job.id, "fleet:tests")
        if problem:
            job_service.fail(uow, job.id, "fleet:tests", problem)
        else:
            job_service.finish(uow, job.id, "fleet:tests", {"is_manager": manages})
        uow.commit()
    if manages is not None:
        place.note(manages=manages)


def standing(place: Place, server: int = GARDEN) -> str:
    answer = place.client.get(f"/manage/{server}/check")
    assert answer.status_code == 200
    return str(answer.get_json()["standing"])


def test_a_manager_is_asked_about_once_and_then_led_to_the_settings(place: Place) -> None:
    page = place.client.get(f"/manage/{GARDEN}/")
    assert page.status_code == 200
    assert "Garden" not in page.text
    assert "data-auto" in page.text
    assert place.client.post(f"/manage/{GARDEN}/check").location == f"/manage/{GARDEN}/"
    assert place.client.post(f"/manage/{GARDEN}/check").status_code == 303
    job = asked(place)
    assert (job.kind, job.target) == (JobKind.CHECK_MANAGER, fleet_target(place.bot_id))
    assert job.payload == {"guild_id": str(GARDEN), "user_id": str(ANN)}
    with place.site.unit() as uow:
        assert len(jobs.list_recent(uow.session)) == 1
    assert standing(place) == "checking"
    finish(place, manages=True)
    assert standing(place) == "open"
    assert place.client.get(f"/manage/{GARDEN}/").location == place.url
    assert "Settings of <b>Fern</b>" in place.client.get(place.url).text


@pytest.mark.parametrize("server", [ABSENT, HARBOR, GARDEN])
def test_absent_foreign_and_managed_by_others_answer_alike(place: Place, server: int) -> None:
    place.note(person=ANN + 1)
    place.note(person=ANN + 1, server=HARBOR)
    seen = []
    for number in (server, ABSENT):
        client = sign_in(place.site.app, name="Eve", role=None, external_id=5)
        seen.append(
            [
                _plain(client.get(f"/manage/{number}/"), number),
                _plain(client.post(f"/manage/{number}/check"), number),
                _plain(client.get(f"/manage/{number}/"), number),
                _plain(client.get(f"/manage/{number}/check"), number),
                _plain(client.post(f"/manage/{number}/{place.bot_id}/", data={"locale": "de"}), number),
            ]
        )
        place.site.clock.advance(STRANGERS_WAIT.total_seconds() + 1)
        seen[-1] += [
            _plain(client.get(f"/manage/{number}/"), number),
            _plain(client.get(f"/manage/{number}/check"), number),
            _plain(client.get(f"/manage/{number}/{place.bot_id}/"), number),
            _plain(client.post(f"/manage/{number}/{place.bot_id}/", data={"locale": "de"}), number),
        ]
    assert seen[0] == seen[1]
    assert [status for status, _ in seen[0]] == [200, 303, 200, 200, 200, 404, 200, 404, 404]


def test_a_stranger_waits_as_long_for_a_no_as_for_nothing(place: Place) -> None:
    place.client.post(f"/manage/{GARDEN}/check")
    finish(place, manages=False)
    assert standing(place) == "checking"
    place.site.clock.advance(STRANGERS_WAIT.total_seconds() + 1)
    assert standing(place) == "refused"


def test_who_managed_it_before_hears_at_once_that_it_is_over(place: Place) -> None:
    place.note(age=900)
    place.client.post(f"/manage/{GARDEN}/check")
    finish(place, manages=False)
    assert standing(place) == "refused"


def test_who_managed_it_before_hears_that_the_bot_is_offline(place: Place) -> None:
    place.note(age=900)
    with place.site.unit() as uow:
        uow.session.execute(update(BotState).values(gateway="disconnected"))
        uow.commit()
    place.client.post(f"/manage/{GARDEN}/check")
    page = place.client.get(place.url)
    assert (page.status_code, standing(place)) == (503, "offline")
    assert "The bot is offline" in page.text
    assert "Garden" in page.text
    stranger = sign_in(place.site.app, name="Eve", role=None, external_id=5)
    stranger.post(f"/manage/{GARDEN}/check")
    assert "offline" not in stranger.get(f"/manage/{GARDEN}/").text.replace("the bot is offline or left", "")


def test_an_answer_that_never_came_is_told_to_who_managed_it_before(place: Place) -> None:
    place.note(age=900)
    place.client.post(f"/manage/{GARDEN}/check")
    finish(place, problem="The platform cannot be reached.")
    page = place.client.get(place.url)
    assert (page.status_code, standing(place)) == (503, "away")
    assert "Discord did not answer" in page.text


def test_a_question_that_nobody_took_up_is_given_up(place: Place) -> None:
    place.note(age=900)
    place.client.post(f"/manage/{GARDEN}/check")
    assert standing(place) == "checking"
    place.site.clock.advance(31)
    assert standing(place) == "away"
    place.site.clock.advance(30)
    assert standing(place) == "unchecked"


def test_a_yes_that_is_too_old_is_asked_for_anew(place: Place) -> None:
    place.client.post(f"/manage/{GARDEN}/check")
    finish(place, manages=True)
    with place.site.unit() as uow:
        uow.session.execute(update(ManagerCheckRow).values(checked_at=place.site.clock.now()))
        uow.commit()
    assert standing(place) == "unchecked"
    place.client.post(f"/manage/{GARDEN}/check")
    assert standing(place) == "checking"
    finish(place, manages=False)
    assert standing(place) == "refused"


def test_the_answer_to_somebody_elses_question_opens_nothing(place: Place) -> None:
    eve = sign_in(place.site.app, name="Eve", role=None, external_id=5)
    place.client.post(f"/manage/{GARDEN}/check")
    eve.post(f"/manage/{GARDEN}/check?job={asked(place).id}", data={"job": str(asked(place).id)})
    place.note()
    assert standing(place) == "open"
    assert eve.get(f"/manage/{GARDEN}/check").json == {"standing": "checking"}


def test_a_job_result_alone_opens_nothing(place: Place) -> None:
    place.client.post(f"/manage/{GARDEN}/check")
    job = asked(place)
    with place.site.unit() as uow:
        job_service.claim(uow, job.id, "fleet:tests")
        job_service.finish(uow, job.id, "fleet:tests", {"is_manager": True})
        uow.commit()
    place.site.clock.advance(STRANGERS_WAIT.total_seconds() + 1)
    assert standing(place) == "refused"


def test_the_switch_closes_what_is_open(place: Place) -> None:
    place.note()
    assert place.client.get(place.url).status_code == 200
    place.open_up(is_open=False)
    assert standing(place) == "unchecked"
    assert "Fern" not in place.client.get(place.url).text


def test_a_bot_that_left_is_gone(place: Place) -> None:
    place.note()
    with place.site.unit() as uow:
        service.leave_guild(uow, place.bot_id, "discord", GARDEN)
        uow.commit()
    assert standing(place) == "unchecked"


def test_asking_is_limited_whether_the_server_is_here_or_not(place: Place) -> None:
    codes = [place.client.post(f"/manage/{1000 + number}/check").status_code for number in range(31)]
    assert codes == [303] * 30 + [429]


def test_without_redis_nobody_is_checked_and_the_page_says_so(place: Place) -> None:
    place.site.limits.is_up = False
    answer = place.client.post(f"/manage/{GARDEN}/check")
    assert answer.status_code == 503
    assert "Nobody can check right now" in answer.text


def test_a_stranger_to_the_panel_is_sent_to_the_sign_in_first(place: Place) -> None:
    assert place.site.client.get(f"/manage/{GARDEN}/").location == f"/login?next=/manage/{GARDEN}/"
    assert (
        place.site.client.get(f"/manage/{GARDEN}/check", headers={"Accept": "application/json"}).status_code
        == 401
    )


@pytest.mark.parametrize("server", ["0x1f", "-1", "31.0", str(2**64), "..%2f", "garden"])
def test_what_is_no_id_has_no_page(place: Place, server: str) -> None:
    assert place.client.get(f"/manage/{server}/").status_code == 404


def test_several_bots_are_offered_and_one_leads_on(place: Place) -> None:
    place.note()
    clover = place.add_bot("Clover")
    assert place.client.get(f"/manage/{GARDEN}/").location == place.url
    place.open_up(clover)
    page = place.client.get(f"/manage/{GARDEN}/")
    assert page.status_code == 200
    assert page.text.index("Clover") < page.text.index("Fern")
    assert f"/manage/{GARDEN}/{clover}/" in place.client.get(place.url).text


def test_servers_that_were_managed_before_are_listed_and_nothing_else(place: Place) -> None:
    empty = place.client.get("/manage/")
    assert "Nothing here yet" in empty.text
    place.note(age=86_400)
    place.note(manages=False, server=HARBOR)
    listed = place.client.get("/manage/").text
    assert f'href="/manage/{GARDEN}/"' in listed
    assert "Harbor" not in listed


def test_who_has_no_role_is_shown_the_way_here(place: Place) -> None:
    assert 'href="/manage/"' in place.client.get("/no-access").text


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/bots/", "/admin/servers/", "/admin/live", "/admin/servers/settings/", "/api/v1/bots"],
)
def test_managing_a_server_opens_no_other_door(place: Place, path: str) -> None:
    place.note()
    assert place.client.get(path).status_code in {302, 401, 403, 404}
    assert place.client.get(f"/admin/bots/{place.bot_id}/").status_code in {302, 403, 404}


def _plain(answer: TestResponse, server: int) -> tuple[int, str]:
    """Give what an answer says, without what differs at each look."""
    text = TOKENS.sub("", answer.text).replace(f"/manage/{server}/", "/manage/<server>/")
    assert not {name for name in ("Garden", "Harbor", "Fern", "Moss") if name in text}
    return answer.status_code, text
