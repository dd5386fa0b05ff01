from typing import Any

import pytest

from socialcube.engine.references import check_settings
from socialcube.engine.validate import parse


def problems(*steps: dict[str, Any]) -> list[tuple[str, int | None, int | None]]:
    program = parse({"schema": 1, "steps": list(steps)})
    found = check_settings(program, {"locale", "welcome"})
    return [(problem.path, problem.line, problem.column) for problem in found]


def reply(text: str, step_id: str = "a", **params: Any) -> dict[str, Any]:
    return {"id": step_id, "type": "reply", "params": {"text": text, **params}}


@pytest.mark.parametrize(
    "text",
    [
        "settings.other",
        "{{ settings.welcome }}{{ settings.locale | upcase }}",
        "{{ settings[options.which] }}",
        "{% for pair in settings %}{{ pair }}{% endfor %}",
        "{{ user.settings.other }}",
        "{% assign settings = user %}{{ settings.other }}",
    ],
)
def test_what_may_work_is_left_alone(text: str) -> None:
    assert problems(reply(text)) == []


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("{{ settings.other }}", 1, 4),
        ("Hi\n  {% if settings.other %}x{% endif %}", 2, 9),
        ("{{ user.name | append: settings['other'].id }}", 1, 24),
    ],
)
def test_a_setting_that_no_server_has_is_found_where_it_stands(text: str, line: int, column: int) -> None:
    assert problems(reply(text)) == [("steps[0].params.text", line, column)]


def test_every_template_of_every_step_is_looked_at() -> None:
    condition = {"left": "{{ settings.a }}", "operator": "equals", "right": "x"}
    embed = {"title": "{{ settings.c }}", "fields": [{"name": "n", "value": "{{ settings.d }}"}]}
    branch = {
        "id": "if",
        "type": "if",
        "params": {"conditions": [condition]},
        "then": [reply("{{ settings.b }}", "b", embed=embed)],
    }
    assert [path for path, _, _ in problems(branch)] == [
        "steps[0].params.conditions[0].left",
        "steps[0].then[0].params.text",
        "steps[0].then[0].params.embed.title",
        "steps[0].then[0].params.embed.fields[0].value",
    ]


def test_the_sentence_names_what_there_is() -> None:
    program = parse({"schema": 1, "steps": [reply("{{ settings.wellcome }}")]})
    [problem] = check_settings(program, {"welcome", "locale"})
    assert problem.message == "There is no setting called `wellcome`; there are locale, welcome."
