"""Who has which role on a bot, and who may change that."""

from uuid import UUID

from socialcube.domain.access.types import Permission
from socialcube.domain.accounts import queries
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot

VIEWER, OWNER = BUILT_IN_ROLES[BuiltInRole.VIEWER], BUILT_IN_ROLES[BuiltInRole.OWNER]


def give(client: SignedInClient, bot_id: UUID, user_id: UUID | str, role_id: UUID | str) -> int:
    data = {"user_id": str(user_id), "role_id": str(role_id)}
    return client.post(f"/admin/bots/{bot_id}/members", data=data).status_code


def grants_on(site: Site, bot_id: UUID) -> list[tuple[UUID, str, UUID]]:
    with site.services.shared.reads() as session:
        found = queries.list_grants(session, bot_id=bot_id)
    return [(grant.user_id, grant.role.name, grant.id) for grant in found]


def test_roles_of_the_bot_and_of_the_site_are_listed(site: Site, add_bot: MakeBot) -> None:
    mine, other = add_bot("Mine"), add_bot("Other")
    sign_in(site.app, name="Vera", role=BuiltInRole.VIEWER, bots=[mine])
    sign_in(site.app, name="Stranger", role=BuiltInRole.VIEWER, bots=[other])
    page = sign_in(site.app, name="Mara").get(f"/admin/bots/{mine}/members").text
    matrix, _, rest = page.partition("</table>")
    table = rest[rest.index("<tbody>") : rest.index("</tbody>")]
    for part in (matrix, table):
        assert "Mara" in part
        assert "Vera" in part
        assert "Stranger" not in part
    assert "Yes: Owner on the whole site" in matrix
    assert "Yes: Viewer on this bot" in matrix
    assert "The whole site" in table
    assert "This bot" in table


def test_a_role_is_given_and_taken_back(site: Site, add_bot: MakeBot) -> None:
    bot_id, client = add_bot(), sign_in(site.app)
    vera = sign_in(site.app, name="Vera", role=None).person.user
    assert give(client, bot_id, vera.id, VIEWER.id) == 303
    ((user_id, role, grant_id),) = grants_on(site, bot_id)
    assert (user_id, role) == (vera.id, "Viewer")
    assert "Vera is Viewer here now." in client.get(f"/admin/bots/{bot_id}/members").text
    assert client.post(f"/admin/bots/{bot_id}/members/{grant_id}/take").status_code == 303
    assert grants_on(site, bot_id) == []


def test_nobody_gives_or_takes_more_than_they_hold(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    boss = sign_in(site.app, name="Boss", role=BuiltInRole.OWNER, bots=[bot_id]).person.user
    held = {*VIEWER.permissions, Permission.MEMBER_MANAGE}
    client = sign_in(site.app, name="Jonas", permissions=held, bots=[bot_id])
    page = client.get(f"/admin/bots/{bot_id}/members").text
    assert f'value="{VIEWER.id}"' in page
    assert f'value="{OWNER.id}"' not in page
    assert give(client, bot_id, client.person.user.id, OWNER.id) == 403
    (of_boss,) = (grant for user, _, grant in grants_on(site, bot_id) if user == boss.id)
    assert str(of_boss) not in page.replace(f"grant-{of_boss}", "")
    assert client.post(f"/admin/bots/{bot_id}/members/{of_boss}/take").status_code == 403
    assert len(grants_on(site, bot_id)) == 2


def test_roles_elsewhere_cannot_be_taken_through_this_bot(site: Site, add_bot: MakeBot) -> None:
    mine, other = add_bot("Mine"), add_bot("Other")
    sign_in(site.app, name="Vera", role=BuiltInRole.VIEWER, bots=[other])
    ((_, _, grant_id),) = grants_on(site, other)
    client = sign_in(site.app)
    assert client.post(f"/admin/bots/{mine}/members/{grant_id}/take").status_code == 404
    assert len(grants_on(site, other)) == 1


def test_without_the_right_there_is_no_tab_and_no_door(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    client = sign_in(site.app, name="Vera", role=BuiltInRole.VIEWER, bots=[bot_id])
    assert "Members" not in client.get(f"/admin/bots/{bot_id}/").text
    assert client.get(f"/admin/bots/{bot_id}/members").status_code == 403
    assert give(client, bot_id, client.person.user.id, OWNER.id) == 403
    assert len(grants_on(site, bot_id)) == 1


def test_a_form_without_a_person_says_so(site: Site, add_bot: MakeBot) -> None:
    bot_id, client = add_bot(), sign_in(site.app)
    assert give(client, bot_id, "", VIEWER.id) == 422
    assert grants_on(site, bot_id) == []


def test_access_is_given_to_a_discord_id_that_was_never_here(site: Site, add_bot: MakeBot) -> None:
    bot_id = add_bot()
    client = sign_in(site.app, name="Priya", role=BuiltInRole.MANAGER, bots=[bot_id])
    data = {"role_id": str(VIEWER.id), "way": "id", "external_id": " 123456789012345678 "}
    for _ in range(2):
        assert client.post(f"/admin/bots/{bot_id}/members", data=data).status_code == 303
    assert [role for _, role, _ in grants_on(site, bot_id)] == ["Manager", "Viewer"]
    for wrong in ("123x", "1" * 20, "99999999999999999999"):
        refused = client.post(f"/admin/bots/{bot_id}/members", data=data | {"external_id": wrong})
        assert refused.status_code == 422
        page = " ".join(refused.text.split())
        assert f"{wrong} is no Discord id" in page
        assert f'value="{wrong}" aria-invalid="true"' in page
        assert 'value="id" checked' in page
    picked = data | {"external_id": "", "user_id": str(grants_on(site, bot_id)[0][0])}
    assert "Nobody was given a role" in client.post(f"/admin/bots/{bot_id}/members", data=picked).text
    assert len(grants_on(site, bot_id)) == 2


def test_a_link_is_made_shown_once_and_cancelled(site: Site, add_bot: MakeBot) -> None:
    bot_id, other, client = add_bot("Mine"), add_bot("Other"), sign_in(site.app)
    path = f"/admin/bots/{bot_id}/members"
    data = {"role_id": str(VIEWER.id), "way": "link", "hours": "1", "note": "Nina"}
    made = client.post(path, data=data)
    assert made.status_code == 201
    link = made.text.partition("/invite/")[2].partition('"')[0]
    assert len(link) == 39
    page = client.get(path).text
    assert link not in page
    assert "Viewer for Nina" in page
    invite_id = page.partition("/members/invites/")[2][:36]
    assert client.post(f"/admin/bots/{other}/members/invites/{invite_id}/cancel").status_code == 404
    assert client.post(f"{path}/invites/{invite_id}/cancel").status_code == 303
    assert client.post(f"{path}/invites/{invite_id}/cancel").status_code == 404
    assert "No link is waiting" in client.get(path).text


def test_the_picker_offers_those_who_share_a_bot(site: Site, add_bot: MakeBot) -> None:
    mine, other = add_bot("Mine"), add_bot("Other")
    sign_in(site.app, name="Stranger", role=BuiltInRole.VIEWER, bots=[other])
    sign_in(site.app, name="Vera", role=BuiltInRole.VIEWER, bots=[mine])
    page = sign_in(site.app, name="Priya", role=BuiltInRole.MANAGER, bots=[mine])
    shown = page.get(f"/admin/bots/{mine}/members").text
    assert ">Vera</option>" in shown
    assert "Stranger" not in shown
    assert ">Stranger</option>" in sign_in(site.app, name="Mara").get(f"/admin/bots/{mine}/members").text
