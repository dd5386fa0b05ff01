from typing import Any

import pytest

from socialcube.engine.ports import Embed, EmbedField
from socialcube.engine.validate import check
from tests.factories.engine import make_document, make_reply, make_step
from tests.fakes.engine import FakeResponder
from tests.unit.engine.conftest import Run


def embed_reply(**embed: Any) -> dict[str, Any]:
    return make_step("reply", embed=embed)


async def test_every_part_of_an_embed_is_filled_in(run_steps: Run, responder: FakeResponder) -> None:
    await run_steps(
        embed_reply(
            title="T {{ user.name }}",
            description="D {{ user.name }}",
            url="https://example.org/{{ user.id }}",
            colour="#ff8000",
            author="A {{ user.name }}",
            footer="F {{ user.name }}",
            image_url="https://example.org/{{ user.id }}.png",
            thumbnail_url="http://example.org/small.png",
            fields=[{"name": "N {{ user.name }}", "value": "V {{ user.name }}", "inline": True}],
        )
    )
    assert responder.replies[0].embeds == (
        Embed(
            title="T ann",
            description="D ann",
            url="https://example.org/1",
            colour=0xFF8000,
            author="A ann",
            footer="F ann",
            image_url="https://example.org/1.png",
            thumbnail_url="http://example.org/small.png",
            fields=(EmbedField("N ann", "V ann", inline=True),),
        ),
    )


@pytest.mark.parametrize(
    ("colour", "expected"), [("#000000", 0), ("#FFFFFF", 0xFFFFFF), (5, 5), (None, None)]
)
async def test_colour_is_a_number_or_hex(
    run_steps: Run, responder: FakeResponder, colour: object, expected: int | None
) -> None:
    await run_steps(embed_reply(title="a", colour=colour))
    assert responder.replies[0].embeds[0].colour == expected


@pytest.mark.parametrize("colour", ["red", "#12345", "#gggggg", "123456", True, 16_777_216])
def test_other_colours_are_refused(colour: object) -> None:
    (problem,) = check(make_document(embed_reply(title="a", colour=colour)))
    assert problem.path == "steps[0].params.embed.colour"


@pytest.mark.parametrize("colour", ["red", "#zzz", "#gggggg", "#+12345", "#12345\n"])
def test_a_wrong_colour_is_told_how_colours_are_written(colour: str) -> None:
    (problem,) = check(make_document(embed_reply(title="a", colour=colour)))
    assert (problem.code, "#rrggbb" in problem.message) == ("bad_value", True)


@pytest.mark.parametrize(
    ("embed", "path"),
    [
        ({"title": "x" * 257}, "title"),
        ({"description": "x" * 4_097}, "description"),
        ({"title": "a", "url": "x" * 2_049}, "url"),
        ({"author": "x" * 257}, "author"),
        ({"footer": "x" * 2_049}, "footer"),
        ({"fields": [{"name": "x" * 257, "value": "a"}]}, "fields[0].name"),
        ({"fields": [{"name": "a", "value": "x" * 1_025}]}, "fields[0].value"),
        ({"title": "a", "fields": [{"name": "a", "value": "b"}] * 26}, "fields"),
    ],
)
def test_limits_of_discord_are_checked_before_any_run(embed: dict[str, Any], path: str) -> None:
    (problem,) = check(make_document(embed_reply(**embed)))
    assert problem.path == f"steps[0].params.embed.{path}"
    assert problem.code in {"text_too_long", "too_many"}


def test_texts_of_an_embed_are_summed_before_any_run() -> None:
    (problem,) = check(make_document(embed_reply(description="x" * 4_000, footer="y" * 2_001)))
    assert (problem.path, problem.code) == ("steps[0].params.embed", "embed_too_long")
    assert "6,001" in problem.message


@pytest.mark.parametrize("embed", [{}, {"colour": 5}, {"title": "  "}, {"url": "https://example.org"}])
def test_embed_that_shows_nothing_is_refused(embed: dict[str, Any]) -> None:
    (problem,) = check(make_document(embed_reply(**embed)))
    assert problem.code == "embed_empty"


@pytest.mark.parametrize(
    ("step", "place", "code"),
    [
        (make_reply("{{ options.text }}"), "text", "output_too_long"),
        (make_reply("{{ options.none }}"), "text", "output_empty"),
        (make_reply("{{ options.white }}"), "text", "output_empty"),
        (embed_reply(title="{{ options.text }}"), "embed.title", "output_too_long"),
        (embed_reply(title="{{ options.none }}"), "embed", "output_empty"),
        (
            embed_reply(fields=[{"name": "a", "value": "b"}, {"name": "{{ options.white }}", "value": "b"}]),
            "embed.fields[1].name",
            "output_empty",
        ),
        (
            embed_reply(fields=[{"name": "a", "value": "{{ options.none }}"}]),
            "embed.fields[0].value",
            "output_empty",
        ),
        (
            embed_reply(description="{{ options.long }}", footer="{{ options.text }}", author="a"),
            "embed.footer",
            None,
        ),
        (embed_reply(title="a", url="{{ options.white }}x"), "embed.url", "bad_url"),
        (embed_reply(title="a", url="javascript:alert(1)"), "embed.url", "bad_url"),
        (embed_reply(title="a", image_url="http://"), "embed.image_url", "bad_url"),
        (embed_reply(title="a", image_url="https://[x"), "embed.image_url", "bad_url"),
        (embed_reply(title="a", thumbnail_url="https://a b"), "embed.thumbnail_url", "bad_url"),
    ],
)
async def test_what_comes_out_wrong_is_named(
    run_steps: Run, responder: FakeResponder, step: dict[str, Any], place: str, code: str | None
) -> None:
    options = {"text": "x" * 2_049, "none": None, "white": " \n ", "long": "y" * 4_000}
    result = await run_steps(step, facts={"options": options})
    assert result.error is not None
    assert result.error.path == f"steps[0].params.{place}"
    assert result.error.code == (code or "output_too_long")
    assert [reply.private for reply in responder.replies] == [True]


async def test_embed_that_comes_out_too_long_is_refused(run_steps: Run) -> None:
    step = embed_reply(description="{{ options.long }}", footer="{{ options.more }}")
    result = await run_steps(step, facts={"options": {"long": "y" * 4_000, "more": "z" * 2_001}})
    assert result.error is not None
    assert (result.error.code, result.error.path) == ("embed_too_long", "steps[0].params.embed")
    assert "6,001" in result.error.message


async def test_picture_alone_is_an_embed(run_steps: Run, responder: FakeResponder) -> None:
    result = await run_steps(embed_reply(image_url="https://example.org/a.png"))
    assert result.outcome == "ok"
    assert responder.replies[0].embeds[0].image_url == "https://example.org/a.png"
