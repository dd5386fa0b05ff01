import pytest

from socialcube.engine.errors import TemplateSyntaxError
from socialcube.engine.template.parsing import parse

NAMES = {"user", "options"}


def error_of(source: str) -> TemplateSyntaxError:
    with pytest.raises(TemplateSyntaxError) as caught:
        parse(source, NAMES)
    return caught.value


def test_syntax_error_names_line_and_column() -> None:
    error = error_of("Hello\nyou {{ user. }}!\n\n")
    assert (error.line, error.column) == (2, 8)
    assert "expected an identifier" in error.message


def test_missing_end_is_reported_at_the_end() -> None:
    error = error_of("a\n{% if user %}b")
    assert (error.line, error.column) == (2, 15)


def test_unknown_filter_is_reported_in_its_place() -> None:
    error = error_of("{{ user.name }} {{ user.name | shout }}")
    assert "no filter called `shout`" in error.message
    assert error.column == 32


def test_unknown_name_is_reported_with_those_that_exist() -> None:
    error = error_of("{{ usr.name }}")
    assert "nothing called `usr`; there are options, user" in error.message
    assert (error.line, error.column) == (1, 4)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% assign x = user.name %}{{ x }}", "ann"),
        (
            "{% for i in options.all %}{{ forloop.index }}{% assign s = s | append: i %}{% endfor %}{{ s }}",
            "12xy",
        ),
        ("{% capture c %}a{% endcapture %}{{ c }}", "a"),
    ],
)
def test_names_of_the_template_itself_are_known(source: str, text: str) -> None:
    assert parse(source, NAMES).render(user={"name": "ann"}, options={"all": ["x", "y"]}) == text


def test_without_names_anything_goes() -> None:
    assert parse("{{ whatever }}", ()).render(whatever="w") == "w"


@pytest.mark.parametrize(
    "source",
    [
        "{{ user" + "[user" * 98 + "]" * 98 + " }}",
        "{% if " + "user and " * 50 + "user %}{% endif %}",
        "{% if user %}" * 40 + "{% endif %}" * 40,
        "{{ (1..(1..(1..2))) }}",
        "{{ " + "9" * 490 + " }}",
        "{{ user | }}",
        "{{ 'a }}",
        "{% for %}{% endfor %}",
        "{% if ( %}{% endif %}",
        "{% if a === b %}{% endif %}",
        "{% assign %}",
        "{% case %}x{% endcase %}",
        "{% endif %}",
    ],
)
def test_odd_sources_parse_or_are_refused_in_our_words(source: str) -> None:
    failure = TemplateSyntaxError("none", 1, 1)
    try:
        parse(source, ())
    except TemplateSyntaxError as error:
        failure = error
    assert failure.line == 1
    assert failure.column >= 1


@pytest.mark.parametrize("word", ["limit", "for", "blank", "in", "required"])
def test_words_of_liquid_can_be_names_in_brackets(word: str) -> None:
    assert (
        f"`{word}` is a word of Liquid; after a name write ['{word}']"
        in error_of("{{ options." + word + " }}").message
    )
    parse("{{ options['" + word + "'] }}", NAMES)
