"""Deleted bots: who sees them, who brings them back."""

from uuid import UUID

import pytest

from socialcube.domain.access.types import Permission
from socialcube.domain.bots import queries
from socialcube.domain.bots import service as bots
from tests.factories.access import make_owner
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot

NOBODYS = UUID("01890000-0000-7000-8000-00000000dead")
URL = "/admin/bots/deleted"


@pytest.fixture
def deleted(site: Site, add_bot: MakeBot) -> UUID:
    bot_id = add_bot()
    delete(site, bot_id)
    return bot_id


def delete(site: Site, bot_id: UUID) -> None:
    with site.unit() as uow:
        bots.delete_bot(uow, make_owner(), bot_id)
        uow.commit()


def is_deleted(site: Site, bot_id: UUID) -> bool:
    with site.services.shared.reads() as session:
        return queries.is_deleted(session, bot_id)


def test_a_deleted_bot_comes_back_without_its_token(site: Site, deleted: UUID) -> None:
    client = sign_in(site.app)
    assert URL in client.get("/admin/bots/").text
    assert "Fern" in client.get(URL).text
    answer = client.post(f"{URL}/{deleted}/restore")
    assert answer.location == f"/admin/bots/{deleted}/settings#token"
    page = client.get(answer.location.partition("#")[0]).text
    assert "Fern is back, without its token." in page
    assert "It has no token, so it cannot start." in page
    assert "Nothing was deleted" in client.get(URL).text


def test_one_that_is_not_deleted_foreign_or_absent_answers_alike(
    site: Site, deleted: UUID, add_bot: MakeBot
) -> None:
    mine = add_bot("Mine")
    client = sign_in(
        site.app, name="Priya", permissions={Permission.BOT_VIEW, Permission.BOT_DELETE}, bots=[mine]
    )
    assert "Fern" not in client.get(URL).text
    answers = [client.post(f"{URL}/{bot_id}/restore") for bot_id in (deleted, mine, NOBODYS)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert is_deleted(site, deleted)


def test_who_may_delete_it_may_restore_it(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    permissions = {Permission.BOT_VIEW, Permission.BOT_DELETE}
    client = sign_in(site.app, name="Priya", permissions=permissions, bots=[bot_id])
    delete(site, bot_id)
    assert "Fern" in client.get(URL).text
    answer = client.post(f"{URL}/{bot_id}/restore")
    assert answer.location == f"/admin/bots/{bot_id}/"
    assert not is_deleted(site, bot_id)


def test_who_may_delete_nothing_has_no_such_page(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    client = sign_in(site.app, name="Vera", permissions={Permission.BOT_VIEW}, bots=[bot_id])
    assert URL not in client.get("/admin/bots/").text
    delete(site, bot_id)
    assert client.get(URL).status_code == 403
    assert client.post(f"{URL}/{bot_id}/restore").status_code == 403
