from uuid import UUID

from socialcube.domain.access.types import Permission
from socialcube.domain.accounts.types import RECENT_TIME, BuiltInRole
from socialcube.domain.audit import queries as audit
from socialcube.domain.guilds import queries
from socialcube.domain.guilds.types import ManagerRules
from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot


def rules(site: Site, bot_id: UUID) -> ManagerRules:
    with site.unit() as uow:
        return queries.get_manager_rules(uow.session, bot_id)


def test_an_owner_lets_managers_in_and_out_again(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    client = sign_in(site.app)
    address = site.services.shared.settings.web.public_url + "/manage/"
    page = client.get(f"/admin/bots/{bot_id}/settings").text
    assert "People with Manage Server may change their server's settings" in page
    assert address not in page

    url = f"/admin/bots/{bot_id}/managers"
    answer = client.post(url, data={"is_open": "yes", "may_switch_commands": "yes"})
    assert answer.location == f"/admin/bots/{bot_id}/settings#managers"
    assert rules(site, bot_id) == ManagerRules(bot_id, is_open=True, may_switch_commands=True)
    assert address in client.get(f"/admin/bots/{bot_id}/settings").text

    assert client.post(url).status_code == 303
    assert rules(site, bot_id) == ManagerRules(bot_id)
    with site.unit() as uow:
        entries = [entry for entry in audit.list_recent(uow.session) if entry.action == "bot.managers"]
    assert len(entries) == 2


def test_commands_alone_open_nothing(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    sign_in(site.app).post(f"/admin/bots/{bot_id}/managers", data={"may_switch_commands": "yes"})
    assert rules(site, bot_id) == ManagerRules(bot_id)


def test_who_may_not_edit_the_bot_changes_nothing(site: Site, add_bot: MakeBot) -> None:
    bot_id, foreign = add_bot(), add_bot("Moss")
    viewer = sign_in(site.app, name="Priya", role=BuiltInRole.VIEWER, bots=[bot_id])
    manager = sign_in(site.app, name="Ben", role=BuiltInRole.MANAGER, bots=[bot_id])
    assert viewer.post(f"/admin/bots/{bot_id}/managers", data={"is_open": "yes"}).status_code == 403
    assert manager.post(f"/admin/bots/{foreign}/managers", data={"is_open": "yes"}).status_code == 404
    assert rules(site, bot_id) == ManagerRules(bot_id)
    assert rules(site, foreign) == ManagerRules(foreign)


def test_who_may_not_change_servers_lets_no_managers_change_them(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    url = f"/admin/bots/{bot_id}/managers"
    eve = sign_in(
        site.app, name="Eve", role=None, permissions=[Permission.BOT_VIEW, Permission.BOT_EDIT], bots=[bot_id]
    )
    assert "You can take this away from them" in eve.get(f"/admin/bots/{bot_id}/settings").text
    assert eve.post(url, data={"is_open": "yes", "may_switch_commands": "yes"}).status_code == 403
    assert rules(site, bot_id) == ManagerRules(bot_id)

    owner = sign_in(site.app)
    assert "You can take this away from them" not in owner.get(f"/admin/bots/{bot_id}/settings").text
    owner.post(url, data={"is_open": "yes"})
    assert eve.post(url).status_code == 303
    assert rules(site, bot_id) == ManagerRules(bot_id)


def test_the_switch_asks_for_a_recent_sign_in(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    late = sign_in(site.app, signed_in_at=site.clock.now() - RECENT_TIME)
    page = late.get(f"/admin/bots/{bot_id}/settings").text
    assert "Save what managers may do" not in page
    assert f"/login/again?next=/admin/bots/{bot_id}/settings%23managers" in page
    answer = late.post(f"/admin/bots/{bot_id}/managers", data={"is_open": "yes"})
    assert "Nothing was changed yet" in answer.text
    assert rules(site, bot_id) == ManagerRules(bot_id)
