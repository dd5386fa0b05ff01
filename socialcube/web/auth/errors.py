"""What can go wrong on the way in. Each is a page that says what to do next."""

from socialcube.kernel.errors import ForbiddenError, InvalidInputError, UnavailableError


class StaleFormError(InvalidInputError):
    """The page was too old to be sent: you signed in or out since it was opened."""

    code = "stale_form"
    remedy = "Reload it, then send it again. Nothing was changed."


class UnknownAttemptError(InvalidInputError):
    """This sign-in was used already, took longer than ten minutes, or began in another browser."""

    code = "unknown_attempt"
    remedy = "Start again. Stay in this browser, and let it keep cookies."


class AnotherPersonError(ForbiddenError):
    """Discord says that somebody else sits there: you are signed in here as {name}."""

    code = "another_person"
    remedy = "Switch to that account at Discord, or sign out here first. Then try again. Nothing was changed."


class ConsentDeniedError(ForbiddenError):
    """You did not allow Discord to say who you are, so nobody was signed in."""

    code = "consent_denied"
    remedy = "Start again and press Authorize. We read your name and picture, nothing else."


class ServersNotShownError(ForbiddenError):
    """You did not allow Discord to say which servers you are in, so none could be found."""

    code = "servers_not_shown"
    remedy = "Start again and press Authorize, or open the link that the bot's owner gave you."


class DiscordRefusedError(InvalidInputError):
    """Discord did not accept this sign-in any more."""

    code = "discord_refused"
    remedy = "Start again. A sign-in at Discord is good for a few minutes and works once."


class DiscordAwayError(UnavailableError):
    """Discord did not answer, so it could not say who you are."""

    code = "discord_away"
    remedy = (
        "Try again in a minute. Who manages the machine can let you in meanwhile: "
        "`flask --app wsgi users login-link`."
    )


class ClientRefusedError(UnavailableError):
    """Discord does not accept the way in which this panel introduces itself."""

    code = "client_refused"
    remedy = (
        "Whoever runs this panel should compare DISCORD_CLIENT_ID, DISCORD_CLIENT_SECRET and the "
        "application's redirect address with Discord's developer portal."
    )


class NotConfiguredError(UnavailableError):
    """Signing in with Discord is not set up here yet."""

    code = "sign_in_not_configured"
    remedy = (
        "Whoever runs this panel sets DISCORD_CLIENT_ID and DISCORD_CLIENT_SECRET. Until then "
        "`flask --app wsgi users login-link` makes a link that works once."
    )
