from contextlib import suppress
from time import thread_time

import pytest
from liquid.exceptions import LiquidSyntaxError

from socialcube.engine.template.lexer import tokenize


def kinds(source: str) -> list[tuple[str, str]]:
    return [(token.kind, token.value) for token in tokenize(source)]


def test_text_stays_whole() -> None:
    assert kinds("a { b } c %}") == [("content", "a { b } c %}")]


def test_output_gives_its_expression_without_blanks() -> None:
    assert kinds("a{{  x | y  }}b") == [
        ("content", "a"),
        ("output", "{{  x | y  }}"),
        ("expression", "x | y"),
        ("content", "b"),
    ]


def test_empty_output_still_has_an_expression() -> None:
    assert kinds("{{ }}") == [("output", "{{ }}"), ("expression", "")]


def test_tag_gives_name_and_arguments() -> None:
    assert kinds("{% if  x %}{%else%}") == [("tag", "if"), ("expression", "x"), ("tag", "else")]


def test_tokens_know_where_they_begin() -> None:
    source = "ab{{ x }}{%- if  y -%}"
    for token in tokenize(source):
        assert source[token.start_index :].startswith(token.value)


@pytest.mark.parametrize(
    ("source", "text"),
    [("a {{- x }} b", "a| b"), ("a {{ x -}} b", "a |b"), ("a {%- if -%} b", "a|b"), ("a {{-}} b", "a| b")],
)
def test_dashes_strip_blanks_on_their_side(source: str, text: str) -> None:
    assert "|".join(value for kind, value in kinds(source) if kind == "content") == text


def test_comments_vanish_with_what_is_in_them() -> None:
    source = (
        "a{% comment %}{{ x }}{% if %}{% comment %}{% raw %}{% endcomment %}b{% endcomment %}c{% # note %}d"
    )
    assert [value for _, value in kinds(source)] == ["a", "c", "d"]


def test_raw_text_is_not_looked_into() -> None:
    assert kinds("{% raw %}{{ x }}{% endraw -%}  b") == [("content", "{{ x }}"), ("content", "  b")]


def test_endcomment_without_a_comment_is_a_tag() -> None:
    assert kinds("{% endcomment %}") == [("tag", "endcomment")]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a {{ b", "}} is missing"),
        ("a {% b", "%} is missing"),
        ("{{ " + "x" * 501 + " }}", "too long"),
        ("{% %}", "a tag needs a name"),
        ("{% comment %} a", "never closed"),
        ("{% raw %} a", "never closed"),
        ("{{a}}" * 501, "more than 500"),
    ],
)
def test_what_cannot_be_cut_is_refused(source: str, reason: str) -> None:
    with pytest.raises(LiquidSyntaxError, match=reason):
        list(tokenize(source))


@pytest.mark.parametrize(
    "part", ["{{", "{%", "{{ ", "{% raw %}", "{% a", "{%-", "{", "{{{%", "{% comment %}", "- "]
)
def test_hostile_repetition_is_cut_in_linear_time(part: str) -> None:
    source = (part * 8_000)[:8_000]
    begin = thread_time()
    with suppress(LiquidSyntaxError):
        list(tokenize(source))
    assert thread_time() - begin < 0.1
