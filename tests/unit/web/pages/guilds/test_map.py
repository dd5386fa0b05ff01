"""The map of servers over several bots."""

import re
from dataclasses import dataclass
from html import unescape
from uuid import UUID

import pytest

from socialcube.domain.access.types import Permission
from socialcube.domain.guilds import service
from socialcube.domain.guilds.types import PlaceSight
from socialcube.web.pages.guilds import fits, mapping, rows
from tests.factories.bots import make_bot
from tests.factories.commands import store_command
from tests.factories.guilds import make_guild
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site

URL = "/admin/servers/map"
NOTHING, ADMIN = 0, 1 << 3


@dataclass
class Scene:
    site: Site
    client: SignedInClient
    fern: UUID
    moss: UUID

    def page(self, query: str = "") -> str:
        answer = self.client.get(f"{URL}?{query}")
        assert answer.status_code == 200
        return " ".join(answer.text.split())


@pytest.fixture
def scene(site: Site) -> Scene:
    """Give two bots that share the Garden and the Park; only Fern is in the Yard."""
    with site.unit() as uow:
        fern, moss = (make_bot(uow.session, name=name).id for name in ("Fern", "Moss"))
        for external_id, name, bots in (
            (31, "Garden", (fern, moss)),
            (32, "Park", (fern, moss)),
            (33, "Yard", (fern,)),
        ):
            for bot_id in bots:
                power = ADMIN if (external_id, bot_id) == (32, moss) else NOTHING
                guild = make_guild(external_id=external_id, name=name, permissions=power)
                service.sync_guild(uow, bot_id, "discord", guild)
        store_command(uow.session, fern, "hello", published_version=1)
        store_command(uow.session, moss, "hello", published_version=1, published_guild_id=31)
        uow.commit()
    return Scene(site, sign_in(site.app), fern, moss)


def names(page: str) -> list[str]:
    return [name for name in ("Garden", "Park", "Yard") if f'<span class="cut">{name}</span>' in page]


def test_the_map_shows_servers_with_several_bots_and_what_is_wrong_there(scene: Scene) -> None:
    page = scene.page()
    assert names(page) == ["Garden", "Park"]
    assert '<code>/hello</code> <span class="muted small">Fern, Moss (only here)</span>' in page
    assert "<span>Too much</span>" in page
    assert "Administrator" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("every=yes", ["Garden", "Park", "Yard"]),
        ("problem=collisions", ["Garden"]),
        ("problem=too_much", ["Park"]),
        ("problem=any", ["Garden", "Park"]),
        ("problem=too_little", []),
        ("problem=strange", ["Garden", "Park"]),
        ("search=ar&every=yes", ["Garden", "Park", "Yard"]),
        ("search=31", ["Garden"]),
        ("search=nowhere", []),
        ("after=x", ["Garden", "Park"]),
        ("before=01976f4a-3c1e-7b52-9d4e-5a8f0c2b7e61", ["Garden", "Park"]),
    ],
)
def test_the_address_says_what_is_shown(scene: Scene, query: str, found: list[str]) -> None:
    assert names(scene.page(query)) == found


def test_filters_and_search_stay_in_the_addresses(scene: Scene) -> None:
    page = scene.page("search=ar&problem=any&every=yes")
    assert 'href="/admin/servers/map?search=ar&amp;every=yes"' in page
    assert "/admin/servers/map?search=ar&amp;problem=collisions&amp;every=yes" in page
    assert '<input type="hidden" name="problem" value="any">' in page


def test_nothing_found_leads_back_and_nothing_shared_leads_on(scene: Scene) -> None:
    assert 'href="/admin/servers/map"' in scene.page("search=nowhere")
    with scene.site.unit() as uow:
        for external_id in (31, 32):
            service.leave_guild(uow, scene.moss, "discord", external_id)
        uow.commit()
    page = scene.page()
    assert "No server holds two of your bots" in page
    assert 'href="/admin/servers/map?every=yes"' in page


def test_a_page_holds_some_and_leads_to_the_next(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "PAGE", 2)
    first = scene.page("every=yes")
    assert names(first) == ["Garden", "Park"]
    assert 'rel="prev"' not in first
    [later] = re.findall(r'rel="next" href="/admin/servers/map\?([^"]*)"', first)
    second = scene.page(unescape(later))
    assert names(second) == ["Yard"]
    assert 'rel="next"' not in second
    [earlier] = re.findall(r'rel="prev" href="/admin/servers/map\?([^"]*)"', second)
    assert names(scene.page(unescape(earlier))) == ["Garden", "Park"]


def test_the_page_counts_servers_and_what_is_wrong_up_to_a_limit(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = scene.page("every=yes")
    assert '<span class="count" data-region="count">3</span>' in page
    assert "Any problem: 2<" in page
    assert "Missing permissions" not in page
    monkeypatch.setattr(mapping, "COUNT_LIMIT", 3)
    assert '<span class="count" data-region="count">2+</span>' in scene.page("every=yes")


def test_only_what_a_page_shows_is_read(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "PAGE", 1)
    read = []

    def note(sights: list[PlaceSight]) -> list[fits.FittedPlace]:
        read.extend(sights)
        return fits.fit_places(scene.site.services.session(), sights)

    monkeypatch.setattr(rows, "fit_places", lambda _session, sights: note(list(sights)))
    assert names(scene.page()) == ["Garden"]
    assert {sight.guild.name for sight in read} == {"Garden"}


def test_only_bots_that_one_may_see_count(scene: Scene) -> None:
    sees = {Permission.BOT_VIEW, Permission.GUILD_VIEW}
    one = sign_in(scene.site.app, name="One", role=None, permissions=sees, bots=[scene.fern])
    assert names(one.get(URL).text) == []
    every = one.get(f"{URL}?every=yes").text
    assert names(every) == ["Garden", "Park", "Yard"]
    assert "Moss" not in every


def test_collisions_are_told_to_those_who_may_see_commands(scene: Scene) -> None:
    sees = {Permission.BOT_VIEW, Permission.GUILD_VIEW}
    bots = [scene.fern, scene.moss]
    blind = sign_in(scene.site.app, name="Bo", role=None, permissions=sees, bots=bots).get(URL).text
    assert names(blind) == ["Garden", "Park"]
    assert "/hello" not in blind


def test_a_deleted_bot_is_on_no_map(scene: Scene) -> None:
    with scene.site.unit() as uow:
        gone = make_bot(uow.session, name="Gone", deleted_at=scene.site.clock.now())
        service.sync_guild(uow, gone.id, "discord", make_guild(external_id=33, name="Yard"))
        uow.commit()
    assert names(scene.page()) == ["Garden", "Park"]
    assert "Gone" not in scene.page("every=yes")


def test_the_lists_lead_to_the_map_and_say_how_bots_fit(scene: Scene) -> None:
    assert 'href="/admin/servers/map"' in scene.client.get("/admin/servers/").text
    tab = scene.client.get(f"/admin/bots/{scene.moss}/servers").text
    assert tab.count("Too much") == 1
    assert tab.count("As needed") == 1
