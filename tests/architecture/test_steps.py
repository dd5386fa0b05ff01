"""docs/reference/steps.md is what the engine does, and its examples work."""

import re
from types import MappingProxyType

import pytest

from bin.lib.step_reference import PAGE, steps_page
from bin.lib.step_words import NAMES, NOTES, OPERATORS
from socialcube.domain.commands import documents
from socialcube.engine.conditions import Operator
from socialcube.engine.dry_run import RecordingResponder
from socialcube.engine.fields import TEMPLATE_NAMES
from socialcube.engine.ports import Message
from socialcube.engine.registry import ACTIONS
from socialcube.engine.runner import run
from tests.factories.engine import make_context

TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
WHO = MappingProxyType({"id": "5", "name": "fern", "mention": "<@5>"})


def test_the_reference_is_what_the_code_says() -> None:
    assert steps_page() == TEXT, "run `make docs`"


def test_every_step_and_its_parameters_are_listed() -> None:
    for name, action in ACTIONS.items():
        section = TEXT.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert action.description in section
        named = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
        assert named == set(action.fields_model.model_fields)
        assert all(f"`{block}`" in section for block in action.blocks)


def test_the_words_are_about_things_that_exist() -> None:
    assert set(NOTES) <= set(ACTIONS)
    assert set(OPERATORS) == set(Operator)
    assert set(NAMES) == TEMPLATE_NAMES


@pytest.mark.parametrize("tag", re.findall(r"`(\w+)`", TEXT.partition("\nTags: ")[2].partition(";")[0]))
def test_a_listed_tag_is_known(tag: str) -> None:
    text = _TAGS[tag]
    assert not documents.check(_command(text))


@pytest.mark.parametrize("tag", ["include", "render", "cycle", "tablerow", "increment", "liquid"])
def test_another_tag_is_refused(tag: str) -> None:
    assert f"`{tag}`" not in TEXT
    assert documents.check(_command(f"{{% {tag} 'a' %}}"))


@pytest.mark.parametrize(
    ("index", "options", "text"),
    [
        (0, {"days": 6}, "It can wait 1 more days."),
        (0, {"days": 7}, "7 days? Water it today."),
        (2, {"total": 10.0, "people": 4}, "Everybody pays 2.5, 2.75 with a tip."),
    ],
)
async def test_an_example_answers(index: int, options: dict[str, object], text: str) -> None:
    assert (await _answer(EXAMPLES[index], options)).content == text


async def test_the_example_of_an_embed_answers() -> None:
    (embed,) = (await _answer(EXAMPLES[1], {"who": dict(WHO)})).embeds
    assert (embed.title, embed.colour) == ("fern", 0x2E8B57)
    assert [field.value for field in embed.fields] == ["<@5>", "5"]


_TAGS = MappingProxyType(
    {
        "assign": "{% assign a = 1 %}{{ user.name }}",
        "break": "{% for a in (1..2) %}{% break %}{% endfor %}",
        "capture": "{% capture a %}b{% endcapture %}",
        "case": "{% case user.name %}{% when 'a' %}b{% endcase %}",
        "comment": "a{% comment %}b{% endcomment %}",
        "continue": "{% for a in (1..2) %}{% continue %}{% endfor %}",
        "for": "{% for a in (1..2) %}{{ a }}{% endfor %}",
        "if": "{% if user.name %}a{% endif %}",
        "raw": "{% raw %}{{{% endraw %}",
        "unless": "{% unless user.name %}a{% endunless %}",
    }
)


def _command(text: str) -> dict[str, object]:
    steps = [{"id": "a", "type": "reply", "params": {"text": text}}]
    return {"schema": 1, "name": "a", "description": "A", "steps": steps}


async def _answer(source: str, options: dict[str, object]) -> Message:
    (document,) = documents.parse_yaml(source)
    program = documents.compile_document(document.to_json())[1]
    responder = RecordingResponder()
    result = await run(program, make_context(options=options), responder)
    assert result.outcome == "ok"
    (message,) = responder.messages
    return message
