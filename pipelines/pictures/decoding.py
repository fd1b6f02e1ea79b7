"""Bytes that claim to be a picture → a small RGB picture, and a thumbnail written anew from its pixels alone.

A hostile file can be a bomb (few bytes, a billion pixels), a file of another kind, or a picture with something hidden
in it. Only five decoders of Pillow's are tried, the size is looked at before a pixel is decoded, and of the file
nothing but pixels goes on: no metadata (where it was taken, with which camera), no profile, no second frame.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from pipelines.pictures.refused import NotTaken

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
WORKING_EDGE = 448
"""Longest edge kept for the model, which reads 224 or 336 pixels a side."""
THUMBNAIL_EDGE = 240
_QUALITY = 78
_SCAN, _MOST_SCANS = b"\xff\xda", 100
"""Each scan of a progressive JPEG costs a walk over all its pixels and may take a hundred bytes: of 20 MB they would
be decoded for hours. Cameras and programs write some ten."""


def decoded(content: bytes, most_pixels: int) -> Image:
    """The picture upright, RGB, no edge longer than WORKING_EDGE. Raises NotTaken (damaged, large)."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb from 89 million pixels on; our own limit comes first.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > most_pixels:
                    raise NotTaken("large")
                if content.startswith(b"\xff\xd8") and content.count(_SCAN) > _MOST_SCANS:
                    raise NotTaken("damaged")
                # A JPEG decodes at a half, a quarter or an eighth of its size in a fraction of the time.
                opened.draft("RGB", (2 * WORKING_EDGE, 2 * WORKING_EDGE))
                upright = ImageOps.exif_transpose(opened)
                upright.thumbnail((WORKING_EDGE, WORKING_EDGE))
                return _on_white(upright)
    except (NotTaken, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise NotTaken("large") from error
    except Exception as error:  # each decoder has its own: OSError, SyntaxError, ValueError, struct.error, …
        raise NotTaken("damaged") from error


def thumbnail(picture: Image) -> bytes:
    """A JPEG of at most THUMBNAIL_EDGE pixels a side, made of the pixels alone."""
    small = picture.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _on_white(picture: Image) -> Image:
    """RGB; what is transparent lies on white. A new picture, so that nothing of the file stays attached."""
    from PIL import Image

    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    made = Image.new("RGB", picture.size, "white")
    if see_through:
        layer = picture.convert("RGBA")
        made.paste(layer, mask=layer.getchannel("A"))
    else:
        made.paste(picture.convert("RGB"))
    return made
