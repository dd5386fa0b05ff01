"""`/metrics` and `flask fleet status` tell the same, each to who may know."""

import json
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from socialcube.domain.alerts.types import AlertKind
from socialcube.domain.bots.types import DesiredState, GatewayState, ProcessState, Reason
from socialcube.domain.placements import service as placements
from tests.factories.alerts import store_alert, store_channel
from tests.factories.bots import make_bot
from tests.unit.web.conftest import MakeSite, Site

TOKEN = "a-metrics-token-4711"


def read(site: Site, **options: Any) -> dict[tuple[str, str], float]:
    answer = site.client.get("/metrics", **options)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name.removeprefix("socialcube_"), ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def furnish(site: Site) -> None:
    """Store a runner with one bot that is online and one that needs somebody, of which an alert tells."""
    with site.unit() as uow:
        runner = placements.register_runner(uow, host="eu-1", pid=7, lock_path="")
        online = {
            "runner_id": runner,
            "process": ProcessState.RUNNING,
            "gateway": GatewayState.CONNECTED,
        }
        held = {"process": ProcessState.HELD, "reason": Reason.TOKEN_INVALID, "held_generation": 1}
        make_bot(uow.session, name="Fern", desired_state=DesiredState.RUNNING, state=online)
        bot = make_bot(uow.session, name="Moss", desired_state=DesiredState.RUNNING, state=held)
        make_bot(uow.session, name="Reed")
        store_alert(uow.session, bot.id, kind=AlertKind.NEEDS_YOU)
        store_alert(uow.session, bot.id, kind=AlertKind.STOPPED, ended_at=site.clock.now())
        uow.commit()


def test_the_metrics_tell_how_the_fleet_is(site: Site) -> None:
    furnish(site)
    found = read(site)
    assert found["runners", ""] == 1
    assert found["capacity_units", ""] == 500
    assert (found["bots_wanted", ""], found["units_wanted", ""], found["units_owned", ""]) == (2, 1, 0)
    assert (found["bots", "online"], found["bots", "needs_you"], found["bots", "stopped"]) == (1, 1, 1)
    assert found["bots", "failed"] == 0
    assert (found["alerts_open", "needs_you"], found["alerts_open", "stopped"]) == (1, 0)
    assert found["runner_units", "eu-1:7"] == 0


def test_each_metric_says_what_it_counts(site: Site) -> None:
    text = site.client.get("/metrics").text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert len(families) == 13
    assert all(name.startswith("socialcube_") for name in families)
    assert all(family.documentation.endswith(".") for family in families.values())


def test_asvs_8_2_1_strangers_get_nothing(site: Site) -> None:
    answer = site.client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert answer.status_code == 403
    assert "socialcube_" not in answer.text
    assert "METRICS_TOKEN" in answer.text


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_local_proxy_passes_on_is_not_local(site: Site, name: str) -> None:
    assert site.client.get("/metrics", headers={name: "203.0.113.9"}).status_code == 403


def test_a_token_opens_it_from_anywhere_and_nothing_else_does(make_site: MakeSite) -> None:
    site = make_site(METRICS_TOKEN=TOKEN)
    far = {"REMOTE_ADDR": "203.0.113.9"}
    assert read(site, environ_base=far, headers={"Authorization": f"Bearer {TOKEN}"})
    for given in ("", TOKEN, "Bearer", f"Bearer {TOKEN}x", f"bearer {TOKEN}", "Bearer é"):
        assert site.client.get("/metrics", headers={"Authorization": given}).status_code == 403


def status(site: Site, *words: str) -> tuple[int, str]:
    result = site.run("fleet", "status", *words)
    return result.exit_code, result.output


def test_the_command_tells_the_same_and_ends_with_a_code(site: Site) -> None:
    furnish(site)
    code, output = status(site)
    assert code == 3
    for line in (
        "eu-1",
        "room for 500",
        "Online 1, Needs you 1, Stopped 1",
        "0 of 1",
        "1, and nobody is told",
    ):
        assert line in output
    assert "Stopped until somebody helps: 1.\nOpen alerts: 1.\n" in output
    code, output = status(site, "--json")
    facts, metrics = json.loads(output), read(site)
    assert code == 3
    assert facts["bots"]["Needs you"] == metrics["bots", "needs_you"]
    assert facts["alerts_open"] == {
        "needs_you": 1,
        "stopped": 0,
        "crashing": 0,
        "gateway_dead": 0,
    }
    for name in ("units_wanted", "units_owned", "session_starts_24h", "jobs_waiting", "bots_wanted"):
        assert facts[name] == metrics[name, ""]
    assert len(facts["troubles"]) == 3


def test_a_fleet_that_is_well_ends_with_nought(site: Site) -> None:
    with site.unit() as uow:
        placements.register_runner(uow, host="eu-1", pid=7, lock_path="")
        store_channel(uow.session, site.services.addresses)
        uow.commit()
    code, output = status(site)
    assert code == 0
    assert output.endswith("All is well.\n")
    assert "nobody is told" not in output


def test_a_fleet_without_runners_says_what_to_start(site: Site) -> None:
    with site.unit() as uow:
        make_bot(uow.session, desired_state=DesiredState.RUNNING)
        uow.commit()
    code, output = status(site)
    assert code == 3
    assert "No bot runner is alive; start a `bots` process." in output
