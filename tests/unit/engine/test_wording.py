import pytest

from socialcube.engine.validate import check
from tests.factories.engine import make_document, make_if, make_reply, make_step


@pytest.mark.parametrize(
    ("step", "code", "message"),
    [
        (make_step("reply"), "message_empty", "A message needs a text, an embed, or both."),
        (make_step("reply", text=5), "wrong_type", "This must be text."),
        (make_reply("x" * 2_001), "text_too_long", "2,001 characters long before anything is filled in"),
        (make_reply(private=1), "wrong_type", "This must be true or false."),
        (make_reply(embed=[]), "wrong_type", "This must be an object."),
        (make_reply(embed={}), "embed_empty", "An embed needs a title"),
        (make_reply(embed={"title": "a", "colour": 1.5}), "wrong_type", "This must be a whole number."),
        (make_reply(embed={"title": "a", "colour": -1}), "bad_value", "This must be at least 0."),
        (make_reply(embed={"title": "a", "colour": 2**24}), "bad_value", "This must be at most 16777215."),
        (make_reply(embed={"title": "a", "fields": {}}), "wrong_type", "This must be a list."),
        (
            make_reply(embed={"fields": [{"name": "a", "value": "b"}] * 26}),
            "too_many",
            "There are 26 of these, and 25 fit.",
        ),
        (make_reply(embed={"fields": [{"name": "a"}]}), "missing", "This is required."),
        (make_step("if", conditions=[]), "too_few", "There must be at least 1."),
        (make_if("a", operator="~"), "bad_value", "This must be one of: 'equals', "),
        (
            make_step("if", match="none", conditions=[{"left": "a", "operator": "is_empty"}]),
            "bad_value",
            "'all' or 'any'",
        ),
        (make_step("set_variable", name="No", value=""), "bad_value", "A name has up to 32 small letters"),
        (make_reply(colour="red"), "unknown_field", "There is no such parameter."),
    ],
)
def test_problem_is_told_in_plain_words(step: dict[str, object], code: str, message: str) -> None:
    (problem,) = check(make_document(step))
    assert problem.code == code
    assert message in problem.message
