"""Tells people through a Discord webhook (Discord documentation: Webhook resource, Execute Webhook)."""

import re
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from socialcube.domain.alerts.errors import (
    ChannelGoneError,
    InvalidAddressError,
    SendLaterError,
    SendRefusedError,
)
from socialcube.domain.alerts.policy import read_address
from socialcube.domain.alerts.types import ChannelKind, Notice
from socialcube.domain.bots.types import Tone
from socialcube.infra.http_client import Answer, HTTPClient, NoAnswerError
from socialcube.kernel.secrets import Secret
from socialcube.kernel.text import one_line

_MAX_TITLE: Final = 256
_MAX_DESCRIPTION: Final = 4000
_MARKDOWN: Final = re.compile(r"([\\*_~`|>#\[\]()<:@-])")
_COLOURS: Final = {
    Tone.OK: 0x14703F,
    Tone.WARN: 0x8A5200,
    Tone.BAD: 0xB4232C,
    Tone.HOLD: 0x7A2E8F,
    Tone.ACCENT: 0x2F55D4,
    Tone.MUTED: 0x566070,
}
_WAITS: Final = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)


class DiscordWebhooks:
    """Posts notices. Only to Discord, or to the one that stands in for it here.

    Args:
        client: makes the request.
        api_base_url: of the Discord that this installation uses.
    """

    def __init__(self, client: HTTPClient, api_base_url: str) -> None:
        self._client = client
        self._api_base_url = api_base_url

    def send(self, target: Secret, notice: Notice) -> None:
        """Post a notice once.

        Raises:
            ChannelGoneError: the webhook is not there any more.
            SendRefusedError: Discord does not take this message, or the address is no webhook of Discord's.
            SendLaterError: another try may work.
        """
        try:
            answer = self._client.post_json(self._with_answer(target), _write(notice))
        except NoAnswerError as error:
            raise SendLaterError(reason=f"Discord gave no answer. {error.message}") from None
        _judge(answer)

    def _with_answer(self, target: Secret) -> Secret:
        """Ask for an answer that says whether the message was stored, at an address that is checked again."""
        try:
            address = read_address(target, api_base_url=self._api_base_url)
        except InvalidAddressError:
            address = None
        if address is None or address.kind is not ChannelKind.DISCORD:
            raise SendRefusedError(reason="its address is no webhook of the Discord that is used here.")
        url = address.target.reveal()
        return Secret(f"{url}{'&' if '?' in url else '?'}wait=true")


def _write(notice: Notice) -> dict[str, Any]:
    lines = [escape_markdown(line) for line in notice.lines]
    can_link = "." in (urlsplit(notice.url).hostname or "")
    if not can_link:
        # Discord refuses a whole message whose link leads to a host without a dot, like localhost.
        lines.append(notice.url)
    description = "\n".join(lines)
    return {
        "embeds": [
            {
                "title": one_line(escape_markdown(notice.title), _MAX_TITLE),
                "description": description[:_MAX_DESCRIPTION],
                **({"url": notice.url} if can_link else {}),
                "color": _COLOURS[notice.tone],
                "timestamp": notice.at.isoformat(),
            }
        ],
        # Names of bots and what Discord said of them are other people's words: they notify nobody.
        "allowed_mentions": {"parse": []},
    }


def escape_markdown(text: str) -> str:
    """Write a text so that Discord shows it as it is."""
    return _MARKDOWN.sub(r"\\\1", text)


def _judge(answer: Answer) -> None:
    match answer.status:
        case status if 200 <= status < 300:  # noqa: PLR2004 - HTTP's own boundaries
            return
        case 404 | 401:
            raise ChannelGoneError(
                reason=f"Discord says that this webhook is not there any more ({answer.status})."
            )
        case 429:
            raise SendLaterError(wait=_asked_wait(answer), reason="Discord asks us to wait (429).")
        case status if status >= 500:  # noqa: PLR2004 - HTTP's own boundary
            raise SendLaterError(reason=f"Discord has trouble itself ({status}).")
        case 403 | 408:
            raise SendLaterError(reason=f"Discord did not let us in ({answer.status}).")
        case status if 300 <= status < 400:  # noqa: PLR2004 - HTTP's own boundaries
            raise SendRefusedError(reason=f"Discord points somewhere else ({status}), and we follow nowhere.")
        case status:
            raise SendRefusedError(reason=f"Discord does not take it ({status}).")


def _asked_wait(answer: Answer) -> timedelta | None:
    said = answer.headers.get("Retry-After", "")
    return timedelta(seconds=float(said)) if _WAITS.fullmatch(said) else None
