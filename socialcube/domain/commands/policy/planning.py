"""Plans how the platform is brought to what is published, without touching what others made."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from socialcube.domain.commands.policy.sameness import CHAT_INPUT, differences, digest, digest_of
from socialcube.domain.commands.policy.wording import list_changes
from socialcube.domain.commands.types import (
    CommandKey,
    CommandPlan,
    CommandUpdate,
    DesiredCommand,
    RefusedCommand,
    Registration,
    RemoteCommand,
    UnchangedCommand,
)

MAX_COMMANDS: Final = 100
"""Slash commands that Discord takes from one bot, everywhere and in each server (documentation)."""

CREATES_A_DAY: Final = 200
"""Commands that a bot may create in 24 hours, everywhere and in each server (documentation, "Registering a
Command"). Changing and deleting are not counted."""

CLASH: Final = "A command of this name was made elsewhere, and it is not ours to overwrite."
"""Why a command whose name is taken by a foreign one is left undone."""

_FULL: Final = f"There are {MAX_COMMANDS} commands already, and Discord takes no more."
_USED_UP: Final = (
    f"{CREATES_A_DAY} commands were created there in the last 24 hours, and Discord takes no more for now."
)


def plan(
    desired: Iterable[DesiredCommand],
    remote: Iterable[RemoteCommand],
    registrations: Iterable[Registration],
    *,
    keep: Collection[CommandKey] = frozenset(),
    created: Mapping[int | None, int] = MappingProxyType({}),
) -> CommandPlan:
    """Compare what should be registered with what is.

    A command at the platform is ours when its id is among our registrations, or when it is exactly
    what we asked for and then crashed before we could note its id. All others are foreign: they are
    neither changed nor deleted, and win over a command of ours with the same name.

    Args:
        desired: the published commands.
        remote: all commands of the bot at the platform, in every place that `desired` or
            `registrations` name.
        registrations: what we made there.
        keep: ours that stay as they are, although they are not among `desired`.
        created: how many commands were created in the last 24 hours, by place.
    """
    wanted = {command.key: command for command in desired}
    ours, foreign = _divide(remote, registrations)
    pairs, surplus = _match(ours, wanted)
    delete = [command for command in surplus if _key(command) not in keep]
    kept = [command for command in surplus if _key(command) in keep]
    fresh = [command for key, command in wanted.items() if key not in pairs]
    create, refused = _admit(
        fresh, foreign, Counter(command.guild_id for command in (*pairs.values(), *kept)), Counter(created)
    )
    update, unchanged = _compare((command, wanted[key]) for key, command in pairs.items())
    return CommandPlan(
        create=tuple(create),
        update=tuple(update),
        delete=tuple(delete),
        unchanged=tuple(unchanged),
        kept=tuple(kept),
        foreign=tuple(foreign),
        refused=tuple(refused),
        creates_left={
            place: max(CREATES_A_DAY - created.get(place, 0), 0)
            for place in {None, *(command.guild_id for command in wanted.values())}
        },
    )


def digest_of_plan(plan: CommandPlan) -> str:
    """Give what tells two plans apart by what they would do, as 64 hexadecimal digits."""
    return digest(
        {
            "create": sorted([str(item.guild_id), item.name, item.digest] for item in plan.create),
            "update": sorted(
                [item.external_id, item.desired.digest, list(item.fields)] for item in plan.update
            ),
            "delete": sorted(item.external_id for item in plan.delete),
        }
    )


def _divide(
    remote: Iterable[RemoteCommand], registrations: Iterable[Registration]
) -> tuple[list[RemoteCommand], list[RemoteCommand]]:
    """Tell ours from foreign ones."""
    noted = list(registrations)
    ids = {entry.external_id for entry in noted}
    unanswered = {(entry.guild_id, entry.name, entry.digest) for entry in noted if entry.external_id is None}
    ours: list[RemoteCommand] = []
    foreign: list[RemoteCommand] = []
    for command in remote:
        is_ours = command.kind == CHAT_INPUT and (
            command.external_id in ids or (*_key(command), digest_of(command)) in unanswered
        )
        (ours if is_ours else foreign).append(command)
    return ours, foreign


def _match(
    ours: Iterable[RemoteCommand], wanted: Collection[CommandKey]
) -> tuple[dict[CommandKey, RemoteCommand], list[RemoteCommand]]:
    """Find for each wanted command the one of ours that stands in its place, and what stands in none."""
    pairs: dict[CommandKey, RemoteCommand] = {}
    surplus = []
    for command in ours:
        if _key(command) in wanted and _key(command) not in pairs:
            pairs[_key(command)] = command
        else:
            surplus.append(command)
    return pairs, surplus


def _admit(
    fresh: Iterable[DesiredCommand],
    foreign: Iterable[RemoteCommand],
    used: Counter[int | None],
    created: Counter[int | None],
) -> tuple[list[DesiredCommand], list[RefusedCommand]]:
    """Tell which commands can be created beside all that stays."""
    taken = {_key(command) for command in foreign if command.kind == CHAT_INPUT}
    used.update(guild_id for guild_id, _ in taken)
    create, refused = [], []
    for command in fresh:
        if command.key in taken:
            refused.append(RefusedCommand(command, CLASH))
        elif used[command.guild_id] >= MAX_COMMANDS:
            refused.append(RefusedCommand(command, _FULL))
        elif created[command.guild_id] >= CREATES_A_DAY:
            refused.append(RefusedCommand(command, _USED_UP))
        else:
            used[command.guild_id] += 1
            created[command.guild_id] += 1
            create.append(command)
    return create, refused


def _compare(
    pairs: Iterable[tuple[RemoteCommand, DesiredCommand]],
) -> tuple[list[CommandUpdate], list[UnchangedCommand]]:
    update, unchanged = [], []
    for command, wanted in pairs:
        fields = differences(command.body, wanted.body)
        if fields:
            changes = list_changes(command.body, wanted.body)
            update.append(CommandUpdate(command.external_id, wanted, fields, changes))
        else:
            unchanged.append(UnchangedCommand(command.external_id, wanted))
    return update, unchanged


def _key(command: RemoteCommand) -> CommandKey:
    return command.guild_id, command.name
