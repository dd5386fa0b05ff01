"""The lists of people, roles, invites and given roles."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole
from tests.factories.accounts import SYSTEM, make_user
from tests.support.signing_in import sign_in
from tests.unit.web.admin.conftest import House

VIEWER = str(BUILT_IN_ROLES[BuiltInRole.VIEWER].id)


@pytest.fixture
def statements(house: House) -> Iterator[list[str]]:
    said: list[str] = []
    engine = house.site.services.shared.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def names_in(page: str) -> str:
    return page.partition("<tbody>")[2].partition("</tbody>")[0]


def test_people_are_found_by_role_bot_and_account(house: House) -> None:
    sign_in(house.site.app, name="Vera", role=BuiltInRole.VIEWER, bots=[house.own.bot_id])
    sign_in(house.site.app, name="Noah", role=BuiltInRole.VIEWER, bots=[house.foreign.bot_id])
    house.owner.post("/admin/people/new/", data={"external_id": "123456789012345678", "name": "Nina"})

    def found(query: str) -> str:
        return names_in(house.owner.get(f"/admin/people/?{query}").text)

    by_role = found(f"flt1_role_is={VIEWER}")
    assert "Vera" in by_role
    assert "Noah" in by_role
    assert "Mara" not in by_role
    by_bot = found(f"flt2_reaches_bot_is={house.own.bot_id}")
    assert "Vera" in by_bot
    assert "Mara" in by_bot
    assert "Noah" not in by_bot
    never = found("flt0_account_is=invited")
    assert "Nina" in never
    assert "Vera" not in never


def test_the_file_of_people_names_their_roles(house: House) -> None:
    sign_in(house.site.app, name="Vera", role=BuiltInRole.VIEWER, bots=[house.own.bot_id])
    lines = house.owner.post("/admin/people/export/").text.splitlines()
    assert lines[0] == "Person,Discord id,Account,Roles,Last seen,Here since"
    (vera,) = (line for line in lines if line.startswith("Vera,"))
    assert "May sign in,Viewer on Own bot," in vera


def test_a_list_of_people_reads_no_more_for_more_of_them(house: House, statements: list[str]) -> None:
    counts = []
    for number in range(2):
        with house.site.unit() as uow:
            for each in range(10):
                make_user(uow, f"person{number}{each}", role=BuiltInRole.VIEWER)
            uow.commit()
        for path in ("/admin/people/", "/admin/people/grants/"):
            statements.clear()
            assert house.owner.get(path).status_code == 200
            counts.append(len(statements))
    assert counts[:2] == counts[2:]


def test_an_invite_is_made_listed_and_cancelled(house: House) -> None:
    path, data = "/admin/people/invites", {"role_id": VIEWER, "hours": "24", "note": "Nina"}
    own = data | {"place": f"bot:{house.own.bot_id}"}
    made = house.keeper.post(f"{path}/new/", data=own)
    assert made.status_code == 201
    link = made.text.partition("/invite/")[2].partition('"')[0]
    listed = house.keeper.get(f"{path}/").text
    assert "Nina" in names_in(listed)
    assert link not in listed
    for wrong in ("site", f"bot:{house.foreign.bot_id}", "bot:x", "", "elsewhere"):
        assert house.keeper.post(f"{path}/new/", data=data | {"place": wrong}).status_code == 422
    key = listed.partition(f"{path}/details/?id=")[2][:36]
    details = house.keeper.get(f"{path}/details/?id={key}").text
    assert "Cancel this invite" in details
    assert "Own bot" in details
    gone = house.keeper.post(f"{path}/delete/", data={"id": key})
    assert gone.status_code == 303
    assert "was cancelled" in house.keeper.get(gone.location).text
    assert house.keeper.post(f"{path}/delete/", data={"id": key}).status_code == 404


def test_invites_and_roles_of_others_are_not_there(house: House) -> None:
    with house.site.unit() as uow:
        made = service.make_invite(uow, SYSTEM, role_id=BUILT_IN_ROLES[BuiltInRole.VIEWER].id)
        user = make_user(uow, "noah", role=BuiltInRole.VIEWER, bot_id=house.foreign.bot_id)
        (grant,) = queries.list_grants(uow.session, user_id=user.id)
        uow.commit()
    for path, key in (("invites", made.id), ("grants", grant.id)):
        assert house.keeper.get(f"/admin/people/{path}/delete/?id={key}").status_code == 404
        assert house.keeper.post(f"/admin/people/{path}/delete/", data={"id": str(key)}).status_code == 404
        assert house.owner.get(f"/admin/people/{path}/delete/?id={key}").status_code == 200


def test_a_role_is_taken_back_with_one_press(house: House) -> None:
    with house.site.unit() as uow:
        user = make_user(uow, "vera", role=BuiltInRole.VIEWER, bot_id=house.own.bot_id)
        (grant,) = queries.list_grants(uow.session, user_id=user.id)
        uow.commit()
    page = house.owner.get(f"/admin/people/details/?id={user.id}").text
    assert f"/admin/people/grants/delete/?id={grant.id}" in page
    taken = house.keeper.post("/admin/people/grants/delete/", data={"id": str(grant.id)})
    assert taken.status_code == 303
    assert "Viewer of Vera on Own bot was taken back." in house.keeper.get(taken.location).text


def test_the_form_of_a_role_hides_what_does_not_exist_yet(house: House) -> None:
    new = house.owner.get("/admin/roles/new/?from=viewer").text
    assert '<legend class="label">What it allows</legend>' in new
    assert "<legend>Commands</legend>" in new
    assert "site.admin" not in new
    assert "automation.edit" not in new
    boxes = re.findall(r'value="([a-z.]+)"\s*(checked)?', new)
    assert {name for name, is_checked in boxes if is_checked} == {
        "bot.view",
        "command.view",
        "guild.view",
        "log.view",
    }
    with house.site.unit() as uow:
        role_id = service.create_role(uow, SYSTEM, name="Bell", permissions=["bot.view", "variable.edit"])
        uow.commit()
    edit = house.owner.get(f"/admin/roles/edit/?id={role_id}").text
    assert "Takes effect when the feature comes" in edit
    assert 'value="variable.edit"' in edit
    assert "automation.edit" not in edit
    data = {"name": "Bell", "permissions": ["bot.view", "variable.edit"], "version": "1"}
    assert house.owner.post(f"/admin/roles/edit/?id={role_id}", data=data).status_code == 303
    refused = house.owner.post(
        "/admin/roles/new/", data=data | {"name": "X", "permissions": ["variable.edit"]}
    )
    assert refused.status_code == 422
