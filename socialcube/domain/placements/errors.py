"""What can go wrong with ownership."""

from socialcube.kernel.errors import ConflictError, SocialCubeError


class LeaseLostError(ConflictError):
    """This runner does not own the bot any more, so it may not speak or write for it."""

    code = "lease_lost"


class StartsUsedUpError(SocialCubeError):
    """The bot has used {used} of its {limit} session starts for today."""

    code = "starts_used_up"
    remedy = (
        "Find out in its log why it starts so often, then start it yourself. The last starts are kept for "
        "people: Discord resets the token of a bot that uses them all."
    )


class QuarantinedError(SocialCubeError):
    """Discord refused {count} of its calls in ten minutes. It was stopped before it costs all bots here."""

    code = "quarantined"
    remedy = (
        "Read its latest errors and mend what they name, most often a missing permission. "
        "Then start it again."
    )
