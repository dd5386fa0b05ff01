import json

import pytest

from socialcube.engine.spec import Document, Step, freeze, thaw
from socialcube.engine.validate import parse
from tests.factories.engine import make_document, make_if, make_reply


def test_document_gives_its_json_back_with_every_key() -> None:
    raw = make_document(make_if("a", then=[make_reply("b")], otherwise=[], on_error="continue"))
    again = parse(raw).document.to_json()
    assert again["steps"][0]["then"][0]["on_error"] == "stop"
    assert again["steps"][0]["else"] == []
    assert parse(again).document == parse(raw).document
    assert json.loads(json.dumps(again)) == again


def test_documents_are_equal_when_they_say_the_same() -> None:
    assert Document((Step("a", "reply"),)) == Document((Step("a", "reply"),))
    assert Document((Step("a", "reply"),)) != Document((Step("b", "reply"),))


def test_frozen_data_cannot_be_changed() -> None:
    step = Step("a", "reply", params=freeze({"text": "x", "list": [{"a": 1}]}))  # type: ignore[arg-type] # a mapping
    with pytest.raises(TypeError):
        step.params["text"] = "y"  # type: ignore[index] # that it cannot is the test
    with pytest.raises(AttributeError):
        step.id = "b"  # type: ignore[misc] # that it cannot is the test
    assert thaw(step.params) == {"text": "x", "list": [{"a": 1}]}


def test_changing_the_raw_document_later_changes_nothing() -> None:
    raw = make_document(make_reply("before"))
    program = parse(raw)
    raw["steps"][0]["params"]["text"] = "after"
    assert program.document.steps[0].params["text"] == "before"
