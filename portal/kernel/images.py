"""Pictures made anew: whatever else a file carried (place, camera, comments, other files) does not survive.

Pure: bytes in, bytes out. It is heavy; doors run it through `portal.kernel.aside`.
"""

import io
import struct
from typing import Any

from portal.kernel.errors import Invalid
from portal.kernel.filetypes import TYPES, FileType
from portal.kernel.words import N_

MOST_PIXELS = 52_000_000
"""The largest pictures of ordinary phones. Checked before anything is unpacked."""
LONGEST_SIDE = 4096
QUALITY = 86
TOO_LARGE = N_("This picture has too many pixels (at most 50 million). Send a smaller one.")
_FORMATS = ("JPEG", "PNG", "WEBP")


def remade(content: bytes) -> tuple[bytes, FileType]:
    """The picture without anything but its pixels, upright, at most `LONGEST_SIDE` wide and high.

    Pictures with see-through parts become PNG, the others keep JPEG or PNG; of several frames the first stays.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid("file_pixels", TOO_LARGE)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is unpacked no larger than needed
            upright: Any = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _written(upright, str(picture.format))
    except Image.DecompressionBombError as error:
        raise Invalid("file_pixels", TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        raise Invalid(
            "file_damaged", N_("This picture cannot be read. Save it anew and send it again.")
        ) from error


def _written(picture: Any, was: str) -> tuple[bytes, FileType]:
    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    if see_through or was == "PNG":
        kind, plain = TYPES["image/png"], _bare(picture, "RGBA" if see_through else "RGB")
        options: dict[str, Any] = {"format": "PNG"}
    else:
        kind, plain = TYPES["image/jpeg"], _bare(picture, "RGB")
        options = {"format": "JPEG", "quality": QUALITY, "progressive": True}
    buffer = io.BytesIO()
    plain.save(buffer, **options)
    return buffer.getvalue(), kind


def _bare(picture: Any, mode: str) -> Any:
    """The pixels in a picture that never knew the old one's tags."""
    from PIL import Image

    pixels = picture.convert(mode)
    bare = Image.new(mode, pixels.size)
    bare.paste(pixels)
    return bare
