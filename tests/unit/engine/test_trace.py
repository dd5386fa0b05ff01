import json
from datetime import UTC, datetime
from types import MappingProxyType

from socialcube.engine.errors import EmptyOutputError, TemplateFailedError
from socialcube.engine.ports import Embed, EmbedField, Message
from socialcube.engine.trace import Record, RunError, describe_error, presentable
from socialcube.kernel.secrets import Secret

TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.GxYzAb.abcdefghijklmnopqrstuvwxyz0123456789AB"


def test_record_becomes_an_element() -> None:
    record = Record("steps[0]", "reply", started=1.0, ended=1.25)
    record.inputs["text"] = "Hello"
    record.effects.append(("reply", Message("Hello")))
    record.warnings.append("odd")
    assert record.element().to_json() == {
        "path": "steps[0]",
        "type": "reply",
        "milliseconds": 250.0,
        "inputs": {"text": "Hello"},
        "result": None,
        "error": None,
        "effects": [{"kind": "reply", "content": "Hello", "private": False}],
        "warnings": ["odd"],
    }


def test_record_that_never_ended_took_no_time() -> None:
    assert Record("", "defer", started=5.0).element().milliseconds == 0


def test_secrets_are_masked_before_texts_are_cut() -> None:
    text = "x" * 470 + " " + TOKEN
    shown = presentable({"text": text, "token": "abc", "list": [TOKEN]})
    assert "GxYzAb" not in json.dumps(shown)
    assert shown["token"] == "••••"
    assert len(presentable("y" * 9_000)) == 500


def test_what_cannot_be_stored_is_replaced() -> None:
    assert presentable("a\0b\ud800c") == "a\ufffdb\ufffdc"


def test_long_lists_and_groups_are_cut() -> None:
    assert len(presentable(list(range(500)))) == 80
    assert len(presentable({str(number): number for number in range(500)})) == 80


def test_messages_are_shown_without_what_they_do_not_have() -> None:
    message = Message("a", (Embed(title="b", colour=0, fields=(EmbedField("c", "d"),)),))
    assert presentable(message) == {
        "content": "a",
        "embeds": [{"title": "b", "colour": 0, "fields": [{"name": "c", "value": "d", "inline": False}]}],
        "private": False,
    }


def test_classes_and_nothing_pass() -> None:
    assert presentable(None) is None
    assert presentable((1, 2)) == [1, 2]


def test_error_is_described_with_its_place() -> None:
    error = TemplateFailedError(reason=f"odd {TOKEN}").at("text")
    error.line = 3
    described = describe_error(error, "steps[1]")
    assert described.path == "steps[1].params.text"
    assert described.line == 3
    assert "GxYzAb" not in described.message
    assert described.to_json()["remedy"].startswith("Try the command")


def test_error_of_the_whole_step_has_the_path_of_the_step() -> None:
    assert describe_error(EmptyOutputError(), "steps[1]").path == "steps[1]"


def test_cause_stays_out_of_the_json() -> None:
    cause = ValueError(datetime.now(UTC))
    error = describe_error(EmptyOutputError(), "", cause=cause)
    assert error.cause is cause
    assert "cause" not in error.to_json()
    assert error == RunError(error.code, error.message, "", remedy=error.remedy)


def test_data_of_unusual_types_is_shown_like_usual_one() -> None:
    unusual = MappingProxyType({"numbers": range(3), "password": "x", "key": Secret("s"), "flag": True})
    assert presentable(unusual) == {"numbers": [0, 1, 2], "password": "••••", "key": "••••", "flag": True}
