"""Bytes that claim to be a picture: bombs, other kinds, hidden data, and every mode a camera or a shop writes."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from pipelines.pictures.decoding import THUMBNAIL_EDGE, WORKING_EDGE, decoded, thumbnail
from pipelines.pictures.refused import NotTaken
from tests.pictures.tiny_clip import as_bytes, picture

PIXELS = 4_000_000


def kind_of(content: bytes) -> str:
    with pytest.raises(NotTaken) as caught:
        decoded(content, PIXELS)
    return caught.value.kind


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it has so many pixels, in a few hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P"])
def test_every_kind_becomes_a_small_rgb_picture(kind: str, mode: str) -> None:
    source = picture("red", size=(900, 300)).convert(mode)
    made = decoded(as_bytes(source if kind != "JPEG" or mode in ("RGB", "L") else source.convert("RGB"), kind), PIXELS)
    assert made.mode == "RGB"
    assert max(made.size) <= WORKING_EDGE
    assert made.width / made.height == pytest.approx(3, rel=0.02)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA"), ("JPEG", "CMYK"), ("PNG", "I;16")]
)
def test_modes_that_are_not_plain(kind: str, mode: str) -> None:
    assert (
        decoded(
            as_bytes(picture("green").convert("RGB").convert(mode if mode != "I;16" else "I;16"), kind), PIXELS
        ).mode
        == "RGB"
    )


def test_what_is_transparent_lies_on_white() -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    assert np.asarray(decoded(as_bytes(clear, "PNG"), PIXELS)).min() == 255


@pytest.mark.parametrize("size", [(60_000, 60_000), (2_147_483_647, 1), (3000, 3000)])
def test_a_bomb_is_refused_before_a_pixel_is_decoded(size: tuple[int, int]) -> None:
    assert kind_of(bomb(*size)) == "large"


def test_a_picture_cut_off_or_altered_is_damaged() -> None:
    content = as_bytes(picture("blue"))
    assert kind_of(content[: len(content) // 2]) == "damaged"
    assert kind_of(b"") == "damaged"
    assert kind_of(bomb(100, 100)) == "damaged"


@pytest.mark.parametrize("kind", ["TIFF", "ICO", "PPM", "EPS", "PDF"])
def test_other_kinds_are_not_tried(kind: str) -> None:
    assert kind_of(as_bytes(picture("red").convert("RGB"), kind)) == "damaged"


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"GIF89a", b"\xff\xd8\xff"]
)
def test_what_is_no_picture(content: bytes) -> None:
    assert kind_of(content) == "damaged"


def test_a_thumbnail_holds_nothing_but_pixels() -> None:
    marks = Image.Exif()
    marks[0x010E] = "SECRET place"
    marks[0x0112] = 6
    source = as_bytes(picture("yellow", size=(400, 200)), exif=marks.tobytes(), comment=b"SECRET comment")
    assert b"SECRET" in source
    small = thumbnail(decoded(source, PIXELS))
    assert b"SECRET" not in small
    with Image.open(io.BytesIO(small)) as again:
        assert again.format == "JPEG"
        assert not again.getexif()
        # Turned upright as the camera said.
        assert again.height > again.width
        assert max(again.size) <= THUMBNAIL_EDGE


def test_noise_never_crashes_a_decoder() -> None:
    random = np.random.default_rng(0)
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP"):
        sound = as_bytes(picture("red", size=(40, 30)), kind)
        for _ in range(60):
            content = bytearray(sound)
            for place in random.integers(0, len(content), 4):
                content[place] = int(random.integers(0, 256))
            try:
                assert max(decoded(bytes(content), PIXELS).size) <= WORKING_EDGE
            except NotTaken as error:
                assert error.kind in ("damaged", "large")


@pytest.mark.parametrize("scans", [60, 200])
def test_a_jpeg_of_very_many_scans_is_not_decoded(scans: int) -> None:
    out = io.BytesIO()
    Image.new("L", (640, 480), 128).save(out, "JPEG", progressive=True)
    plain = out.getvalue()
    last = plain.rindex(b"\xff\xda")
    assert decoded(plain, PIXELS).size == (448, 336)
    content = plain[:last] + plain[last:-2] * scans + plain[-2:]
    if scans == 60:
        assert decoded(content, PIXELS).size == (448, 336)
    else:
        assert kind_of(content) == "damaged"
