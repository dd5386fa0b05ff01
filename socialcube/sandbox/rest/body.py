"""Reads request bodies in every form that clients send: JSON, form fields, multipart with files."""

from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import BodyPartReader, MultipartReader, web

from socialcube.sandbox.attachments import Attachment
from socialcube.sandbox.errors import BodyTooLargeError, InvalidFormError, InvalidJsonError
from socialcube.sandbox.jsontext import parse

# Discord docs, "Uploading Files": 10 MiB unless the server is boosted; ten files a message.
MOST_BYTES: Final = 10 * 1024 * 1024
_MOST_FILES: Final = 10


@dataclass(slots=True)
class Body:
    """A parsed body: the JSON value (an empty object when there was none), the files, the raw bytes."""

    value: Any = field(default_factory=dict)
    files: list[Attachment] = field(default_factory=list)
    raw: bytes = b""


async def read_body(request: web.Request) -> Body:
    """Read and parse a body.

    Raises:
        InvalidJsonError: it is not JSON.
        InvalidFormError: its content type is none of the three.
        BodyTooLargeError: it has more than 10 MiB.
    """
    if not request.can_read_body:
        return Body()
    try:
        if request.content_type == "multipart/form-data":
            return await _read_multipart(request)
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise BodyTooLargeError from None
    if request.content_type == "application/json":
        return Body(parse(raw), raw=raw)
    if request.content_type == "application/x-www-form-urlencoded":
        text = _form_field(await request.post())
        return Body(parse(text), raw=text.encode())
    if not raw:
        return Body()
    message = "Expected \"Content-Type\" header to be one of {'application/json'}."
    raise InvalidFormError({"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": message}]})


async def _read_multipart(request: web.Request) -> Body:
    body = Body()
    left = MOST_BYTES
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if isinstance(part, MultipartReader):
                raise InvalidJsonError
            content = await _read_part(part, left)
            left -= len(content)
            _place(body, part, content)
    except (ValueError, AssertionError, RuntimeError):
        # aiohttp raises these for a broken boundary or part header.
        raise InvalidJsonError from None
    return body


async def _read_part(part: BodyPartReader, left: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > left:
            raise BodyTooLargeError
    return bytes(content)


def _place(body: Body, part: BodyPartReader, content: bytes) -> None:
    if part.name == "payload_json":
        body.value, body.raw = parse(content), content
    elif part.filename is not None and len(body.files) < _MOST_FILES:
        kind = part.headers.get("Content-Type", "application/octet-stream")
        body.files.append(Attachment(part.filename[:260], kind, content))


def _form_field(form: Any) -> str:
    value = form.get("payload_json", "{}")
    return value if isinstance(value, str) else "{}"
