"""Words about alerts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from socialcube.domain.bots.types import Tone
from socialcube.kernel.secrets import Secret

MAX_NAME_LENGTH: Final = 60
MAX_ADDRESS_LENGTH: Final = 300
MAX_CHANNELS: Final = 50
"""Channels of one bot, and of the whole site."""

MAX_SENTENCE_LENGTH: Final = 500


class AlertKind(StrEnum):
    """What is wrong with a bot."""

    STOPPED = "stopped"
    GATEWAY_DEAD = "gateway_dead"
    CRASHING = "crashing"
    NEEDS_YOU = "needs_you"

    @property
    def needs_people(self) -> bool:
        """Tell whether it stays so until somebody does something; the others may heal by themselves."""
        return self in {AlertKind.CRASHING, AlertKind.NEEDS_YOU}


class Ending(StrEnum):
    """How an alert ended."""

    RECOVERED = "recovered"
    UNWANTED = "unwanted"
    """Somebody stopped or deleted the bot."""
    WORSENED = "worsened"
    """Another alert took its place, since now the bot needs somebody."""


class ChannelKind(StrEnum):
    """How a channel tells people."""

    DISCORD = "discord"
    MAIL = "mail"


class News(StrEnum):
    """What a message tells."""

    BEGAN = "began"
    ENDED = "ended"


class MessageState(StrEnum):
    """The life of a message. All but the first two are ends."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The sender ended in the middle. It may have arrived, so it is not sent again."""
    DROPPED = "dropped"
    """Newer news came before it could be sent, or its channel was switched off."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a bot at this moment.

    Attributes:
        graces: how many times the usual grace it may last before anybody is told.
    """

    kind: AlertKind
    sentence: str
    remedy: str
    graces: int = 1


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited before people are bothered.

    Attributes:
        grace: how long a trouble lasts before anybody is told, so that a restart or a takeover is no news.
        recovery: how long a bot stays well before that is told, so that one that comes and goes tells once.
        crash_recovery: the same after crashes: as long as a runner waits at most before it starts one again.
        silence: how long Discord may leave the heartbeats of a connected bot unanswered.
    """

    grace: timedelta = timedelta(seconds=60)
    recovery: timedelta = timedelta(seconds=120)
    crash_recovery: timedelta = timedelta(minutes=15)
    silence: timedelta = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert.

    Attributes:
        bot_name: as the bot was called then.
        began_at: since when the trouble was seen.
        told_at: when it had lasted long enough; None while nobody was told.
        calm_since: since when the trouble is gone, None while it is there.
        ended_at: None while it is open.
    """

    id: UUID
    bot_id: UUID
    bot_name: str
    kind: AlertKind
    sentence: str
    remedy: str
    began_at: datetime
    told_at: datetime | None = None
    calm_since: datetime | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the trouble is not known to be over."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a channel leads.

    Attributes:
        target: all of it; whoever knows a webhook's can write in its Discord channel.
        shown: what people may see of it.
    """

    kind: ChannelKind
    target: Secret
    shown: str


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel, without its address.

    Attributes:
        bot_id: the bot that it is told of, None for every bot.
        shown: what people may see of its address.
        problem: why it was switched off, or why its last message did not arrive; empty when all is well.
        made_by: whoever added it, as `str(actor)`.
    """

    id: UUID
    bot_id: UUID | None
    name: str
    kind: ChannelKind
    shown: str
    is_on: bool
    problem: str
    made_by: str
    version: int
    last_sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class SealedAddress:
    """A channel's address as it is stored."""

    channel_id: UUID
    kind: ChannelKind
    sealed: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message of an alert.

    Attributes:
        channel_name: as the channel was called then.
        tries: how often it was tried.
        problem: why it did not arrive yet, or never will.
        done_at: when it was sent or given up.
    """

    news: News
    channel_id: UUID | None
    channel_name: str
    state: MessageState
    tries: int
    problem: str
    due_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """The messages that one process took to send them together through one channel.

    Attributes:
        tries: how often the one that was tried most was tried, this time included.
        queued_at: since when the oldest waits.
    """

    address: SealedAddress
    news: News
    message_ids: tuple[UUID, ...]
    alerts: tuple[AlertView, ...]
    tries: int
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told, in words that every kind of channel can say.

    Attributes:
        key: the same for the same news, and for no other.
        url: where to look.
    """

    key: str
    title: str
    lines: tuple[str, ...]
    tone: Tone
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at all bots did.

    Attributes:
        told: alerts that people are told of from now on.
        ended: alerts that are over.
    """

    told: int = 0
    ended: int = 0
