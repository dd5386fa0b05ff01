"""Fills a draft's texts with sample values, so that a preview needs no run.

Only plain names like `{{ options.plant }}` are filled in; what computes stays as it is written. Running
templates is the worker's business: they are strangers' programs.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_PLAIN: Final = re.compile(r"\{\{-?\s*([a-z_]+(?:\.[a-z0-9_'-]+){0,3})\s*(?:\|\s*default\s*:[^|{}]*)?-?\}\}")
_MARKUP: Final = re.compile(r"\{[{%]")
_EMBED_TEXTS: Final = ("title", "description", "url", "author", "footer", "image_url", "thumbnail_url")
_ID: Final = "1"
_SAMPLES: Final[Mapping[str, object]] = {
    "string": "some text",
    "integer": 3,
    "number": 2.5,
    "boolean": "true",
}


def sample_names(document: Mapping[str, Any], *, person: str, bot: str, server: str) -> dict[str, str]:
    """Give what plain names stand for in a preview.

    Args:
        document: the raw draft; its options and variables are named too.
        person: what the one who looks is called.
        bot: what the bot is called.
        server: what the server is called.
    """
    names = {
        **_thing("user", person, "<@1>"),
        "user.display_name": person,
        **_thing("bot", bot, "<@2>"),
        **_thing("server", server, ""),
        **_thing("channel", "general", "<#3>"),
    }
    for option in document.get("options", ()):
        names |= _sample_option(option)
    for name, value in _variables(document.get("steps")):
        filled = fill(value, names)
        if not _MARKUP.search(filled):
            names[f"vars.{name}"] = filled
    return names


def fill(text: object, names: Mapping[str, str]) -> str:
    """Put sample values in the place of plain names."""
    return _PLAIN.sub(lambda found: names.get(found[1], found[0]), str(text or ""))


def preview_messages(document: Mapping[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give every message that the steps may send, by the place of its step, texts filled with samples."""
    return [
        {"path": path, **_message(params, names)}
        for path, params in _messages(document.get("steps"), "steps")
    ]


def insertable(document: Mapping[str, Any]) -> list[str]:
    """List the names that an author may insert into texts."""
    things = {"user", "channel", "role"}
    options = [
        f"options.{option['name']}.name" if option.get("type") in things else f"options.{option['name']}"
        for option in document.get("options", ())
    ]
    variables = [f"vars.{name}" for name, _ in _variables(document.get("steps"))]
    return [
        *options,
        *dict.fromkeys(variables),
        "user.display_name",
        "user.mention",
        "server.name",
        "channel.name",
    ]


def _thing(name: str, called: str, mention: str) -> dict[str, str]:
    return {f"{name}.id": _ID, f"{name}.name": called, f"{name}.mention": mention, name: called}


def _sample_option(option: Mapping[str, Any]) -> dict[str, str]:
    base, kind = f"options.{option.get('name')}", option.get("type")
    if kind in {"user", "channel", "role"}:
        signs = {"user": "<@1>", "channel": "<#3>", "role": "<@&4>"}
        return _thing(base, {"user": "Sam", "channel": "general", "role": "Member"}[kind], signs[kind])
    choices = option.get("choices") or ()
    value = choices[0].get("value") if choices else option.get("min_value")
    return {base: str(_SAMPLES.get(str(kind), "") if value is None else value)}


def _variables(steps: Any) -> Iterator[tuple[str, str]]:
    for _, step in _walk(steps, "steps"):
        params = step.get("params")
        if step.get("type") == "set_variable" and isinstance(params, dict) and params.get("name"):
            yield str(params.get("name")), str(params.get("value", ""))


def _messages(steps: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, step in _walk(steps, path):
        params = step.get("params")
        if isinstance(params, dict) and ("text" in params or isinstance(params.get("embed"), dict)):
            yield place, params


def _walk(steps: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        if isinstance(step, dict):
            yield f"{path}[{index}]", step
            for key, value in step.items():
                if isinstance(value, list):
                    yield from _walk(value, f"{path}[{index}].{key}")


def _message(params: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    embed = params.get("embed")
    embeds = [_embed(embed, names)] if isinstance(embed, dict) else []
    return {
        "content": fill(params.get("text"), names),
        "embeds": embeds,
        "private": params.get("private") is True,
    }


def _embed(embed: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    fields = embed.get("fields")
    return {
        **{key: fill(embed.get(key), names) for key in _EMBED_TEXTS},
        "colour": embed.get("colour"),
        "fields": [
            {
                "name": fill(field.get("name"), names),
                "value": fill(field.get("value"), names),
                "inline": field.get("inline") is True,
            }
            for field in (fields if isinstance(fields, list) else ())
            if isinstance(field, dict)
        ],
    }
