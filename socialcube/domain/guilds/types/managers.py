"""Who may set things for one server without a role here: people who manage it on the platform."""

from dataclasses import dataclass
from uuid import UUID

from socialcube.domain.guilds.types.snapshots import ServerFace


@dataclass(frozen=True, slots=True)
class ManagerRules:
    """What a bot's owner lets the managers of its servers do.

    Attributes:
        is_open: whether they may change the settings of their own server.
        may_switch_commands: whether these include which commands are switched off there.
    """

    bot_id: UUID
    is_open: bool = False
    may_switch_commands: bool = False

    def gives_more_than(self, other: "ManagerRules") -> bool:
        """Tell whether managers may do something by these that the others do not let them."""
        opens = self.is_open and not other.is_open
        return opens or (self.may_switch_commands and not other.may_switch_commands)


@dataclass(frozen=True, slots=True)
class ManagerCheck:
    """What the platform last said about one person in one server.

    Attributes:
        is_manager: whether the person managed the server then.
        is_fresh: whether that was short enough ago to count.
    """

    is_manager: bool
    is_fresh: bool

    @property
    def counts(self) -> bool:
        """Tell whether the person may act as a manager now."""
        return self.is_manager and self.is_fresh


@dataclass(frozen=True, slots=True)
class OpenServer:
    """A server with bots that let its managers set things.

    Attributes:
        bot_ids: these bots, those that are there now and not deleted; never empty.
    """

    face: ServerFace
    bot_ids: tuple[UUID, ...]
