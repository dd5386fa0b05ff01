"""`flask audit …`: whether the audit log is what was written, and what may be taken out of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from socialcube.domain.accounts import queries as accounts
from socialcube.domain.accounts import service as people
from socialcube.domain.api_keys import service as api_keys
from socialcube.domain.audit import policy, queries, service
from socialcube.domain.audit.types import Anchor, Verification
from socialcube.infra.anchor_file import AnchorFile, anchors_path
from socialcube.kernel.text import printable
from socialcube.web.cli.groups import PlainGroup, actor
from socialcube.web.cli.output import print_json
from socialcube.web.context import services, settings

group: Final = PlainGroup("audit", help="Check the audit log, and erase people from it.")

EXIT_TAMPERED: Final = 1
EXIT_UNREADABLE: Final = 3


@group.command("verify")
@click.option("--anchor", "texts", multiple=True, metavar="LINE", help="A line that was printed earlier.")
@click.option(
    "--anchors",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with such lines, like the log of the worker. By default that of this machine.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.pass_context
def verify(ctx: click.Context, texts: tuple[str, ...], path: Path | None, *, as_json: bool) -> None:
    """Check every entry: nothing altered, missing, out of order or cut off.

    Ends with 0 when all is well, with 1 when something was changed, and with 3 when entries cannot be
    checked since the key that signed them is not here.
    """
    anchors = [*_given(texts), *policy.read_anchors(AnchorFile(path or anchors_path(settings())).lines())]
    shared = services().shared
    found = service.verify(shared.reads, shared.audit_keys, anchors=anchors)
    if as_json:
        print_json(policy.to_result(found))
    else:
        _tell(found)
    if not found.is_sound:
        ctx.exit(EXIT_TAMPERED if found.is_tampered else EXIT_UNREADABLE)


@group.command("head")
def head() -> None:
    """Print the newest entry's anchor. Keep it where nobody with the database can reach it."""
    shared = services().shared
    with shared.reads() as session:
        newest, chain = queries.find_head(session), queries.name_of_chain(session)
    if newest is None:
        click.echo("Nothing was recorded yet, so there is nothing to anchor.", err=True)
        return
    click.echo(policy.write_anchor(Anchor(chain, newest.last, newest.digest), shared.clock.now()))


@group.command("erase")
@click.argument("person", metavar="DISCORD_ID", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(person: int, *, yes: bool) -> None:
    """Forget a person: name, picture, Discord id, addresses, keys, sessions, roles. Their deeds stay."""
    with services().unit_of_work() as uow:
        user = accounts.get_user(uow.session, person)
        name = printable(user.display_name)
        if not yes:
            click.confirm(f"This cannot be undone. Erase {name} for good?", abort=True)
        api_keys.erase_keys(uow, actor(), user.id)
        parts = people.erase_person(uow, actor(), user.id)
        uow.commit()
    click.echo(f"{name} is erased, from {parts:,} parts of the audit log too. Its chain still holds.")


def _given(texts: tuple[str, ...]) -> Iterator[Anchor]:
    for text in texts:
        found = list(policy.read_anchors([text]))
        if not found:
            raise click.BadParameter(
                "this is no anchor. One looks like `audit-anchor chain=1a2b3c4d number=12 digest=… at=…`; "
                "`flask --app wsgi audit head` prints one.",
                param_hint="--anchor",
            )
        yield from found


def _tell(found: Verification) -> None:
    for line in policy.summarise(found):
        click.echo(line)
    if found.findings and found.is_tampered:
        click.echo("docs/guides/audit.md says what each of these means and what to do.")
