"""Asks the sandbox's control door which bots it has, so that a demo can begin with them."""

from dataclasses import dataclass
from typing import Final

import requests
from pydantic import BaseModel, TypeAdapter, ValidationError

from socialcube.kernel.errors import UnavailableError
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import SANDBOX_KEY_HEADER, SandboxSettings

_TIMEOUT_SECONDS: Final = 5.0


class SandboxAwayError(UnavailableError):
    """The sandbox at port {port} gave no usable answer: {reason}."""

    code = "sandbox_unavailable"
    remedy = "Start it with: python -m socialcube.sandbox"


class _Application(BaseModel):
    """An application as the door shows it.

    Attributes:
        id: its id there.
        token: its bot token, None when it has no bot.
    """

    id: int
    name: str
    token: str | None


@dataclass(frozen=True, slots=True)
class SandboxBot:
    """A bot of the sandbox.

    Attributes:
        id: its id there.
        token: its bot token.
    """

    id: int
    name: str
    token: Secret


def list_bots(sandbox: SandboxSettings) -> list[SandboxBot]:
    """List the sandbox's bots.

    Raises:
        SandboxAwayError: it does not answer, or refuses the key.
    """
    headers = {SANDBOX_KEY_HEADER: sandbox.control_key.reveal()}
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(
                f"http://{sandbox.host}:{sandbox.port}/control/applications",
                headers=headers,
                timeout=_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            answer.raise_for_status()
        found = TypeAdapter(list[_Application]).validate_json(answer.content)
    except (requests.RequestException, ValidationError) as error:
        raise SandboxAwayError(port=sandbox.port, reason=type(error).__name__) from error
    return [SandboxBot(item.id, item.name, Secret(item.token)) for item in found if item.token]
