"""Words about commands."""

from socialcube.domain.commands.types.invocations import Invocation, Person
from socialcube.domain.commands.types.planning import (
    Collision,
    CommandKey,
    CommandLook,
    CommandPlan,
    CommandUpdate,
    DesiredCommand,
    FieldChange,
    RefusedCommand,
    Registration,
    RemoteCommand,
    UnchangedCommand,
)
from socialcube.domain.commands.types.views import (
    CommandState,
    CommandView,
    DraftView,
    ImportOutcome,
    PublishedCommand,
    PublishedKey,
    VersionView,
)
from socialcube.domain.commands.types.words import ChannelType, Context, OptionType

__all__ = [
    "ChannelType",
    "Collision",
    "CommandKey",
    "CommandLook",
    "CommandPlan",
    "CommandState",
    "CommandUpdate",
    "CommandView",
    "Context",
    "DesiredCommand",
    "DraftView",
    "FieldChange",
    "ImportOutcome",
    "Invocation",
    "OptionType",
    "Person",
    "PublishedCommand",
    "PublishedKey",
    "RefusedCommand",
    "Registration",
    "RemoteCommand",
    "UnchangedCommand",
    "VersionView",
]
