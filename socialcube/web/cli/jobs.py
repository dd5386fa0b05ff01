"""`flask jobs …`: work that other processes do."""

from typing import Final

import click

from socialcube.domain.jobs import queries
from socialcube.web.cli.groups import PlainGroup
from socialcube.web.cli.output import print_json, print_table
from socialcube.web.context import services

group: Final = PlainGroup("jobs", help="See the work that workers and runners were asked for.")


@group.command("list")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def list_(limit: int, *, as_json: bool) -> None:
    """List the jobs that were asked for last, the newest first."""
    with services().shared.reads() as session:
        rows = [
            {
                "asked": job.created_at.isoformat(timespec="seconds"),
                "kind": job.kind,
                "target": job.target,
                "state": job.state.value,
                "by": job.asked_by,
                "problem": job.problem,
                "id": str(job.id),
            }
            for job in queries.list_recent(session, limit=limit)
        ]
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        print_table([key.upper() for key in rows[0]], [list(row.values()) for row in rows])
    else:
        click.echo("No job was asked for yet.")
