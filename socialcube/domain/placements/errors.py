"""What can go wrong with ownership."""

from socialcube.kernel.errors import ConflictError, SocialCubeError


class LeaseLostError(ConflictError):
    """This runner does not own the bot any more, so it may not speak or write for it."""

    code = "lease_lost"


class StartsUsedUpError(SocialCubeError):
    """The bot has used {used} of its {limit} session starts for today."""

    code = "starts_used_up"
    remedy = (
        "Find out why it starts so often, then start it again tomorrow: at 1,000 Discord resets its token."
    )
