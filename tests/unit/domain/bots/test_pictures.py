import struct

import pytest

from socialcube.domain.bots.errors import InvalidPictureError
from socialcube.domain.bots.policy import MAX_PICTURE_BYTES, check_picture
from tests.factories.pictures import make_gif, make_jpeg, make_png


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (make_png(128, 64), "image/png"),
        (make_gif(128, 64), "image/gif"),
        (make_jpeg(128, 64), "image/jpeg"),
        (make_png(4096, 16), "image/png"),
    ],
)
def test_a_picture_is_what_its_bytes_say(content: bytes, media_type: str) -> None:
    picture = check_picture(content)
    assert (picture.content, picture.media_type) == (content, media_type)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no PNG, JPEG or GIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG, JPEG or GIF"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "no PNG, JPEG or GIF"),
        (make_png(128, 64)[:20], "damaged"),
        (make_png(128, 64).replace(b"IHDR", b"IDAT"), "damaged"),
        (make_gif(128, 64)[:8], "damaged"),
        (make_jpeg(128, 64)[:8], "damaged"),
        (b"\xff\xd8\xff\xe0\x00\x01", "damaged"),
        (b"\xff\xd8\xff\xe0\xff\xff", "damaged"),
        (make_png(4097, 64), "4,097 by 64 pixels, which is too large"),
        (make_jpeg(64, 9000), "64 by 9,000 pixels, which is too large"),
        (make_gif(15, 64), "15 by 64 pixels, which is too small"),
        (make_png(128, 128) + bytes(MAX_PICTURE_BYTES), "1.0 MB, and 1 MB is the most"),
    ],
)
def test_what_discord_could_not_show_is_refused_with_the_reason(content: bytes, words: str) -> None:
    with pytest.raises(InvalidPictureError) as caught:
        check_picture(content)
    assert words in caught.value.message


def test_the_size_of_a_jpeg_is_found_behind_other_segments() -> None:
    filled = b"\xff\xd8" + b"\xff\xff\x01" + b"\xff\xe1" + struct.pack(">H", 11) + b"\xff\xc0 fooled"
    assert check_picture(filled + make_jpeg(300, 200)[2:]).media_type == "image/jpeg"
    with pytest.raises(InvalidPictureError):
        check_picture(filled + make_jpeg(300, 5000)[2:])
