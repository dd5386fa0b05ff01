from collections.abc import Iterator
from dataclasses import replace

import pytest

from socialcube.domain.alerts.errors import ChannelGoneError, SendLaterError, SendRefusedError
from socialcube.domain.alerts.types import Notice
from socialcube.domain.bots.types import Tone
from socialcube.infra.mailer import Mailer
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import MailSettings
from tests.fakes.clock import START
from tests.support.mail_server import MailServer, mail_server

TO = Secret("ops@example.org")
PASSWORD = "s3cret/word"
NOTICE = Notice(
    key="abc123",
    title="Fern does not run",
    lines=("No runner holds this bot.", ".A line that begins with a dot."),
    tone=Tone.BAD,
    url="https://panel.example/admin/bots/1/",
    at=START,
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def send(url: str, notice: Notice = NOTICE, *, timeout: float = 5.0) -> None:
    settings = MailSettings(Secret(url), "cube@example.org")
    Mailer(settings, "https://panel.example", timeout=timeout).send(TO, notice)


def test_a_notice_arrives_as_plain_text(server: MailServer) -> None:
    send(server.url)
    (mail,) = server.mails
    assert server.recipients == [["ops@example.org"]]
    assert mail.get_content_type() == "text/plain"
    assert mail["Subject"] == "[Social Cube] Fern does not run"
    assert mail["From"] == "Social Cube <cube@example.org>"
    assert mail["To"] == "ops@example.org"
    body = mail.get_content().replace("\r\n", "\n")
    assert body.startswith("No runner holds this bot.\n.A line that begins with a dot.\n\nhttps://panel")


def test_the_headers_say_that_a_machine_wrote_and_where_to_end_it(server: MailServer) -> None:
    send(server.url)
    (mail,) = server.mails
    assert mail["List-Id"] == "Alerts of Social Cube <alerts.panel.example>"
    assert mail["List-Unsubscribe"] == "<https://panel.example/admin/alerts/channels/>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == "<alert.abc123@example.org>"
    assert mail["Date"].datetime == START


@pytest.mark.parametrize("settings", [None, MailSettings(Secret(""), "cube@example.org")])
def test_without_a_mail_server_the_news_waits_and_says_what_to_set(settings: MailSettings | None) -> None:
    with pytest.raises(SendLaterError, match="set SMTP_URL and MAIL_FROM for the worker"):
        Mailer(settings, "https://panel.example").send(TO, NOTICE)


def test_the_same_news_has_the_same_id_at_each_try(server: MailServer) -> None:
    send(server.url)
    send(server.url)
    assert len({mail["Message-ID"] for mail in server.mails}) == 1


@pytest.mark.parametrize("name", ["Fern\r\nBcc: eve@example.org", "Fern\nX: y", "Fern\u2028Bcc: eve@x.org"])
def test_a_name_cannot_add_a_header(server: MailServer, name: str) -> None:
    send(server.url, replace(NOTICE, title=f"{name} does not run"))
    (mail,) = server.mails
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert server.recipients == [["ops@example.org"]]
    assert "\n" not in mail["Subject"]


def test_names_of_any_script_arrive(server: MailServer) -> None:
    send(server.url, replace(NOTICE, title="Fern 🌿 läuft nicht"))
    assert server.mails[0]["Subject"] == "[Social Cube] Fern 🌿 läuft nicht"


def test_user_and_password_are_used(server: MailServer) -> None:
    send(server.url.replace("://", "://ops%40x:s3cret%2Fword@"))
    assert "AUTH" in server.commands
    assert len(server.mails) == 1


def test_a_refused_password_is_tried_again_and_told_without_it(server: MailServer) -> None:
    server.answers["AUTH"] = "535 5.7.8 No s3cret/word here"
    with pytest.raises(SendLaterError, match="user name and password") as caught:
        send(server.url.replace("://", "://ops:s3cret%2Fword@"))
    assert PASSWORD not in str(caught.value)


def test_a_server_elsewhere_must_speak_tls(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is this machine's, by a name that says nothing of it."""
    monkeypatch.setattr("socialcube.infra.mailer.is_loopback", lambda _host: False)
    with pytest.raises(SendLaterError, match="offers no STARTTLS"):
        send(server.url.replace("://", "://ops:word@"))
    assert "AUTH" not in server.commands
    assert server.mails == []


def test_a_relay_that_blocks_us_says_nothing_about_the_address(server: MailServer) -> None:
    server.answers["RCPT"] = "550 5.7.1 Blocked by a list"
    with pytest.raises(SendRefusedError, match="550"):
        send(server.url)


@pytest.mark.parametrize("code", [550, 551, 553])
def test_a_mailbox_that_is_not_there_is_said_to_be_gone(server: MailServer, code: int) -> None:
    server.answers["RCPT"] = f"{code} 5.1.1 Nobody of that name"
    with pytest.raises(ChannelGoneError, match=f"knows nobody of that address \\({code}\\)"):
        send(server.url)


@pytest.mark.parametrize(
    ("command", "reply"), [("RCPT", "450 Busy"), (".", "451 Later"), ("MAIL", "421 Closing")]
)
def test_what_a_server_puts_off_is_tried_again(server: MailServer, command: str, reply: str) -> None:
    server.answers[command] = reply
    with pytest.raises(SendLaterError, match=reply[:3]):
        send(server.url)
    assert server.mails == []


@pytest.mark.parametrize(("command", "reply"), [(".", "554 Spam"), ("RCPT", "552 Full"), ("MAIL", "501 No")])
def test_what_a_server_refuses_is_not_tried_again(server: MailServer, command: str, reply: str) -> None:
    server.answers[command] = reply
    with pytest.raises(SendRefusedError, match=reply[:3]):
        send(server.url)


def test_a_server_that_is_down_or_silent_costs_a_bounded_time(server: MailServer) -> None:
    server.answers[""] = "220-still thinking"
    with pytest.raises(SendLaterError, match="gave no answer"):
        send(server.url, timeout=0.3)
    with mail_server() as gone:
        url = gone.url
    with pytest.raises(SendLaterError, match="gave no answer"):
        send(url)


def test_without_a_mail_server_the_news_wait() -> None:
    with pytest.raises(SendLaterError, match="SMTP_URL"):
        Mailer(None, "https://panel.example").send(TO, NOTICE)
