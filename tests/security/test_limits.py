"""What can be tried, can be tried a few times only; and nobody learns from the answers what exists."""

from collections.abc import Iterator

import pytest

from socialcube.domain.access.types import Actor
from socialcube.domain.accounts import service
from socialcube.infra.session_cache import SignInAwayError
from socialcube.web.auth import limits
from tests.fakes.infra import FakeRateLimits
from tests.security.conftest import Panel, ask

GUARDED = {
    "GET /login/discord": limits.START,
    "GET /login/discord/authorized": limits.CALLBACK,
    "GET /login/again/discord": limits.START,
    "POST /login/again": limits.CALLBACK,
    "POST /login/link/<code>": limits.LINK,
    "POST /setup": limits.SETUP_BY_PERSON,
    "POST /admin/bots/new/token": limits.TOKENS,
}
"""The doors by which somebody comes in or hands a secret over, and how often each may be tried."""


@pytest.fixture
def counters(panel: Panel) -> Iterator[FakeRateLimits]:
    """Give the counters of the panel, empty, and put them back in order."""
    found = panel.site.limits
    found.tries.clear()
    yield found
    found.tries.clear()
    found.is_up = True


def body_of(door: str) -> dict[str, str]:
    return {"token": "a.b.c"} if door.endswith("/token") else {"code": "nonsense"}


@pytest.mark.parametrize("door", GUARDED)
def test_asvs_2_4_1_ways_in_refuse_after_some_tries(
    panel: Panel, counters: FakeRateLimits, door: str
) -> None:
    method, _, path = door.partition(" ")
    client = panel.visit(signed_in_at=panel.site.clock.now().replace(year=2020))
    panel.site.directory.failure = SignInAwayError()
    path = path.replace("<code>", "nonsense")
    limit = GUARDED[door]
    before = [ask(client, path, method, data=body_of(door)).status_code for _ in range(limit.tries)]
    assert 429 not in before
    answer = ask(client, path, method, data=body_of(door))
    assert answer.status_code == 429
    assert "tried too often" in answer.text
    counters.tries.clear()
    assert ask(client, path, method, data=body_of(door)).status_code != 429


@pytest.mark.parametrize("door", GUARDED)
def test_asvs_2_4_1_ways_in_are_shut_while_nobody_can_count(
    panel: Panel, counters: FakeRateLimits, door: str
) -> None:
    method, _, path = door.partition(" ")
    client = panel.visit(signed_in_at=panel.site.clock.now().replace(year=2020))
    counters.is_up = False
    answer = ask(client, path.replace("<code>", "nonsense"), method, data=body_of(door))
    assert answer.status_code == 503
    assert "Try again in a minute" in answer.text


def test_asvs_2_4_1_who_is_signed_in_is_counted_and_goes_on_without_redis(
    panel: Panel, counters: FakeRateLimits
) -> None:
    client = panel.visit()
    counters.is_up = False
    door = next(door for door in panel.doors if door.endpoint == "bot.look_elsewhere")
    path = panel.path(door)
    statuses = [ask(client, path, "POST").status_code for _ in range(limits.QUESTIONS.tries + 1)]
    assert set(statuses[:-1]) == {303}
    assert statuses[-1] == 429
    assert ask(panel.visit("Theo"), path, "POST").status_code == 303


def test_asvs_6_3_1_a_guessed_link_looks_like_a_used_one(panel: Panel, counters: FakeRateLimits) -> None:
    client = panel.visit()
    with panel.site.unit() as uow:
        code = service.make_login_link(uow, Actor.system("tests"), client.person.user.id).reveal()
        uow.commit()
    assert ask(client, f"/login/link/{code}", "POST").status_code == 302
    again = panel.visit()
    used = ask(again, f"/login/link/{code}", "POST")
    guessed = ask(again, "/login/link/AAAA-BBBB-CCCC-DDDD", "POST")
    assert used.status_code == guessed.status_code == 403
    assert counters.tries
    strip = panel.site.app.jinja_env.filters["striptags"]
    assert _without_ids(strip(used.text)) == _without_ids(strip(guessed.text))


def test_asvs_6_3_1_nobody_tells_whether_a_page_or_a_thing_exists(panel: Panel) -> None:
    """To somebody without a role, what is there and what is not look alike."""
    client = panel.visit("Nobody", role=None)
    there = ask(client, f"/admin/bots/{panel.house.own.bot_id}/")
    absent = ask(client, "/admin/bots/00000000-0000-0000-0000-000000000007/")
    assert (there.status_code, there.location) == (absent.status_code, absent.location)


def _without_ids(text: str) -> str:
    return text.partition("request")[0]
