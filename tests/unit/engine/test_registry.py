import json
from typing import Any

import pytest

from socialcube.engine.action import Action
from socialcube.engine.budget import Limits
from socialcube.engine.registry import ACTIONS, find_action


def test_actions_are_found_in_their_files() -> None:
    assert set(ACTIONS) >= {"if", "reply", "set_variable"}
    assert find_action("reply") is ACTIONS["reply"]
    assert find_action("nope") is None


@pytest.mark.parametrize("action", ACTIONS.values(), ids=list(ACTIONS))
def test_action_tells_all_that_form_and_reference_need(action: Action[Any]) -> None:
    assert action.label
    assert action.description.endswith(".")
    assert action.cost.keys() <= set(Limits.__slots__)
    schema = action.json_schema()
    json.dumps(schema)
    for properties in [
        schema["properties"],
        *(part.get("properties", {}) for part in schema.get("$defs", {}).values()),
    ]:
        for name, described in properties.items():
            assert described["title"], name
            assert described["description"], name


def test_registry_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ACTIONS["x"] = ACTIONS["reply"]  # type: ignore[index] # that it cannot is the test
