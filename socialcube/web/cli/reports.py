"""Prints what other processes answered: command plans and trials."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import click

from socialcube.kernel.text import printable
from socialcube.web.cli.output import describe_fields

_PLAN: Final = (
    ("create", "+", "will be created"),
    ("update", "~", "will be changed"),
    ("delete", "-", "will be deleted"),
    ("refused", "!", "cannot be registered"),
    ("foreign", "·", "made elsewhere: kept"),
    ("unchanged", "=", "as it should be"),
)

_APPLIED: Final = (
    ("created", "+", "was created"),
    ("updated", "~", "was changed"),
    ("deleted", "-", "was deleted"),
)


def print_plan(plan: Mapping[str, Any]) -> None:
    """Print a command plan, one command a line."""
    for key, sign, words in _PLAN:
        for item in plan.get(key, ()):
            place = f" in server {item['guild_id']}" if item.get("guild_id") else ""
            why = item.get("reason") or ", ".join(item.get("fields", ()))
            click.echo(
                f"{sign} /{printable(item['name'])}{place}  {words}{f': {printable(why)}' if why else ''}"
            )
            for change in item.get("changes", ()):
                click.echo(f"    {_say_change(change)}")
    if not any(plan.get(key) for key in ("create", "update", "delete", "refused")):
        click.echo("Nothing to do: Discord shows what is published.")
    for entry in plan.get("creates_left", ()):
        place = f"in server {entry['guild_id']}" if entry["guild_id"] else "for all servers"
        click.echo(f"New commands left today {place}: {entry['left']}")


def print_applied(outcome: Mapping[str, Any]) -> None:
    """Print what came of applying a plan, one command a line."""
    for key, sign, words in _APPLIED:
        for name in outcome.get(key, ()):
            click.echo(f"{sign} /{printable(name)}  {words}")
    for problem in outcome.get("problems", ()):
        click.echo(f"! {printable(problem)}")


def _say_change(change: Mapping[str, str]) -> str:
    before, after = (printable(change[key]) or "(nothing)" for key in ("before", "after"))
    return f"{printable(change['label'])}: {before} -> {after}"


def print_trial(trial: Mapping[str, Any]) -> None:
    """Print a dry run: its steps, then what a person would have seen."""
    for element in trial.get("trace", ()):
        if element.get("type") != "budgets":
            _print_step(element)
    for message in trial.get("messages", ()):
        _print_message(message)
    error = trial.get("error")
    if error:
        place = f" at {error['path']}" if error.get("path") else ""
        click.echo(
            f"failed{place}: {printable(error['message'])} {printable(error.get('remedy', ''))}".rstrip()
        )
    click.echo(f"{trial.get('outcome')} in {trial.get('milliseconds')} ms; nothing was sent")


def _print_step(element: Mapping[str, Any]) -> None:
    click.echo(f"{element['path'] or '(engine)'}  {element['type']}  {element['milliseconds']} ms")
    if element.get("inputs"):
        click.echo(f"    {describe_fields(element['inputs'])}")
    for warning in element.get("warnings", ()):
        click.echo(f"    note: {printable(warning)}")


def _print_message(message: Mapping[str, Any]) -> None:
    click.echo(f"would send{' to this person only' if message.get('private') else ''}:")
    _print_lines(str(message.get("content", "")).splitlines())
    for embed in message.get("embeds", ()):
        _print_lines([f"[{embed.get('title', '')}]", *str(embed.get("description", "")).splitlines()])
        _print_lines(f"{field['name']}: {field['value']}" for field in embed.get("fields", ()))


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(f"    {printable(line)}")
