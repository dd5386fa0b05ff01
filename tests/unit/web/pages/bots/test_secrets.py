"""The Secrets tab: a value goes in and never comes out."""

from uuid import UUID

import pytest

from socialcube.domain.bot_secrets import queries
from socialcube.domain.bot_secrets.types import SecretView
from tests.support.signing_in import SignedInClient, sign_in
from tests.unit.web.conftest import Site
from tests.unit.web.pages.bots.conftest import MakeBot

VALUE = "correct-horse-battery-staple"
GIVEN = {"name": "weather_key", "host": "API.example.com", "value": VALUE}


@pytest.fixture
def client(site: Site) -> SignedInClient:
    return sign_in(site.app)


def list_secrets(site: Site, bot_id: UUID) -> list[SecretView]:
    with site.services.shared.reads() as session:
        return queries.list_secrets(session, bot_id)


def test_a_secret_is_sealed_and_shown_by_its_name_and_host_only(
    site: Site, client: SignedInClient, add_bot: MakeBot
) -> None:
    bot_id = add_bot()
    url = f"/admin/bots/{bot_id}/secrets"
    answer = client.post(url, data=GIVEN)
    assert (answer.status_code, answer.location) == (303, url)
    page = client.get(url).text
    for words in ("weather_key", "api.example.com", "is sealed."):
        assert words in page
    assert VALUE not in page
    assert VALUE[::-1] not in page
    replaced = client.get(f"{url}?name=weather_key&host=api.example.com").text
    assert 'value="weather_key"' in " ".join(replaced.split())
    client.post(f"{url}/weather_key/delete")
    assert list_secrets(site, bot_id) == []


@pytest.mark.parametrize(
    "changes", [{"name": "Bad Name"}, {"host": "127.0.0.1"}, {"value": "two\nlines " + VALUE}]
)
def test_what_is_refused_keeps_name_and_host_and_never_the_value(
    site: Site, client: SignedInClient, add_bot: MakeBot, changes: dict[str, str]
) -> None:
    bot_id, given = add_bot(), GIVEN | changes
    answer = client.post(f"/admin/bots/{bot_id}/secrets", data=given)
    assert answer.status_code == 422
    assert f'value="{given["name"]}"' in " ".join(answer.text.split())
    assert "Set a secret" in answer.text
    assert VALUE not in answer.text
    assert list_secrets(site, bot_id) == []


def test_one_that_is_not_there_cannot_be_destroyed(client: SignedInClient, add_bot: MakeBot) -> None:
    assert client.post(f"/admin/bots/{add_bot()}/secrets/other/delete").status_code == 404
