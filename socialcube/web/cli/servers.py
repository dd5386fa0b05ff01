"""`flask servers …`: where a bot is, and what is set for it there."""

from typing import Final
from uuid import UUID

import click

from socialcube.domain.bots.queries import get_bot
from socialcube.domain.guilds import policy, queries, service
from socialcube.domain.guilds.types import FieldKind, GuildSettings, SettingField, SettingForm, SettingValue
from socialcube.kernel.text import printable
from socialcube.web.cli.commands import SNOWFLAKE
from socialcube.web.cli.groups import PlainGroup, actor
from socialcube.web.cli.output import print_json, print_table
from socialcube.web.context import services

group: Final = PlainGroup("servers", help="See where a bot is, and change what is set for it there.")

_COLUMNS: Final = ("id", "name", "settings")
_YES_NO: Final = {"yes": True, "true": True, "no": False, "false": False}


@group.command("list")
@click.argument("bot")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def list_(bot: str, *, as_json: bool) -> None:
    """List the servers that a bot is in, by their Discord ids."""
    with services().shared.reads() as session:
        bot_id = get_bot(session, bot).id
        touched = {external_id for external_id, _ in queries.list_settings(session, bot_id)}
        rows = [
            {
                "id": str(guild.external_id),
                "name": guild.name,
                "settings": "set" if guild.external_id in touched else "default",
            }
            for guild in queries.list_guilds_of_bot(session, bot_id)
        ]
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        print_table([key.upper() for key in _COLUMNS], [[row[key] for key in _COLUMNS] for row in rows])
    else:
        click.echo("This bot is in no server yet.")


@group.command("settings")
@click.argument("bot")
@click.argument("server", type=SNOWFLAKE)
@click.option("--locale", type=click.Choice(policy.LOCALES), help="Language, as Discord names it.")
@click.option("--time-zone", help="Like Europe/Berlin.")
@click.option("--log-channel", type=click.IntRange(0), help="Where failures are told: its id, 0 for nowhere.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="A field of the bot's owner.")
@click.option("--unset", "unset", multiple=True, metavar="KEY", help="Back to the field's default.")
def settings(  # noqa: PLR0913, PLR0917 - one parameter for each option
    bot: str,
    server: int,
    locale: str | None,
    time_zone: str | None,
    log_channel: int | None,
    pairs: tuple[str, ...],
    unset: tuple[str, ...],
) -> None:
    """Show what is set for a bot in a server, after changing what the options name."""
    with services().unit_of_work() as uow:
        view = get_bot(uow.session, bot)
        queries.check_is_in_guild(uow.session, view.id, server)
        guild_id = queries.get_guild_id(uow.session, view.platform, server)
        form = queries.get_form(uow.session, view.id)
        found = queries.get_settings(uow.session, view.id, guild_id)
        if locale or time_zone or log_channel is not None or pairs or unset:
            channel = found.log_channel_id if log_channel is None else log_channel or None
            found = service.edit_settings(
                uow,
                actor(),
                view.id,
                guild_id,
                version=found.version,
                locale=locale or found.locale,
                time_zone=time_zone or found.time_zone,
                log_channel_id=channel,
                disabled_commands=found.disabled_commands,
                values=_merge(form, found, pairs, unset),
            )
            uow.commit()
    _show(form, found)


def _merge(
    form: SettingForm, found: GuildSettings, pairs: tuple[str, ...], unset: tuple[str, ...]
) -> dict[str, SettingValue]:
    fields = {field.key: field for field in form.fields}
    values = {key: value for key, value in found.values.items() if key in fields}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise click.UsageError(f"Write settings as KEY=VALUE; this is not: {pair}")
        values[key] = _read(fields[key], text) if key in fields else text
    return {key: value for key, value in values.items() if key not in unset}


def _read(field: SettingField, text: str) -> SettingValue:
    """Take a text for what its field holds; what makes no sense stays text, and is refused as such."""
    if field.kind is FieldKind.YESNO:
        return _YES_NO.get(text.lower(), text)
    if field.kind is not FieldKind.NUMBER:
        return text
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _show(form: SettingForm, found: GuildSettings) -> None:
    counting = policy.effective_values(form.fields, found.values)
    rows: list[list[object]] = [
        ["locale", found.locale],
        ["time_zone", found.time_zone],
        ["log_channel", found.log_channel_id or "none"],
        ["commands", _count(found.disabled_commands)],
    ]
    rows += [[field.key, _word(counting[field.key])] for field in form.fields]
    print_table(["SETTING", "VALUE"], rows)


def _count(disabled: frozenset[UUID]) -> str:
    return f"{len(disabled)} switched off" if disabled else "all"


def _word(value: SettingValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not set" if value is None else printable(value)
