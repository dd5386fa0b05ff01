from typing import Any

import pytest

from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms.embeds import embeds


def test_embed_is_rich_and_its_fields_are_not_inline_by_default() -> None:
    (clean,) = fields.read(embeds, [{"fields": [{"name": "a", "value": "b"}]}])

    assert clean == {"type": "rich", "fields": [{"name": "a", "value": "b", "inline": False}]}


def test_all_text_of_all_embeds_counts() -> None:
    one = {
        "title": "t" * 256,
        "description": "d" * 2000,
        "footer": {"text": "f" * 300},
        "author": {"name": "a" * 200},
        "fields": [{"name": "n" * 100, "value": "v" * 144}],
    }
    assert fields.read(embeds, [one, one])

    with pytest.raises(InvalidFormError) as refused:
        fields.read(embeds, [one, one, {"title": "x"}])
    found: Any = refused.value.errors
    assert found["_errors"][0]["code"] == "MAX_EMBED_SIZE_EXCEEDED"


@pytest.mark.parametrize(
    "value", [["text"], [None], [[]], [{"color": 1}], [{"fields": ["x"]}], [{"image": {}}]]
)
def test_what_is_no_embed_is_refused(value: list[Any]) -> None:
    with pytest.raises(InvalidFormError):
        fields.read(embeds, value)
