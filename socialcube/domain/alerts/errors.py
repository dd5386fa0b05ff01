"""What can go wrong with alerts."""

from datetime import timedelta

from socialcube.kernel.errors import ConflictError, InvalidInputError, NotFoundError, SocialCubeError


class ChannelNotFoundError(NotFoundError):
    """There is no such alert channel."""

    code = "alert_channel_not_found"
    remedy = "The list of channels shows those that you may change."


class InvalidChannelNameError(InvalidInputError):
    """A channel's name has 1 to {max_length} characters on one line."""

    code = "invalid_alert_channel_name"
    remedy = "Choose a name like On call."


class InvalidAddressError(InvalidInputError):
    """This is neither the address of a Discord webhook nor an e-mail address."""

    code = "invalid_alert_address"
    remedy = (
        "In Discord open the channel's settings, then Integrations, Webhooks, Copy webhook URL. "
        "Or type an e-mail address like ops@example.org."
    )


class MailNotSetUpError(InvalidInputError):
    """This installation cannot send e-mail yet."""

    code = "mail_not_set_up"
    remedy = "Set MAIL_FROM for web and worker and SMTP_URL for the worker, or use a Discord webhook."


class TooManyChannelsError(ConflictError):
    """There are {most} channels here already."""

    code = "too_many_alert_channels"
    remedy = "Remove one that nobody reads any more."


class AddressUnreadableError(SocialCubeError):
    """The stored address of the channel cannot be opened: {reason}."""

    code = "alert_address_unreadable"
    remedy = "Edit the channel and give its address again."


class ChannelGoneError(SocialCubeError):
    """{reason}"""  # noqa: D415 - the reason ends itself

    code = "alert_channel_gone"
    remedy = "Edit the channel, give it a new address and switch it on again."


class SendRefusedError(SocialCubeError):
    """The message was refused: {reason}"""  # noqa: D415 - the reason ends itself

    code = "alert_refused"
    remedy = "Trying again would change nothing. Check the channel's address."


class SendLaterError(SocialCubeError):
    """The message could not be sent: {reason}"""  # noqa: D415 - the reason ends itself

    code = "alert_delayed"
    remedy = "Try again in a while. Alerts themselves are sent again until they get through."

    def __init__(self, *, wait: timedelta | None = None, **details: object) -> None:
        self.wait = wait
        super().__init__(**details)
