"""What can go wrong with API keys."""

from socialcube.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)


class KeyNotFoundError(NotFoundError):
    """There is no API key {ref}."""

    code = "key_not_found"
    remedy = "`flask --app wsgi keys list` shows them all."


class InvalidKeyError(InvalidInputError):
    """This key cannot be made: {reason}."""

    code = "invalid_key"


class TooManyKeysError(ConflictError):
    """You have {count} API keys that work, which is as many as one person can have."""

    code = "too_many_keys"
    remedy = "Revoke one that is not used any more."


class KeyEndedError(ConflictError):
    """The key {name} does not work any more, so it cannot be rotated."""

    code = "key_ended"
    remedy = "Make a new key."


class NotYourKeyError(ForbiddenError):
    """Only whoever made the key {name} may have its new secret."""

    code = "not_your_key"
    remedy = "Revoke it, and make one of your own."


class KeyMissingError(UnauthenticatedError):
    """This needs an API key."""

    code = "key_missing"
    remedy = "Send it in a header: Authorization: Bearer sc_… Keys are made in the panel, under API keys."


class KeyMalformedError(UnauthenticatedError):
    """What was sent is not an API key."""

    code = "key_malformed"
    remedy = "Copy the whole key, from sc_ to its end, and send it in one header: Authorization: Bearer sc_…"


class KeyUnknownError(UnauthenticatedError):
    """This API key is not known here."""

    code = "key_unknown"
    remedy = "Look whether it belongs to this panel, or whether it was replaced by a new one."


class KeyRevokedError(UnauthenticatedError):
    """This API key was revoked."""

    code = "key_revoked"
    remedy = "Make a new one in the panel, under API keys."


class KeyExpiredError(UnauthenticatedError):
    """This API key ended on {ended}."""

    code = "key_expired"
    remedy = "Make a new one in the panel, under API keys."


class KeyOrphanedError(UnauthenticatedError):
    """Whoever made this API key may not sign in any more, so the key does not work either."""

    code = "key_orphaned"
    remedy = "Ask somebody who still may to make a key."


class KeyInAddressError(InvalidInputError):
    """An API key stood in the address, where it ends up in logs and histories: {where}."""

    code = "key_in_address"
    remedy = "Rotate or revoke this key now, and send the next one in a header: Authorization: Bearer sc_…"
