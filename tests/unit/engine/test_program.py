from typing import Any

import pytest

from tests.factories.engine import make_if, make_program, make_reply, make_step

PRIVATE = {"private": True}


def public(**more: Any) -> dict[str, Any]:
    return make_reply("public", **more)


def private(**more: Any) -> dict[str, Any]:
    return make_reply("private", **PRIVATE, **more)


def silent() -> dict[str, Any]:
    return make_step("set_variable", name="a", value="b")


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([public()], False, id="public"),
        pytest.param([private()], True, id="private"),
        pytest.param([silent(), public(), private()], False, id="only the first counts"),
        pytest.param([], True, id="nothing"),
        pytest.param([silent()], True, id="no answer"),
        pytest.param(
            [make_if("a", then=[public()], otherwise=[public()]), private()], False, id="both branches"
        ),
        pytest.param([make_if("a", then=[public()], otherwise=[private()])], True, id="branches differ"),
        pytest.param([make_if("a", then=[public()]), private()], True, id="one branch then private"),
        pytest.param([make_if("a", then=[public()]), public()], False, id="one branch then public"),
        pytest.param([make_if("a", otherwise=[private()]), public()], True, id="else private"),
        pytest.param([make_if("a", then=[make_if("b", then=[private()])]), public()], True, id="nested"),
    ],
)
def test_privacy_of_the_first_answer_is_known_before_the_run(
    steps: list[dict[str, Any]], expected: bool
) -> None:
    assert make_program(*steps).first_reply_private is expected


def test_program_cannot_be_changed() -> None:
    program = make_program(public())
    with pytest.raises(AttributeError):
        program.steps = ()  # type: ignore[misc] # that it cannot is the test
    with pytest.raises(ValueError, match="frozen"):
        program.steps[0].fields.private = True  # type: ignore[attr-defined] # a field of reply
