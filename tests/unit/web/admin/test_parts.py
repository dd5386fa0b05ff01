"""The small parts of generated screens."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import inspect, true

from socialcube.domain.audit.models import AuditLog
from socialcube.domain.guilds.models import BotGuild
from socialcube.domain.guilds.types import FieldKind
from socialcube.web.admin.forms.setting_fields import PREFIX, read_values, show_values
from socialcube.web.admin.keys import parse_key
from socialcube.web.admin.lists.filters import ChoiceFilter, MomentFilter, TextFilter
from tests.factories.guilds import make_field

ID = UUID(int=5)


def test_keys_are_read_as_their_columns_want_them() -> None:
    pair = inspect(BotGuild).primary_key
    assert parse_key(pair, f"{ID},{ID}") == [ID, ID]
    assert parse_key(pair, f"{ID}") is None
    number = inspect(AuditLog).primary_key
    assert parse_key(number, "12") == [12]
    for text in ("-1", "1.5", "٣", "", "9" * 5000, "99999999999999999999"):
        assert parse_key(number, text) is None


def test_a_choice_takes_only_what_it_offers() -> None:
    found = ChoiceFilter("State", (("a", "Alpha"),), lambda _: true())
    assert found.validate("a")
    assert not found.validate("b")
    assert found.describe("a") == "Alpha"


def test_choices_that_depend_on_a_person_are_empty_without_one() -> None:
    assert ChoiceFilter("Bot", lambda: [("a", "b")], lambda _: true()).choices() == ()


@pytest.mark.parametrize("value", ["", "x" * 201, "a\x00b"])
def test_a_text_filter_takes_no_endless_or_broken_text(value: str) -> None:
    assert not TextFilter("Name", lambda _: true()).validate(value)


def test_a_moment_without_an_offset_is_utc() -> None:
    found = MomentFilter("From", "after", lambda _: true())
    assert found.clean("2026-01-02T03:04") == datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    assert not found.validate("99999")
    assert found.describe("2026-01-02") == "2 Jan 2026, 00:00"


def test_settings_are_read_and_shown_by_their_kind() -> None:
    fields = [
        make_field(FieldKind.TEXT, key="text"),
        make_field(FieldKind.NUMBER, key="whole"),
        make_field(FieldKind.NUMBER, key="half"),
        make_field(FieldKind.YESNO, key="loud"),
        make_field(FieldKind.CHANNEL, key="where"),
    ]
    typed = {"text": "Hi", "whole": Decimal(5), "half": Decimal("0.5"), "loud": "no", "where": ""}
    read = read_values(fields, {f"{PREFIX}{key}": value for key, value in typed.items()})
    assert read == {"text": "Hi", "whole": 5, "half": 0.5, "loud": False, "where": None}
    shown = show_values(fields, {"text": "Hi", "loud": True, "whole": 0})
    assert shown == {
        "own_text": "Hi",
        "own_whole": 0,
        "own_half": None,
        "own_loud": "yes",
        "own_where": "",
    }
