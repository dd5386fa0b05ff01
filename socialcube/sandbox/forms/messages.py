"""Messages as applications send them, turned into drafts and changes."""

from collections.abc import Sequence
from typing import Any, Final

from socialcube.sandbox.forms import components, fields
from socialcube.sandbox.forms.embeds import embeds
from socialcube.sandbox.forms.fields import Field
from socialcube.sandbox.forms.report import Report
from socialcube.sandbox.world.drafts import AllowedMentions, Draft
from socialcube.sandbox.world.records import EPHEMERAL

# Discord docs, "Message" > "Message Flags": what an application may set itself.
SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, LAYOUT = 1 << 2, 1 << 12, 1 << 15
_POSTABLE: Final = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | LAYOUT
_MENTION_KINDS: Final = ("users", "roles", "everyone")
_LONGEST_NONCE: Final = 25


def _mention_kind(value: object, report: Report) -> str | None:
    if value not in _MENTION_KINDS:
        report.add("BASE_TYPE_CHOICES", "Value must be one of ('roles', 'users', 'everyone').")
        return None
    return str(value)


def _nonce(value: object, report: Report) -> str | int | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63:
        return value
    if isinstance(value, str) and len(value) <= _LONGEST_NONCE:
        return value
    report.add("NONCE_TYPE_INVALID", "Nonce must be an integer or a string of 25 or fewer characters.")
    return None


_COMMON: Final[dict[str, Field]] = {
    "content": fields.text(most=2000),
    "embeds": embeds,
    "flags": fields.integer(),
    "allowed_mentions": fields.record(
        {
            "parse": fields.array(_mention_kind, most=3),
            "users": fields.array(fields.snowflake, most=100),
            "roles": fields.array(fields.snowflake, most=100),
            "replied_user": fields.boolean,
        }
    ),
    "attachments": fields.array(
        fields.record(
            {"id": fields.snowflake, "filename": fields.text(most=260), "description": fields.text(most=1024)}
        ),
        most=10,
    ),
}
_NEW: Final[dict[str, Field]] = {
    **_COMMON,
    "tts": fields.boolean,
    "nonce": _nonce,
    "enforce_nonce": fields.boolean,
    "message_reference": fields.record(
        {"message_id": fields.snowflake, "fail_if_not_exists": fields.boolean}
    ),
}


def draft(body: object, files: Sequence[dict[str, Any]] = (), *, allowed_flags: int = _POSTABLE) -> Draft:
    """Read the body of Create Message, of a webhook message or of a callback's `data`.

    Args:
        body: parsed JSON.
        files: attachment objects of the files that came along.
        allowed_flags: flags that count; others are ignored as Discord does.

    Raises:
        InvalidFormError: something breaks Discord's rules.
    """
    form = fields.read(_form(body, _NEW), body)
    return Draft(
        content=form.get("content", "").strip(),
        embeds=form.get("embeds", []),
        components=form.get("components", []),
        attachments=_described(files, form.get("attachments", [])),
        flags=form.get("flags", 0) & allowed_flags,
        tts=form.get("tts", False),
        mentions=_allowed(form.get("allowed_mentions")),
        reply_to=form.get("message_reference", {}).get("message_id"),
        nonce=form.get("nonce"),
        enforce_nonce=form.get("enforce_nonce", False),
    )


def answer(body: object, files: Sequence[dict[str, Any]] = ()) -> Draft:
    """Read a message that answers an interaction; it may be ephemeral."""
    return draft(body, files, allowed_flags=_POSTABLE | EPHEMERAL)


def changes(body: object, files: Sequence[dict[str, Any]], kept: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Read the body of Edit Message: the fields to change, by the record's attribute names.

    Args:
        body: parsed JSON; fields that are absent stay as they are, null empties them.
        files: attachment objects of new files.
        kept: the message's present attachments.
    """
    form = fields.read(_form(body, _COMMON), body)
    present = body if isinstance(body, dict) else {}
    result: dict[str, Any] = {}
    if "content" in present:
        result["content"] = form.get("content", "").strip()
    for name in ("embeds", "components"):
        if name in present:
            result[name] = form.get(name, [])
    if files or "attachments" in present:
        listed = form.get("attachments", [{"id": int(item["id"])} for item in kept])
        chosen = {str(item.get("id")) for item in listed}
        result["attachments"] = [item for item in kept if item["id"] in chosen] + _described(files, listed)
    return result


def _form(body: object, known: dict[str, Field]) -> Field:
    """Give the form for a body, whose flags decide which components it may have."""
    flags = body.get("flags") if isinstance(body, dict) else None
    new_style = isinstance(flags, int) and bool(flags & LAYOUT)
    return fields.record({**known, "components": components.layout if new_style else components.rows})


def _described(files: Sequence[dict[str, Any]], listed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the descriptions listed for new files, which go by their number, onto the files."""
    described = []
    for number, file in enumerate(files):
        texts = [item["description"] for item in listed if item.get("id") == number and "description" in item]
        described.append(file | {"description": texts[0]} if texts else file)
    return described


def _allowed(form: dict[str, Any] | None) -> AllowedMentions:
    if form is None:
        return AllowedMentions()
    return AllowedMentions(
        frozenset(form.get("parse", ())), frozenset(form.get("users", ())), frozenset(form.get("roles", ()))
    )
