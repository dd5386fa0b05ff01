from typing import Any

import pytest

from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.forms import components, fields

BUTTON: dict[str, Any] = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def code_at(error: InvalidFormError, *place: str) -> str:
    found: Any = error.errors
    for part in place:
        found = found[part]
    return str(found["_errors"][0]["code"])


def test_components_are_numbered_from_one() -> None:
    clean = fields.read(components.rows, [row(BUTTON), row(BUTTON | {"custom_id": "b"})])

    numbers = [(item["id"], [part["id"] for part in item["components"]]) for item in clean]
    assert numbers == [(1, [2]), (3, [4])]


def test_doubled_custom_ids_are_refused() -> None:
    with pytest.raises(InvalidFormError) as refused:
        fields.read(components.rows, [row(BUTTON, BUTTON)])

    assert code_at(refused.value) == "COMPONENT_CUSTOM_ID_DUPLICATED"


@pytest.mark.parametrize(
    ("change", "missing"),
    [({"custom_id": None}, "custom_id"), ({"style": 5}, "url"), ({"label": None}, "label")],
)
def test_button_needs_what_its_style_needs(change: dict[str, Any], missing: str) -> None:
    with pytest.raises(InvalidFormError) as refused:
        fields.read(components.rows, [row(BUTTON | change)])

    assert code_at(refused.value, "0", "components", "0", missing) == "BUTTON_COMPONENT_REQUIRED_FIELD"


def test_more_than_five_rows_or_buttons_are_refused() -> None:
    many = [BUTTON | {"custom_id": str(number)} for number in range(6)]

    for value in ([row(part) for part in many], [row(*many)]):
        with pytest.raises(InvalidFormError):
            fields.read(components.rows, value)


def test_selects_get_discords_defaults() -> None:
    clean = fields.read(components.rows, [row({"type": 5, "custom_id": "who"})])

    assert clean[0]["components"][0]["min_values"] == clean[0]["components"][0]["max_values"] == 1


def test_section_holds_text_and_an_accessory() -> None:
    section = {"type": 9, "components": [{"type": 10, "content": "T"}], "accessory": BUTTON}

    clean = fields.read(components.layout, [{"type": 17, "components": [section]}])

    inner = clean[0]["components"][0]
    assert (inner["accessory"]["custom_id"], inner["accessory"]["id"]) == ("go", 4)
    assert clean[0]["spoiler"] is False


@pytest.mark.parametrize(
    "value", [["x"], [{"type": 1, "components": ["x"]}], [None], [{"type": [1]}], [{"type": True}]]
)
def test_what_is_no_component_is_refused(value: list[Any]) -> None:
    for form in (components.rows, components.layout, components.inputs):
        with pytest.raises(InvalidFormError):
            fields.read(form, value)


def test_text_inputs_belong_to_modals_only() -> None:
    form = [row({"type": 4, "custom_id": "name", "style": 1, "label": "Name"})]

    assert fields.read(components.inputs, form)[0]["components"][0]["label"] == "Name"
    with pytest.raises(InvalidFormError):
        fields.read(components.rows, form)
