"""A foreign row and one that never was answer alike, through every door."""

from sqlalchemy import select

from socialcube.domain.access.types import Permission
from socialcube.domain.audit.models import AuditLog
from socialcube.domain.bots.models import Bot
from socialcube.domain.commands.models import Command
from socialcube.kernel.ids import new_id
from tests.support.signing_in import sign_in
from tests.unit.web.admin.conftest import House, Things

LISTS = ("/admin/bots/", "/admin/commands/", "/admin/servers/", "/admin/servers/settings/")


def paths(things: Things) -> list[str]:
    return [
        f"/admin/bots/edit/?id={things.bot_id}",
        f"/admin/commands/edit/?id={things.command_id}",
        f"/admin/commands/delete/?id={things.command_id}",
        f"/admin/servers/details/?id={things.guild_id}",
        f"/admin/servers/settings/edit/?id={things.place}",
    ]


def test_lists_hold_only_rows_of_bots_that_one_may_see(house: House) -> None:
    for path in LISTS:
        assert "Foreign bot" in house.owner.get(path).text, path
        seen = house.keeper.get(path).text
        assert "Own bot" in seen, path
        assert "Foreign bot" not in seen, path


def test_a_search_or_a_filter_finds_nothing_foreign(house: House) -> None:
    for path in LISTS:
        query = f"?search=Foreign&flt0_bot_is={house.foreign.bot_id}&columns=name,bot,bots"
        answer = house.keeper.get(path + query)
        assert answer.status_code == 200, path
        assert "Foreign bot" not in answer.text, path


def test_own_rows_open(house: House) -> None:
    for path in paths(house.own):
        assert house.keeper.get(path).status_code == 200, path


def test_foreign_rows_answer_as_if_they_were_not_there(house: House) -> None:
    absent = Things(new_id(), new_id(), new_id())
    for foreign, missing in zip(paths(house.foreign), paths(absent), strict=True):
        answers = [house.keeper.get(path) for path in (foreign, missing)]
        assert [answer.status_code for answer in answers] == [404, 404], foreign
        assert "Foreign" not in answers[0].text


def test_what_can_be_no_key_is_not_found(house: House) -> None:
    for key in ["", "x", "1", "a,b,c", "9" * 6000, "\x00", "' OR 1=1 --", "%s"]:
        for path in ("/admin/bots/edit/", "/admin/servers/details/", "/admin/logs/commands/details/"):
            assert house.owner.get(path, query_string={"id": key}).status_code == 404, (path, key)


def test_a_foreign_row_cannot_be_changed_by_sending_a_form(house: House) -> None:
    data = {"name": "Taken", "description": "", "tags": "", "version": "1"}
    answer = house.keeper.post(f"/admin/bots/edit/?id={house.foreign.bot_id}", data=data)
    assert answer.status_code == 404
    answer = house.keeper.post(
        "/admin/commands/delete/", data={"id": str(house.foreign.command_id), "typed": "/hello1"}
    )
    assert answer.status_code == 404
    with house.site.unit() as uow:
        assert uow.session.get_one(Bot, house.foreign.bot_id).name == "Foreign bot"
        assert uow.session.get(Command, house.foreign.command_id) is not None


def test_a_bulk_action_with_one_foreign_row_does_nothing(house: House) -> None:
    rows = [str(house.own.bot_id), str(house.foreign.bot_id)]
    answer = house.keeper.post("/admin/bots/action/", data={"action": "start", "rowid": rows})
    assert answer.status_code == 404
    with house.site.unit() as uow:
        assert set(uow.session.scalars(select(Bot.desired_state))) == {"stopped"}


def test_an_export_holds_only_what_the_list_shows(house: House) -> None:
    for path in ("/admin/bots/export/", "/admin/commands/export/", "/admin/servers/export/"):
        lines = house.keeper.post(path).text
        assert "Own bot" in lines
        assert "Foreign bot" not in lines
        assert house.keeper.get(path).status_code == 405


def test_an_export_holds_no_formula_and_leaves_a_trace(house: House) -> None:
    with house.site.unit() as uow:
        bot = uow.session.get_one(Bot, house.own.bot_id)
        bot.name = " =1+1"
        uow.commit()
    assert "' =1+1," in house.keeper.post("/admin/bots/export/?search=1").text
    with house.site.unit() as uow:
        [noted] = uow.session.scalars(select(AuditLog).where(AuditLog.action == "export.make"))
    assert (noted.subject_id, noted.after) == ("bots", {"filters": {"search": "1"}})


def test_a_picker_finds_people_only_for_those_who_manage_members(house: House) -> None:
    path = "/admin/people/grants/ajax/lookup/?name=user_id&query="
    assert sorted(words for _, words in house.keeper.get(path).get_json()) == ["Kim", "Mara"]
    viewer = sign_in(house.site.app, name="Vi", role="viewer", bots=[house.own.bot_id])
    assert viewer.get(path).status_code == 403
    assert house.keeper.get("/admin/people/grants/ajax/lookup/?name=other").status_code == 404


def test_the_keeper_of_a_bot_gives_no_role_on_the_site_or_elsewhere(house: House) -> None:
    page = house.keeper.get("/admin/people/grants/new/").text
    assert "Own bot" in page
    assert "Foreign bot" not in page
    assert "The whole site" not in page


def test_pages_of_the_site_are_closed_to_those_who_hold_bots_only(house: House) -> None:
    for path in ["/admin/people/", "/admin/roles/", "/admin/logs/requests/", "/admin/logs/audit/"]:
        assert house.owner.get(path).status_code == 200, path
        assert house.keeper.get(path).status_code == 403, path


def test_who_may_only_see_a_row_is_refused_and_the_attempt_is_kept(house: House) -> None:
    own, foreign = house.own.bot_id, house.foreign.bot_id
    mixed = sign_in(house.site.app, name="Mo", role=None, permissions=[Permission.BOT_VIEW])
    with_edit = [Permission.BOT_VIEW, Permission.BOT_EDIT, Permission.BOT_CONTROL]
    sign_in(house.site.app, name="Mo", role=None, permissions=with_edit, bots=[own])
    assert mixed.get(f"/admin/bots/edit/?id={own}").status_code == 200
    assert mixed.get(f"/admin/bots/edit/?id={foreign}").status_code == 403
    answer = mixed.post("/admin/bots/action/", data={"action": "stop", "rowid": [str(foreign)]})
    assert answer.status_code == 403
    with house.site.unit() as uow:
        denials = uow.session.scalars(select(AuditLog.subject_id).where(AuditLog.action == "access.denied"))
        assert list(denials) == [str(foreign), str(foreign)]
