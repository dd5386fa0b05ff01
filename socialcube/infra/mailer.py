"""Tells people by e-mail, over one SMTP connection for each message."""

import re
import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from socialcube.domain.alerts.errors import ChannelGoneError, SendLaterError, SendRefusedError
from socialcube.domain.alerts.types import Notice
from socialcube.kernel.secrets import Secret
from socialcube.kernel.setting_parsers import is_loopback
from socialcube.kernel.settings import MailSettings
from socialcube.kernel.text import one_line

TIMEOUT_SECONDS: Final = 10.0
_PORTS: Final = {"smtp": 587, "smtps": 465}
_MAX_SUBJECT: Final = 150
_NO_SUCH_BOX: Final = frozenset({550, 551, 553})
_ENHANCED: Final = re.compile(rb"5\.(\d{1,3})\.\d{1,3}\b")
_PERMANENT: Final = 500


class Mailer:
    """Sends notices as plain text.

    Args:
        settings: the mail server and the sender, None where mail is not set up.
        public_url: the panel's address; the headers for mailing lists lead there.
        timeout: seconds that each step with the server may take.
    """

    def __init__(
        self, settings: MailSettings | None, public_url: str, *, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._settings = settings
        self._public_url = public_url
        self._timeout = timeout

    def send(self, target: Secret, notice: Notice) -> None:
        """Send a notice once.

        Raises:
            ChannelGoneError: the mail server knows nobody of that address.
            SendRefusedError: it does not take this message.
            SendLaterError: it cannot be reached, or asks for another try.
        """
        if self._settings is None or not self._settings.url:
            raise SendLaterError(
                reason="no mail server is set up; set SMTP_URL and MAIL_FROM for the worker."
            )
        message = self._write(self._settings, target.reveal(), notice)
        try:
            server = self._connect(self._settings)
            try:
                server.send_message(message, self._settings.sender, [target.reveal()])
            finally:
                # The message was taken or not by now; how the server says goodbye changes nothing.
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            raise _judge_recipient(*next(iter(error.recipients.values()))) from None
        except smtplib.SMTPAuthenticationError:
            raise SendLaterError(
                reason="the mail server does not accept our user name and password."
            ) from None
        except smtplib.SMTPResponseException as error:
            raise _judge(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise SendLaterError(reason="the mail server offers no STARTTLS, or no way to sign in.") from None
        except ssl.SSLError:
            raise SendLaterError(reason="the mail server's certificate is not trusted here.") from None
        except (smtplib.SMTPException, OSError):
            # The text of the error may quote what was sent.
            raise SendLaterError(reason="the mail server gave no answer.") from None

    def _connect(self, settings: MailSettings) -> smtplib.SMTP:
        parts = urlsplit(settings.url.reveal())
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=self._timeout, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=self._timeout)
        try:
            # A server on this machine need not know TLS; on the way to any other everybody could read.
            if parts.scheme == "smtp" and not is_loopback(host):
                server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _write(self, settings: MailSettings, to: str, notice: Notice) -> EmailMessage:
        """Write the message. The library refuses a header with a line break; names lose theirs before."""
        message = EmailMessage(policy=SMTP_POLICY)
        host = urlsplit(self._public_url).hostname or "localhost"
        message["Subject"] = one_line(f"[Social Cube] {notice.title}", _MAX_SUBJECT)
        message["From"] = Address("Social Cube", addr_spec=settings.sender)
        message["To"] = Address(addr_spec=to)
        message["Date"] = format_datetime(notice.at)
        # The same news has the same id at each try, so that a mailbox can tell a second copy.
        message["Message-ID"] = f"<alert.{notice.key}@{settings.sender.rpartition('@')[2]}>"
        message["List-Id"] = f"Alerts of Social Cube <alerts.{host}>"
        message["List-Unsubscribe"] = f"<{self._public_url}/admin/alerts/channels/>"
        # RFC 3834: nobody's holiday notice has to answer a machine.
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        footer = f"You read this because somebody made {to} an alert channel at {self._public_url}."
        message.set_content("\n\n".join(["\n".join(notice.lines), notice.url, f"-- \n{footer}"]) + "\n")
        return message


def _judge_recipient(code: int, said: bytes) -> Exception:
    """Tell an address that is wrong from a refusal of whom we are, which says nothing about the address.

    Enhanced status codes of the class 5.1 are about the address (RFC 3463); 5.7.1 is a block list's.
    """
    enhanced = _ENHANCED.match(said)
    if code in _NO_SUCH_BOX and (enhanced is None or enhanced[1] == b"1"):
        return ChannelGoneError(reason=f"The mail server knows nobody of that address ({code}).")
    return _judge(code)


def _judge(code: int) -> Exception:
    if code >= _PERMANENT:
        return SendRefusedError(reason=f"the mail server does not take it ({code}).")
    return SendLaterError(reason=f"the mail server asks for another try ({code}).")
