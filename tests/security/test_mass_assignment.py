"""A form takes the fields that it shows. What else is sent is nobody's."""

from typing import Final

from sqlalchemy import text

from socialcube.domain.bots.errors import TokenRefusedError
from tests.security.conftest import Panel, ask
from tests.support.tables import changed, snapshot

EXTRA: Final = {
    "is_admin": "1",
    "owner_id": "00000000-0000-0000-0000-000000000007",
    "token_enc": "sc1:evil:AAAA",
    "token_sealed": "sc1:evil:AAAA",
    "token_last4": "evil",
    "token": "evil",
    "id": "00000000-0000-0000-0000-000000000007",
    "user_id": "00000000-0000-0000-0000-000000000007",
    "external_id": "666",
    "epoch": "666",
    "version": "666",
    "is_disabled": "",
    "built_in": "owner",
    "granted_by": "system:evil",
    "created_at": "2000-01-01",
    "data": '{"_user_id": "7"}',
}


def test_asvs_15_3_3_a_bots_form_changes_what_it_shows(panel: Panel) -> None:
    client, bot = panel.visit(), panel.house.own.bot_id
    engine = panel.site.services.shared.engine
    with engine.connect() as connection:
        version = connection.execute(text("SELECT version FROM bots WHERE name = 'Own bot'")).scalar_one()
    before = snapshot(engine)["bots"]
    form = EXTRA | {"name": "Own bot", "description": "changed", "tags": "", "version": str(version)}
    ask(client, f"/admin/bots/{bot}/edit", "POST", data=form)
    ask(client, f"/admin/bots/edit/?id={bot}", "POST", data=form)
    _assert_no_trace(panel)
    after = snapshot(engine)["bots"]
    assert len(before) == len(after)
    assert any("'changed'" in row for row in after)


def test_asvs_15_3_3_preferences_make_nobody_an_owner(panel: Panel) -> None:
    client = panel.visit("Jonas", role="viewer")
    engine = panel.site.services.shared.engine
    counted = ("user_sessions.last_seen_at", "users.last_seen_at", "user_sessions.data")
    before = snapshot(engine, without=counted)
    form = EXTRA | {"theme": "dark", "role_id": "owner", "permissions": "site.admin"}
    assert ask(client, "/account/preferences", "POST", data=form).status_code == 303
    assert set(changed(before, snapshot(engine, without=counted))) == {"preferences"}
    assert ask(client, "/admin/people/").status_code == 403


def test_asvs_15_3_3_no_form_takes_what_it_does_not_show(panel: Panel) -> None:
    client = panel.visit()
    panel.site.directory.failure = TokenRefusedError()
    row = f"id={panel.house.own.bot_id}"
    for door in panel.doors:
        if "POST" not in door.methods or "logout" in door.path_rule or "session" in door.path_rule:
            continue
        answer = ask(client, f"{panel.path(door)}?{row}", "POST", data=EXTRA)
        assert answer.status_code != 500, door.path_rule
    _assert_no_trace(panel)


def _assert_no_trace(panel: Panel) -> None:
    stored = snapshot(panel.site.services.shared.engine, without=("request_logs",))
    for name, rows in stored.items():
        for row in rows:
            assert "sc1:evil" not in row, name
            assert "'evil'" not in row, name
            assert "system:evil" not in row, name
    assert not any(" 666," in row for row in (*stored["users"], *stored["bots"]))
