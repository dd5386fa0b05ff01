"""Embeds as applications send them."""

from typing import Any, Final

from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms.fields import Field
from socialcube.sandbox.forms.report import Report

# Discord docs, "Message" > "Embed Limits".
_MOST_EMBEDS: Final = 10
_MOST_CHARACTERS: Final = 6000
_WHITE: Final = 0xFFFFFF
_VISIBLE: Final = ("title", "description", "fields", "author", "footer", "image", "thumbnail")

_media = fields.record({"url": fields.url}, required=("url",))
_one = fields.record(
    {
        "title": fields.text(most=256),
        "description": fields.text(most=4096),
        "url": fields.url,
        "color": fields.integer(most=_WHITE),
        "timestamp": fields.moment,
        "footer": fields.record({"text": fields.text(most=2048), "icon_url": fields.url}, required=("text",)),
        "image": _media,
        "thumbnail": _media,
        "author": fields.record(
            {"name": fields.text(least=1, most=256), "url": fields.url, "icon_url": fields.url},
            required=("name",),
        ),
        "fields": fields.array(
            fields.record(
                {
                    "name": fields.text(least=1, most=256),
                    "value": fields.text(least=1, most=1024),
                    "inline": fields.boolean,
                },
                required=("name", "value"),
            ),
            most=25,
        ),
    }
)


def _embed(value: object, report: Report) -> dict[str, Any] | None:
    clean: dict[str, Any] | None = _one(value, report)
    if clean is None:
        return None
    if report.is_clean and not any(clean.get(name) for name in _VISIBLE):
        report.at("description").add("BASE_TYPE_REQUIRED", "This field is required")
    for field in clean.get("fields") or []:
        if isinstance(field, dict):
            field.setdefault("inline", False)
    return {"type": "rich", **clean}


_list: Field = fields.array(_embed, most=_MOST_EMBEDS)


def embeds(value: object, report: Report) -> list[dict[str, Any]] | None:
    """A message's embeds, in all at most 6,000 characters."""
    clean: list[dict[str, Any]] | None = _list(value, report)
    if clean and report.is_clean and sum(_characters(embed) for embed in clean) > _MOST_CHARACTERS:
        report.add("MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {_MOST_CHARACTERS}")
    return clean


def _characters(embed: dict[str, Any]) -> int:
    counted = [embed.get("title", ""), embed.get("description", "")]
    counted += [embed.get("footer", {}).get("text", ""), embed.get("author", {}).get("name", "")]
    counted += [field["name"] + field["value"] for field in embed.get("fields", [])]
    return sum(len(part) for part in counted)
