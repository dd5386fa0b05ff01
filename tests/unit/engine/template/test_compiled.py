import pytest

from socialcube.engine.errors import (
    OutputTooLongError,
    TemplateFailedError,
    TemplateSyntaxError,
    TemplateTooLongError,
)
from socialcube.engine.template import Template
from tests.unit.engine.template.conftest import Render


def test_text_without_markup_stays_as_it_is(render: Render) -> None:
    assert render("Hello } {").text == "Hello } {"


def test_short_cut_and_library_give_the_same(render: Render) -> None:
    names = {"user": {"name": "ann", "id": 7}}
    plain = render("{{ user.name }}-{{ user.id }}", **names)
    filtered = render("{{ user.name | strip }}-{{ user.id | strip }}", **names)
    assert plain == filtered
    assert plain.text == "ann-7"


def test_values_are_never_read_as_templates(render: Render) -> None:
    assert render("{{ text }} {{ text | strip }}", text="{{ now }}").text == "{{ now }} {{ now }}"


def test_empty_template_writes_nothing() -> None:
    empty = Template.empty()
    assert empty.render({}, seconds=1, monotonic=lambda: 0).text == ""
    assert empty.least_output == 0


def test_compiled_template_cannot_be_changed() -> None:
    template = Template.compile("a", 10)
    with pytest.raises(AttributeError):
        template.source = "b"  # type: ignore[misc] # that it cannot is the test


@pytest.mark.parametrize("source", ["x" * 11, "x" * 6 + "{{ user }}" + "x" * 5])
def test_fixed_text_that_is_too_long_is_refused_at_once(source: str) -> None:
    with pytest.raises(
        TemplateTooLongError, match="11 characters long before anything is filled in, and at most 10"
    ):
        Template.compile(source, 10)


def test_text_in_a_branch_counts_only_when_it_is_written(render: Render) -> None:
    source = "{% if yes %}" + "x" * 11 + "{% endif %}ok"
    assert render(source, max_output=10).text == "ok"
    with pytest.raises(OutputTooLongError, match="13 characters long, and at most 10 fit"):
        render(source, max_output=10, yes=True)


def test_long_value_is_refused_through_the_short_cut_too(render: Render) -> None:
    assert render("{{ text }}", text="é" * 2_000).text == "é" * 2_000
    with pytest.raises(OutputTooLongError, match="2,001 characters"):
        render("{{ text }}", text="é" * 2_001)


def test_longest_text_of_an_embed_fits_in_any_script(render: Render) -> None:
    assert len(render("{{ text | strip }}", text="😀" * 4_096, max_output=4_096).text) == 4_096


def test_source_that_is_too_long_is_refused() -> None:
    with pytest.raises(TemplateTooLongError):
        Template.compile("{{ a }}" + " " * 8_000, 100_000)


@pytest.mark.parametrize("text", ["\ud800", "\0"])
def test_characters_that_cannot_be_stored_are_refused(text: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="cannot be stored"):
        Template.compile(f"a{text}", 10)


def test_lone_surrogate_in_a_value_fails_the_template(render: Render) -> None:
    with pytest.raises(TemplateFailedError):
        render("{{ text }}", text="\ud800")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a\n{{ 1 | divided_by: 0 }}", 2),
        ("a\nb\n{% break %}", 3),
        ("{{ 'x' | append }}", 1),
        ("\n{{ x | concat: 5 }}", 2),
        ("{% if 'a' < 1 %}{% endif %}", 1),
        ("{{ '1e99999' | ceil }}", 1),
        ("{{ 'x,y' | split: ',' | sum }}", 1),
        ("{{ '/w==' | base64_decode }}", 1),
    ],
)
def test_failing_template_names_its_line(render: Render, source: str, line: int) -> None:
    with pytest.raises(TemplateFailedError) as caught:
        render(source)
    assert caught.value.line == line
