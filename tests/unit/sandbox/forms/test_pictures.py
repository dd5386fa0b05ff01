import base64

import pytest

from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.forms.fields import read
from socialcube.sandbox.forms.pictures import picture
from socialcube.sandbox.world.profiles import Picture

BEGINNINGS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF89a",
    "image/webp": b"RIFF",
}


def uri(content: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize(("media_type", "beginning"), BEGINNINGS.items())
def test_picture_is_read(media_type: str, beginning: bytes) -> None:
    content = beginning + b"rest"

    assert read(picture, uri(content, media_type)) == Picture(media_type, content)


@pytest.mark.parametrize(
    "value",
    [
        "",
        5,
        "x",
        uri(b"GIF89a", "image/png"),
        uri(b"<svg/>", "image/svg+xml"),
        "data:image/png;base64,A",
        "data:image/png,raw",
    ],
)
def test_what_is_no_picture_is_refused(value: object) -> None:
    with pytest.raises(InvalidFormError) as refused:
        read(picture, value)
    assert refused.value.errors["_errors"][0]["code"] == "IMAGE_INVALID"  # type: ignore[index] # nested as Discord has it


def test_picture_over_ten_mebibytes_is_refused() -> None:
    with pytest.raises(InvalidFormError) as refused:
        read(picture, uri(BEGINNINGS["image/png"] + bytes(10 * 1024 * 1024)))
    assert refused.value.errors["_errors"][0]["code"] == "BINARY_TYPE_MAX_SIZE"  # type: ignore[index] # nested as Discord has it
