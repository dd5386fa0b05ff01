"""Wishes for all bots of a tag."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from socialcube.domain.access.types import Permission
from socialcube.domain.bots.models import BotTag
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobView
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot

DOOR = "/admin/bots/by-tag"


def tagged(site: Site, add_bot: MakeBot, tag: str, *names: str) -> list[UUID]:
    ids = [add_bot(name, desired_state=DesiredState.STOPPED) for name in names]
    with site.unit() as uow:
        uow.session.add_all([BotTag(bot_id=bot_id, tag=tag) for bot_id in ids])
        uow.commit()
    return ids


def asked(site: Site) -> list[JobView]:
    with site.services.shared.reads() as session:
        return [job for job in jobs.list_recent(session) if job.kind == JobKind.CHANGE_BOTS]


def test_all_bots_of_a_tag_are_left_to_a_worker(site: Site, add_bot: MakeBot) -> None:
    ids = tagged(site, add_bot, "night", "Fern", "Moss")
    add_bot("Oak")
    client = sign_in(site.app)
    shown = client.get("/admin/bots/").text
    assert "night (2)" in shown
    assert 'data-ask="All bots with this tag go offline' in shown
    answer = client.post(DOOR, data={"action": "start", "tag": "night"})
    assert answer.location == "/admin/bots/"
    [job] = asked(site)
    payload: dict[str, Any] = dict(job.payload)
    assert (payload["action"], set(payload["bot_ids"])) == ("start", {str(key) for key in ids})
    page = client.get(answer.location).text
    assert "2 told to start, staggered, about 3 s." in page
    assert f'data-job="{job.id}"' in page


def test_only_bots_that_the_person_controls_are_meant(site: Site, add_bot: MakeBot) -> None:
    mine, theirs = tagged(site, add_bot, "night", "Mine", "Theirs")
    client = sign_in(site.app, name="Jonas", permissions={Permission.BOT_CONTROL}, bots=[mine])
    client.post(DOOR, data={"action": "stop", "tag": "night"})
    [job] = asked(site)
    assert job.payload["bot_ids"] == [str(mine)]
    viewer = sign_in(site.app, name="Vera", permissions={Permission.BOT_VIEW}, bots=[theirs])
    assert viewer.post(DOOR, data={"action": "stop", "tag": "night"}).status_code == 403
    assert "By tag" not in viewer.get("/admin/bots/").text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"action": "start", "tag": "day"}, "has the tag “day”"),
        ({"action": "start", "tag": ""}, "Choose another tag"),
        ({"action": "delete", "tag": "night"}, "one of the three buttons"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    site: Site, add_bot: MakeBot, form: dict[str, str], words: str
) -> None:
    tagged(site, add_bot, "night", "Fern")
    client = sign_in(site.app)
    answer = client.post(DOOR, data=form)
    assert words in client.get(answer.location).text
    assert asked(site) == []


def test_very_many_are_one_job_with_one_progress(site: Site, add_bot: MakeBot) -> None:
    tagged(site, add_bot, "all", *(f"Bot {number}" for number in range(501)))
    client = sign_in(site.app)
    client.post(DOOR, data={"action": "restart", "tag": "all"})
    [job] = asked(site)
    bot_ids: Any = job.payload["bot_ids"]
    assert len(bot_ids) == 501
    assert job.expires_at - job.created_at > timedelta(minutes=15)
    assert "501 told to restart, staggered, about 63 s." in client.get("/admin/bots/").text
