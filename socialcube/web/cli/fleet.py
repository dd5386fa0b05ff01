"""`flask fleet …`: how all runners and bots are."""

import sys
from typing import Any, Final

import click

from socialcube.domain.overview import policy
from socialcube.domain.overview import queries as overview
from socialcube.domain.overview.types import FleetStatus
from socialcube.web.cli.groups import PlainGroup
from socialcube.web.cli.output import print_json, print_table
from socialcube.web.context import services, settings

group: Final = PlainGroup("fleet", help="See how all runners and bots are.")

TROUBLE: Final = 3
"""The exit code when something is wrong. 1 and 2 mean that it could not even be looked at."""


@group.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def status(*, as_json: bool) -> None:
    """Say how the fleet is, as /metrics does. Ends with code 3 when something is wrong."""
    shared = services().shared
    with shared.reads() as session:
        found = overview.get_fleet_status(
            session,
            shared.clock.now(),
            lease_seconds=settings().fleet.lease_seconds,
            max_bots=settings().fleet.max_bots,
        )
    troubles = policy.find_fleet_troubles(found)
    if as_json:
        print_json(_facts(found) | {"troubles": troubles})
    else:
        _print(found, troubles)
    sys.exit(TROUBLE if troubles else 0)


def _facts(found: FleetStatus) -> dict[str, Any]:
    runners = [
        {
            "host": runner.host,
            "pid": runner.pid,
            "address": runner.address,
            "units": runner.bots,
            "started": runner.started_at.isoformat(timespec="seconds"),
        }
        for runner in found.runners
    ]
    return {
        "runners": runners,
        "capacity": found.capacity,
        "bots": dict(found.bots),
        "bots_wanted": found.wanted,
        "units_wanted": found.units_wanted,
        "units_owned": found.units_owned,
        "session_starts_24h": found.starts_today,
        "invalid_answers_10m": dict(found.invalid_answers),
        "invalid_answers_limit": found.invalid_limit,
        "alerts_open": {kind.value: count for kind, count in found.open_alerts.items()},
        "alert_messages_waiting": found.unsent,
        "jobs_waiting": found.jobs_waiting,
        "tells_somebody": found.tells_somebody,
    }


def _print(found: FleetStatus, troubles: list[str]) -> None:
    rows = [
        (runner.host, runner.pid, runner.bots, runner.started_at.isoformat(timespec="seconds"))
        for runner in found.runners
    ]
    if rows:
        print_table(("RUNNER", "PROCESS", "HOLDS", "SINCE"), rows)
        click.echo()
    states = ", ".join(f"{word} {count:,}" for word, count in found.bots.items() if count)
    worst = max(found.invalid_answers.values(), default=0)
    alerts = sum(found.open_alerts.values())
    print_table(
        ("FIGURE", "VALUE"),
        (
            ("runners", f"{len(found.runners)}, room for {found.capacity:,}"),
            ("bots", f"{sum(found.bots.values()):,}, {found.wanted:,} should run"),
            ("states", states or "none"),
            ("held by runners", f"{found.units_owned:,} of {found.units_wanted:,}"),
            ("starts in 24 hours", f"{found.starts_today:,}"),
            ("refusals in 10 minutes", f"{worst:,} of {found.invalid_limit:,} at the worst address"),
            ("open alerts", f"{alerts:,}" + ("" if found.tells_somebody else ", and nobody is told of them")),
            ("messages that wait", f"{found.unsent:,}"),
            ("jobs that wait", f"{found.jobs_waiting:,}"),
        ),
    )
    click.echo()
    for sentence in troubles or ["All is well."]:
        click.echo(sentence)
