from typing import Annotated

import pytest
from pydantic import ValidationError

from socialcube.engine.context import Context
from socialcube.engine.fields import TEMPLATE_NAMES, Fields, TemplateText, VariableName
from socialcube.engine.template import Template


class Sample(Fields):
    text: Annotated[Template, TemplateText(10)]
    name: VariableName = "a"


def test_template_is_parsed_once_while_it_is_validated() -> None:
    sample = Sample.model_validate({"text": "a {{ now }}"})
    assert isinstance(sample.text, Template)
    assert sample.text.max_output == 10


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("{{ now", "template_syntax", (1, 1)),
        ("{{ other }}", "template_syntax", (1, 4)),
        ("x" * 11, "text_too_long", (None, None)),
    ],
)
def test_broken_template_is_a_validation_error_with_its_place(
    text: str, kind: str, place: tuple[int | None, int | None]
) -> None:
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate({"text": text})
    (error,) = caught.value.errors()
    assert error["type"] == kind
    assert (error["ctx"].get("line"), error["ctx"].get("column")) == place


def test_schema_describes_templates_and_names() -> None:
    schema = Sample.model_json_schema()
    assert schema["properties"]["text"] == {
        "type": "string",
        "format": "liquid",
        "maxLength": 8000,
        "x-max-output": 10,
        "x-has-lines": False,
        "title": "Text",
    }
    assert schema["properties"]["name"]["pattern"] == "[a-z_][a-z0-9_]{0,31}"


@pytest.mark.parametrize("name", ["", "A", "1a", "a-b", "a" * 33, "a.b", "ä"])
def test_odd_names_of_variables_are_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="up to 32 small letters"):
        Sample.model_validate({"text": "", "name": name})


def test_names_for_templates_and_facts_agree() -> None:
    assert set(TEMPLATE_NAMES) == {*Context.__slots__, "now"}
