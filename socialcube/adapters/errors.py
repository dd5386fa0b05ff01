"""What keeps a bot from its platform. The fleet decides by the class what happens next."""

from socialcube.kernel.errors import SocialCubeError, UnavailableError


class PlatformUnreachableError(UnavailableError):
    """The platform cannot be reached: {reason}."""

    code = "platform_unreachable"
    remedy = "Nothing to do: the runner keeps trying, at growing intervals."


class HeldError(SocialCubeError):
    """The platform refused the bot, and trying again would change nothing."""

    code = "refused"


class TokenInvalidError(HeldError):
    """Discord does not accept this bot's token: {reason}."""

    code = "token_invalid"
    remedy = "Copy a new token from Bot → Reset Token in Discord's developer portal and give it to this bot."


class IntentsMissingError(HeldError):
    """Discord refused the events this bot asks for: {reason}."""

    code = "intents_missing"
    remedy = (
        "Switch the limited intents on under Bot in Discord's developer portal, then start the bot again."
    )


class ConnectionRefusedByPlatformError(HeldError):
    """Discord closed the connection for good with the code {close_code}: {reason}."""

    code = "refused"
    remedy = "Start the bot again. If that does not help, look for a newer version of Social Cube."


class CallRefusedError(SocialCubeError):
    """The platform refused a call: {reason}."""

    code = "call_refused"

    def __init__(self, *, status: int, api_code: int, reason: str) -> None:
        self.status = status
        self.api_code = api_code
        super().__init__(reason=reason, status=status, api_code=api_code)
