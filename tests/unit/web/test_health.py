from typing import Any

import pytest
from sqlalchemy import text

from socialcube.domain.placements import service as placements
from tests.unit.web.conftest import MakeSite, Site


def ask(site: Site) -> tuple[int, dict[str, Any]]:
    answer = site.client.get("/readyz")
    return answer.status_code, answer.get_json()


def start_runner(site: Site) -> None:
    with site.unit() as uow:
        placements.register_runner(uow, host="here", pid=1, lock_path="/nowhere/lock")
        uow.commit()


def test_all_is_well_with_a_living_runner(site: Site) -> None:
    start_runner(site)
    status, body = ask(site)
    assert status == 200
    assert body["status"] == "ok"
    assert {name: check["ok"] for name, check in body["checks"].items()} == {
        "database": True,
        "redis": True,
        "migrations": True,
        "runner": True,
    }


def change(site: Site, statement: str, **values: str) -> None:
    with site.unit() as uow:
        uow.session.execute(text(statement), values)
        uow.commit()


def failing(body: dict[str, Any]) -> set[str]:
    return {name for name, check in body["checks"].items() if not check["ok"]}


def test_without_a_runner_it_is_not_ready(site: Site) -> None:
    status, body = ask(site)
    assert status == 503
    assert failing(body) == {"runner"}
    assert "start a `bots` process" in body["checks"]["runner"]["message"]


def test_a_runner_that_was_silent_for_long_does_not_count(site: Site) -> None:
    start_runner(site)
    change(site, "UPDATE runners SET seen_at = datetime('now', '-21 seconds') || '.000000'")
    assert failing(ask(site)[1]) == {"runner"}


def test_a_runner_counts_for_as_long_as_a_lease(make_site: MakeSite) -> None:
    site = make_site(BOT_LEASE_SECONDS="60")
    start_runner(site)
    change(site, "UPDATE runners SET seen_at = datetime('now', '-50 seconds') || '.000000'")
    assert failing(ask(site)[1]) == set()


def test_redis_away_is_named(site: Site) -> None:
    start_runner(site)
    site.bus.is_up = False
    assert failing(ask(site)[1]) == {"redis"}


@pytest.mark.parametrize("revision", ["0000", "9999"])
def test_tables_of_another_version_are_named(site: Site, revision: str) -> None:
    start_runner(site)
    change(site, "UPDATE alembic_version SET version_num = :revision", revision=revision)
    assert failing(ask(site)[1]) == {"migrations"}


def test_without_a_database_it_lives_but_is_not_ready(make_site: MakeSite) -> None:
    site = make_site(DATABASE_URL="sqlite:////nowhere/secret-name.db")
    status, body = ask(site)
    assert status == 503
    assert failing(body) == {"database", "migrations", "runner"}
    assert "secret-name" not in str(body)
    assert site.client.get("/healthz").get_json() == {"status": "ok"}
