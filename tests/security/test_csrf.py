"""Every change that a cookie is honoured for asks for a token that no other site can know."""

import pytest
from itsdangerous import URLSafeTimedSerializer

from tests.security.conftest import Panel, ask
from tests.support.tables import changed, snapshot

NOT_COUNTED = ("user_sessions.last_seen_at", "users.last_seen_at")


@pytest.mark.parametrize("kind", ["no token", "of another session"])
def test_asvs_3_5_1_every_unsafe_route_asks_for_a_csrf_token(panel: Panel, kind: str) -> None:
    client = panel.visit()
    signer = URLSafeTimedSerializer(str(panel.site.app.secret_key), salt="wtf-csrf-token")
    token = "" if kind == "no token" else str(signer.dumps("of another session"))
    before = snapshot(panel.site.services.shared.engine, without=NOT_COUNTED)
    seen = []
    for door in panel.doors:
        for method in door.unsafe_methods:
            answer = ask(client, panel.path(door), method, headers={"X-CSRFToken": token})
            # Programs come in with a key, and a cookie opens nothing there.
            wanted = {401} if door.is_api else {400}
            assert answer.status_code in wanted, (method, door.path_rule, answer.status_code)
            seen.append(door.path_rule)
    assert len(seen) > 40
    assert any(rule.endswith("/action/") for rule in seen)
    assert any(rule.endswith("/delete/") for rule in seen)
    assert changed(before, snapshot(panel.site.services.shared.engine, without=NOT_COUNTED)) == {}
    assert ask(client, "/").location == "/admin/"


def test_asvs_3_5_1_lists_are_not_edited_in_place(panel: Panel) -> None:
    """Flask-Admin's `/ajax/update/` would be a second way around forms."""
    assert [door.path_rule for door in panel.doors if "ajax/update" in door.path_rule] == []


def test_the_token_in_a_form_counts_as_well_as_in_a_header(panel: Panel) -> None:
    client = panel.visit("Theo")
    form = {"csrf_token": client.csrf_token()}
    assert ask(client, "/logout", "POST", data=form, headers={"X-CSRFToken": ""}).status_code == 302


def test_a_program_is_told_the_same_in_json(panel: Panel) -> None:
    headers = {"X-CSRFToken": "", "Accept": "application/json"}
    answer = ask(panel.visit(), "/logout", "POST", headers=headers)
    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "stale_form"
