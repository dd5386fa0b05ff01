"""The address in an invite."""

from typing import Final

from socialcube.kernel.secrets import Secret
from socialcube.web.context import settings

PATH: Final = "/invite/"
"""What follows it gives a role."""


def invite_url(code: Secret) -> str:
    """Give the address that whoever gets the invite opens. It is shown once."""
    return f"{settings().web.public_url}{PATH}{code.reveal()}"
