"""Settings of alerts, mail and metrics."""

import pytest

import config
from socialcube.kernel.settings import BadSettingsError, MailSettings, Settings
from tests.factories.settings import make_environ

SMTP = "smtp://ops%40x:word%2F@mail.example:587"


def load(**variables: str) -> Settings:
    return config.load_settings(make_environ(**variables))


def test_without_them_alerts_wait_a_minute_and_mail_does_not_leave() -> None:
    settings = load()
    assert (settings.alerts.grace_seconds, settings.alerts.recovery_seconds) == (60, 120)
    assert settings.mail is None
    assert not settings.metrics_token


@pytest.mark.parametrize("url", [SMTP, "smtps://mail.example", "smtp://127.0.0.1:25", "smtp://[::1]:25/"])
def test_a_mail_server_is_taken_as_it_is_written(url: str) -> None:
    mail = load(SMTP_URL=url, MAIL_FROM="cube@example.org").mail
    assert isinstance(mail, MailSettings)
    assert (mail.url.reveal(), mail.sender) == (url, "cube@example.org")
    assert "word" not in repr(mail)


def test_the_web_knows_of_mail_without_the_password_of_its_server() -> None:
    mail = load(MAIL_FROM="cube@example.org").mail
    assert isinstance(mail, MailSettings)
    assert (mail.sender, bool(mail.url)) == ("cube@example.org", False)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SMTP_URL": SMTP}, "SMTP_URL needs MAIL_FROM"),
        ({"SMTP_URL": "http://mail.example", "MAIL_FROM": "a@b.example"}, "SMTP_URL must be like"),
        ({"SMTP_URL": "smtp://mail.example:port", "MAIL_FROM": "a@b.example"}, "SMTP_URL must be like"),
        ({"SMTP_URL": SMTP, "MAIL_FROM": "a@b.example\r\nBcc: c@d.example"}, "MAIL_FROM must be an e-mail"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must be random text"),
        ({"METRICS_TOKEN": "two words of sixteen"}, "METRICS_TOKEN must be random text"),
        ({"ALERT_GRACE_SECONDS": "-1"}, "ALERT_GRACE_SECONDS must be a number of seconds"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(variables: dict[str, str], words: str) -> None:
    with pytest.raises(BadSettingsError, match=words) as caught:
        load(**variables)
    assert "word%2F" not in str(caught.value)
