import pytest

from socialcube.domain.alerts.errors import InvalidAddressError, InvalidChannelNameError
from socialcube.domain.alerts.policy import check_name, read_address
from socialcube.domain.alerts.types import Address, ChannelKind
from socialcube.kernel.secrets import Secret, mask_text
from tests.factories.alerts import STORED_WEBHOOK, TOKEN, WEBHOOK

DISCORD = "https://discord.com/api/v10"
SANDBOX = "http://127.0.0.1:15001/api/v10"


def read(text: str, base: str = DISCORD) -> Address:
    return read_address(Secret(text), api_base_url=base)


@pytest.mark.parametrize(
    "url",
    [
        WEBHOOK,
        f"  {WEBHOOK}\n",
        WEBHOOK.replace("discord.com", "canary.discord.com"),
        WEBHOOK.replace("discord.com", "discordapp.com"),
        WEBHOOK.replace("https://discord.com", "https://discord.com:443"),
        WEBHOOK.replace("/api/", "/api/v9/"),
        f"{WEBHOOK}?wait=false&with_components=1",
    ],
)
def test_every_form_of_a_webhook_is_stored_in_one(url: str) -> None:
    found = read(url)
    assert (found.kind, found.target.reveal()) == (ChannelKind.DISCORD, STORED_WEBHOOK)


def test_a_thread_is_kept() -> None:
    assert read(f"{WEBHOOK}?thread_id=77&wait=1").target.reveal() == f"{STORED_WEBHOOK}?thread_id=77"


def test_people_see_the_end_of_a_webhook_and_no_more() -> None:
    shown = read(WEBHOOK).shown
    assert shown == f"Webhook 4711/••••{TOKEN[-4:]}"
    assert mask_text(WEBHOOK) != WEBHOOK


def test_webhooks_of_the_discord_in_use_are_taken() -> None:
    found = read(f"http://127.0.0.1:15001/api/webhooks/4711/{TOKEN}", SANDBOX)
    assert found.target.reveal() == f"{SANDBOX}/webhooks/4711/{TOKEN}"


@pytest.mark.parametrize(
    "url",
    [
        WEBHOOK.replace("https", "http"),
        WEBHOOK.replace("discord.com", "discord.com.evil.example"),
        WEBHOOK.replace("discord.com", "evil.example"),
        WEBHOOK.replace("discord.com", "discord.com@evil.example"),
        WEBHOOK.replace("discord.com", "me:word@discord.com"),
        WEBHOOK.replace("discord.com", "127.0.0.1"),
        WEBHOOK.replace("discord.com", "[::1]"),
        WEBHOOK.replace("discord.com", "discord.com:8443"),
        WEBHOOK.replace("discord.com", "discord.com:port"),
        WEBHOOK.replace("discord.com", "[discord.com"),
        WEBHOOK.replace("/api/webhooks", "/api/../webhooks"),
        WEBHOOK.replace("/api/webhooks", "/x/api/webhooks"),
        WEBHOOK.replace("4711", "4711/messages"),
        WEBHOOK.replace("4711", "٤٧١١"),
        f"{WEBHOOK}/slack",
        f"{WEBHOOK}%0d%0aX: y",
        WEBHOOK.replace("https:", "gopher:"),
        f"http://127.0.0.1:15001/api/webhooks/4711/{TOKEN}",
        "https://discord.com/api/webhooks/4711/short",
        "https://" + "a" * 400,
    ],
)
def test_asvs_1_3_6_webhooks_lead_nowhere_else(url: str) -> None:
    with pytest.raises(InvalidAddressError):
        read(url)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ops@example.org", "ops@example.org"),
        (" Ops.Team+bots@Example.ORG ", "Ops.Team+bots@example.org"),
        ("ops@bücher.example", "ops@xn--bcher-kva.example"),
    ],
)
def test_a_mail_address_is_taken(typed: str, stored: str) -> None:
    found = read(typed)
    assert (found.kind, found.target.reveal(), found.shown) == (ChannelKind.MAIL, stored, stored)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ops",
        "ops@",
        "@example.org",
        "ops@localhost",
        "ops@127.0.0.1",
        "ops@example.org, eve@example.org",
        "ops@example.org\r\nBcc: eve@example.org",
        "Ops <ops@example.org>",
        '"ops@example.org"@example.org',
        "ops@example.org>",
        "o..ps@example.org",
        "øps@example.org",
        f"{'o' * 65}@example.org",
        f"ops@{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 63}.org",
    ],
)
def test_what_is_no_single_mail_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidAddressError):
        read(typed)


def test_names_are_one_short_line() -> None:
    assert check_name("  On call ") == "On call"
    for name in ("", "  ", "a\nb", "x" * 61):
        with pytest.raises(InvalidChannelNameError):
            check_name(name)
