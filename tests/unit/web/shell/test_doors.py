from typing import Any

import pytest

from tests.support.signing_in import sign_in
from tests.unit.web.conftest import Site


def test_the_chosen_theme_stands_on_the_next_page(site: Site) -> None:
    client = sign_in(site.app)
    assert "data-theme" not in client.get("/admin/bots/").text.partition("<head>")[0]
    answer = client.post(
        "/admin/preferences/theme",
        data={"theme": "dark"},
        headers={"Referer": "http://localhost/admin/bots/?page=2"},
    )
    assert (answer.status_code, answer.location) == (303, "/admin/bots/?page=2")
    assert 'data-theme="dark"' in client.get("/admin/bots/").text
    client.post("/admin/preferences/theme", json={"theme": "system"}, headers={"Accept": "application/json"})
    assert 'data-theme="dark"' not in client.get("/admin/bots/").text


@pytest.mark.parametrize(
    "sent", [{"data": {"theme": "blue"}}, {"json": ["x"]}, {"json": {"theme": {}}}, {"data": {}}]
)
def test_a_theme_that_is_none_is_refused(site: Site, sent: dict[str, Any]) -> None:
    assert sign_in(site.app).post("/admin/preferences/theme", **sent).status_code == 400


@pytest.mark.parametrize(
    "referrer", ["http://evil.example/admin/", "http://localhost.evil/admin/", "//evil", ""]
)
def test_one_never_lands_on_another_site(site: Site, referrer: str) -> None:
    headers = {"Referer": referrer}
    answer = sign_in(site.app).post("/admin/preferences/theme", data={"theme": "light"}, headers=headers)
    assert answer.location == "/admin/"
