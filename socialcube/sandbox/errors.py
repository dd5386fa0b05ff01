"""Everything the sandbox refuses, worded and numbered as Discord does.

Numbers and messages: Discord docs, "Opcodes and Status Codes" > "JSON". The class attribute `number` is
Discord's JSON error code, `status` the HTTP status that goes with it.
"""

from collections.abc import Mapping
from typing import ClassVar

from socialcube.kernel.errors import SocialCubeError


class DiscordError(SocialCubeError):
    """Discord refuses this."""

    code = "discord_refused"
    status: ClassVar[int] = 400
    number: ClassVar[int] = 0

    @property
    def wording(self) -> str:
        """Give the message as Discord words it, without the full stop of a docstring."""
        return self.message.removesuffix(".")


class UnauthorizedError(DiscordError):
    """401: Unauthorized."""

    code = "unauthorized"
    status = 401


class RouteNotFoundError(DiscordError):
    """404: Not Found."""

    code = "route_not_found"
    status = 404


class MethodNotAllowedError(DiscordError):
    """405: Method Not Allowed."""

    code = "method_not_allowed"
    status = 405


class UnknownApplicationError(DiscordError):
    """Unknown Application."""

    code = "unknown_application"
    status, number = 404, 10002


class UnknownChannelError(DiscordError):
    """Unknown Channel."""

    code = "unknown_channel"
    status, number = 404, 10003


class UnknownGuildError(DiscordError):
    """Unknown Guild."""

    code = "unknown_guild"
    status, number = 404, 10004


class UnknownMemberError(DiscordError):
    """Unknown Member."""

    code = "unknown_member"
    status, number = 404, 10007


class UnknownMessageError(DiscordError):
    """Unknown Message."""

    code = "unknown_message"
    status, number = 404, 10008


class UnknownRoleError(DiscordError):
    """Unknown Role."""

    code = "unknown_role"
    status, number = 404, 10011


class UnknownUserError(DiscordError):
    """Unknown User."""

    code = "unknown_user"
    status, number = 404, 10013


class UnknownWebhookError(DiscordError):
    """Unknown Webhook."""

    code = "unknown_webhook"
    status, number = 404, 10015


class UnknownInteractionError(DiscordError):
    """Unknown interaction."""

    code = "unknown_interaction"
    status, number = 404, 10062


class UnknownCommandError(DiscordError):
    """Unknown application command."""

    code = "unknown_application_command"
    status, number = 404, 10063


class DailyCreatesExceededError(DiscordError):
    """Max number of daily application command creates has been reached ({limit})."""

    code = "daily_creates_exceeded"
    status, number = 400, 30034


class TooManyCommandsError(DiscordError):
    """Maximum number of application commands reached ({limit})."""

    code = "too_many_commands"
    status, number = 400, 30032


class BodyTooLargeError(DiscordError):
    """Request entity too large."""

    code = "body_too_large"
    status, number = 413, 40005


class AlreadyAcknowledgedError(DiscordError):
    """Interaction has already been acknowledged."""

    code = "already_acknowledged"
    status, number = 400, 40060


class MissingAccessError(DiscordError):
    """Missing Access."""

    code = "missing_access"
    status, number = 403, 50001


class CannotEditOthersError(DiscordError):
    """Cannot edit a message authored by another user."""

    code = "cannot_edit_others"
    status, number = 403, 50005


class EmptyMessageError(DiscordError):
    """Cannot send an empty message."""

    code = "empty_message"
    status, number = 400, 50006


class NotATextChannelError(DiscordError):
    """Cannot send messages in a non-text channel."""

    code = "not_a_text_channel"
    status, number = 400, 50008


class MissingPermissionsError(DiscordError):
    """Missing Permissions."""

    code = "missing_permissions"
    status, number = 403, 50013


class InvalidWebhookTokenError(DiscordError):
    """Invalid Webhook Token."""

    code = "invalid_webhook_token"
    status, number = 401, 50027


class InvalidFormError(DiscordError):
    """Invalid Form Body."""

    code = "invalid_form_body"
    status, number = 400, 50035

    def __init__(self, errors: Mapping[str, object]) -> None:
        super().__init__(errors=errors)
        self.errors = errors


class InvalidJsonError(DiscordError):
    """The request body contains invalid JSON."""

    code = "invalid_json"
    status, number = 400, 50109


class InvalidOptionError(DiscordError):
    """The option {option} {reason}."""

    code = "invalid_option"
    remedy = "Correct the option and send the command again."


class StateFileDamagedError(SocialCubeError):
    """The sandbox cannot read its state file {path}: {reason}. Delete it to start afresh."""

    code = "sandbox_state_damaged"


class StateFileUnwritableError(SocialCubeError):
    """The sandbox cannot write its state file {path}: {reason}. Make room or let it write there."""

    code = "sandbox_state_unwritable"


class NotLoopbackError(SocialCubeError):
    """The sandbox listens on this machine only, and {host} is not a loopback address. Use 127.0.0.1."""

    code = "sandbox_not_loopback"


class ClientIdNotNumericError(SocialCubeError):
    """The sandbox needs DISCORD_CLIENT_ID to be a number, and it is {client_id}."""

    code = "sandbox_client_id"


class NotConfiguredError(SocialCubeError):
    """The settings name no sandbox: with real Discord credentials it is not started."""

    code = "sandbox_not_configured"


class PortInUseError(SocialCubeError):
    """The sandbox cannot listen on {host}:{port}: {reason}. Free the port or choose another."""

    code = "sandbox_port_in_use"
