"""Random secrets that look like Discord's."""

import base64
import hashlib
import hmac
import secrets

_ID_DIGITS = 18


def bot_token(application_id: int) -> str:
    """Make a bot token: three dot-separated parts of which the first tells the application.

    The id is padded with zeros to the length of a real one, so that masks which know the shape of
    Discord's tokens catch a sandbox token too.
    """
    padded = str(application_id).rjust(_ID_DIGITS, "0").encode()
    owner = base64.urlsafe_b64encode(padded).decode().rstrip("=")
    return f"{owner}.{secrets.token_urlsafe(16)[:6]}.{secrets.token_urlsafe(40)[:38]}"


def owner_of(token: str) -> int:
    """Give the application's id that a token's first part tells, or 0 when it tells none."""
    part = token.partition(".")[0]
    try:
        return int(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return 0


def client_secret() -> str:
    """Make an OAuth2 client secret."""
    return secrets.token_urlsafe(24)


def interaction_token() -> str:
    """Make the token in an interaction's webhook addresses."""
    return secrets.token_urlsafe(120)


def webhook_token() -> str:
    """Make the token in a webhook's address."""
    return secrets.token_urlsafe(51)


def opaque() -> str:
    """Make a session id, an OAuth2 code or an access token."""
    return secrets.token_hex(16)


def fingerprint(token: str) -> str:
    """Give a short name for a token, to tell two of them apart without showing either."""
    return hashlib.sha256(_bytes(token)).hexdigest()[:12]


def is_same(given: str, secret: str) -> bool:
    """Compare what a stranger gave with a secret, in a time that tells nothing about it."""
    return hmac.compare_digest(_bytes(given), _bytes(secret))


def _bytes(text: str) -> bytes:
    """Encode text from outside: aiohttp keeps bytes of a header that are no text as surrogates."""
    return text.encode(errors="surrogateescape")
