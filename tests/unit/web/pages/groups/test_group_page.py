"""The page of a group, for those who manage the members of every bot of it."""

from uuid import UUID

import pytest

from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.types import BuiltInRole
from tests.factories.accounts import SYSTEM
from tests.factories.bots import make_bot
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

VIEWER, OWNER = (str(BUILT_IN_ROLES[kind].id) for kind in (BuiltInRole.VIEWER, BuiltInRole.OWNER))


@pytest.fixture
def bots(site: Site) -> list[UUID]:
    with site.unit() as uow:
        ids = [make_bot(uow.session, name=name).id for name in ("Fern", "Moss", "Rose")]
        uow.commit()
    return ids


@pytest.fixture
def group_id(site: Site, bots: list[UUID]) -> UUID:
    with site.unit() as uow:
        group_id = service.create_group(uow, SYSTEM, name="Garden", bot_ids=bots[:2])
        uow.commit()
    return group_id


def roles_on(site: Site, group_id: UUID) -> list[str]:
    with site.services.shared.reads() as session:
        return [grant.role.name for grant in queries.list_grants(session, group_id=group_id)]


def manager(site: Site, bots: list[UUID], name: str = "Priya") -> SignedInClient:
    return sign_in(site.app, name=name, role=BuiltInRole.MANAGER, bots=bots)


def test_roles_are_given_on_a_group_and_taken_back(site: Site, bots: list[UUID], group_id: UUID) -> None:
    client, path = manager(site, bots[:2]), f"/admin/people/groups/{group_id}/"
    vera = sign_in(site.app, name="Vera", role=None)
    data = {"user_id": str(vera.person.user.id), "way": "person", "role_id": VIEWER}
    assert client.post(f"{path}members", data=data).status_code == 303
    page = client.get(path).text
    assert "Yes: Viewer on the group Garden" in page
    assert ">Fern</a>" in page
    assert "Rose" not in page
    assert "Edit group" not in page
    assert vera.get(f"/admin/bots/{bots[1]}/").status_code == 200
    assert vera.get(f"/admin/bots/{bots[2]}/").status_code == 404
    assert client.post(f"{path}members", data=data | {"role_id": OWNER}).status_code == 403
    grant_id = page.partition("/take")[0][-36:]
    assert client.post(f"{path}members/{grant_id}/take").status_code == 303
    assert roles_on(site, group_id) == []
    assert vera.get(f"/admin/bots/{bots[1]}/").status_code != 200


def test_a_link_to_a_group_is_made_and_cancelled(site: Site, bots: list[UUID], group_id: UUID) -> None:
    client, path = manager(site, bots[:2]), f"/admin/people/groups/{group_id}/"
    made = client.post(f"{path}members", data={"role_id": VIEWER, "way": "link"})
    assert made.status_code == 201
    assert "/invite/" in made.text
    invite_id = client.get(path).text.partition("/members/invites/")[2][:36]
    assert client.post(f"{path}members/invites/{invite_id}/cancel").status_code == 303
    assert "No link is waiting" in client.get(path).text


def test_who_manages_only_some_of_its_bots_does_not_find_it(
    site: Site, bots: list[UUID], group_id: UUID
) -> None:
    client = manager(site, [bots[0], bots[2]], "Jonas")
    for absent in (group_id, UUID(int=404)):
        path = f"/admin/people/groups/{absent}/"
        assert client.get(path).status_code == 404
        assert client.post(f"{path}members", data={"role_id": VIEWER, "way": "link"}).status_code == 404
        for door in (f"members/{absent}/take", f"members/invites/{absent}/cancel"):
            assert client.post(f"{path}{door}").status_code == 404
    assert "Garden" not in client.get("/admin/people/groups/").text
    assert "Garden" in manager(site, bots[:2]).get("/admin/people/groups/").text


@pytest.mark.usefixtures("group_id")
def test_owners_make_change_and_delete_groups(site: Site, bots: list[UUID]) -> None:
    owner, path = sign_in(site.app), "/admin/people/groups"
    data = {"name": "Pond", "bot_ids": [str(bots[2])]}
    made = owner.post(f"{path}/new/", data=data)
    assert made.status_code == 303
    assert ">Rose</a>" in owner.get(made.location).text
    assert owner.post(f"{path}/new/", data=data).status_code == 422
    pond = made.location.rstrip("/").rpartition("/")[2]
    changed = data | {"version": "1", "name": "Lake", "bot_ids": [str(bots[0])]}
    assert owner.post(f"{path}/edit/?id={pond}", data=changed).status_code == 303
    assert owner.post(f"{path}/edit/?id={pond}", data=changed | {"name": "Sea"}).status_code == 409
    with site.unit() as uow:
        assert queries.get_group(uow.session, "Lake").bot_ids == {bots[0]}
    assert manager(site, bots).post(f"{path}/new/", data=data).status_code == 403
    gone = owner.post(f"{path}/delete/", data={"id": pond, "typed": "Lake"})
    assert gone.status_code == 303
    listed = owner.get(f"{path}/").text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Lake" not in listed
    assert "Garden" in listed
