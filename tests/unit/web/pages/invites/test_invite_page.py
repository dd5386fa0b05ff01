"""The page behind an invite's link."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole
from tests.factories.accounts import SYSTEM
from tests.factories.bots import make_bot
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site

EDITOR = BUILT_IN_ROLES[BuiltInRole.EDITOR].id


@pytest.fixture
def bot_id(site: Site) -> UUID:
    with site.unit() as uow:
        bot_id = make_bot(uow.session, name="Fern").id
        uow.commit()
    return bot_id


def invite(site: Site, bot_id: UUID) -> str:
    maker = sign_in(site.app, name="Mara").person.user
    with site.unit() as uow:
        actor = queries.load_actor(uow.session, maker.id)
        code = service.make_invite(uow, actor, role_id=EDITOR, bot_id=bot_id).code.reveal()
        uow.commit()
    return code


def test_a_stranger_sees_who_invites_to_what_and_signs_in_first(site: Site, bot_id: UUID) -> None:
    code = invite(site, bot_id)
    for _ in range(2):
        page = site.client.get(f"/invite/{code}")
        assert page.status_code == 200
    for words in ("Mara", "Editor", "Fern", "Change and try drafts"):
        assert words in page.text
    assert f'href="/login?next=/invite/{code}"' in page.text
    assert "automation" not in page.text
    assert "<form" not in page.text
    assert site.client.post(f"/invite/{code}").status_code in {400, 401}


def test_the_button_gives_the_role_once(site: Site, bot_id: UUID) -> None:
    code, nina, other = invite(site, bot_id), *(sign_in(site.app, name=n, role=None) for n in ("Nina", "Bo"))
    assert nina.get(f"/admin/bots/{bot_id}/").status_code != 200
    assert "Accept the invite" in nina.get(f"/invite/{code}").text
    answer = nina.post(f"/invite/{code}")
    assert (answer.status_code, answer.location) == (303, f"/admin/bots/{bot_id}/")
    assert "You have the role Editor now." in nina.get(answer.location).text
    assert other.post(f"/invite/{code}").status_code == 404
    assert other.get(f"/invite/{code}").status_code == 404


def test_links_that_do_not_work_answer_alike(site: Site, bot_id: UUID) -> None:
    used, old, cancelled = (invite(site, bot_id) for _ in range(3))
    nina = sign_in(site.app, name="Nina", role=None)
    assert nina.post(f"/invite/{used}").status_code == 303
    with site.unit() as uow:
        offer = queries.find_offer(uow.session, cancelled, uow.clock.now())
        assert offer is not None
        service.cancel_invite(uow, SYSTEM, offer.id)
        uow.commit()
    site.clock.advance(timedelta(days=8).total_seconds())
    client = sign_in(site.app, name="Lena", role=None)
    answers = set()
    for code in (used, old, cancelled, "nothing", "0" * 200):
        for answer in (client.get(f"/invite/{code}"), client.post(f"/invite/{code}")):
            answers.add((answer.status_code, re.sub(r"[0-9a-f]{32}", "", answer.text)))
    ((status, text),) = answers
    assert status == 404
    assert "Ask whoever sent it" in text


def test_guessing_is_limited(site: Site, bot_id: UUID) -> None:
    code = invite(site, bot_id)
    statuses = [site.client.get(f"/invite/guess-{number}").status_code for number in range(31)]
    assert statuses[-1] == 429
    assert site.client.get(f"/invite/{code}").status_code == 429


def test_codes_stay_out_of_the_request_log(site: Site, bot_id: UUID) -> None:
    code = invite(site, bot_id)
    site.client.get(f"/invite/{code}")
    site.client.get(f"/invite//{code}")
    paths = [record.path for record in site.sink.records]  # type: ignore[union-attr] # requests only
    assert paths
    assert [path for path in paths if code in path] == []
