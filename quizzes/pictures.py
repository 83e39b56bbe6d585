"""What becomes of a picture that a marketer uploads: checked by decoding it, turned upright, made sRGB and small, and
written anew as WebP, so that nothing that came with it (place, camera, thumbnails, hidden code) goes on to customers.

Moving pictures become their first frame: nothing on a question's page moves by itself.
"""

from __future__ import annotations

import hashlib
import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
ACCEPTED = ".jpg,.jpeg,.png,.webp,.gif,.avif,image/jpeg,image/png,image/webp,image/gif,image/avif"
MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MIN_SIDE = 16
COVER_SIDE = 1600
CHOICE_SIDE = 960
QUALITY = 82
FOLDER = "pictures/"  # what comes before the name in a definition
NAME = re.compile(r"[0-9a-f]{64}\.webp\Z")
# Decoders meet hostile bytes; these are how they say that they can't go on.
UNREADABLE = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, RuntimeError,
    struct.error, zlib.error, AttributeError,
)  # fmt: skip
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})

Refusal = Literal["too_large", "too_many_pixels", "too_small", "vector", "heic", "unreadable"]


class PictureError(ValueError):
    """`kind` says why the picture can't be taken."""

    def __init__(self, kind: Refusal) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Processed:
    """A WebP named by its own content."""

    name: str
    data: bytes
    width: int
    height: int


def processed(content: bytes, *, side: int, most_pixels: int = MAX_PIXELS) -> Processed:
    """The picture as it is kept, at most `side` pixels wide and high. Raises PictureError."""
    if len(content) > MAX_BYTES:
        raise PictureError("too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which goes anyway
            with Image.open(BytesIO(content), formats=FORMATS) as image:
                return _made(image, side, most_pixels)
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError("too_many_pixels") from error
    except UNREADABLE as error:
        raise PictureError(_suspected(content)) from error


def _made(image: Image.Image, side: int, most_pixels: int) -> Processed:
    if image.width * image.height > most_pixels:
        raise PictureError("too_many_pixels")
    if min(image.size) < MIN_SIDE:
        raise PictureError("too_small")
    image.draft("RGB", (side, side))  # a JPEG is decoded no larger than needed
    image.load()
    profile = image.info.get("icc_profile")
    upright = _in_srgb(ImageOps.exif_transpose(image), profile)
    upright.thumbnail((side, side), Image.Resampling.LANCZOS)
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())  # the pixels and nothing else
    out = BytesIO()
    bare.save(out, "WEBP", quality=QUALITY, method=4)
    return Processed(f"{hashlib.sha256(out.getvalue()).hexdigest()}.webp", out.getvalue(), *bare.size)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB or RGBA, in the colour space that browsers expect of a picture without a profile."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode in ("P", "PA", "1"):
        image = image.convert(mode)
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            made = ImageCms.profileToProfile(image, source, target, outputMode=mode if image.mode != "L" else "RGB")
        except (ImageCms.PyCMSError, OSError):
            made = None  # a broken profile: the colours are taken as they are
        if made is not None:
            return made
    return image if image.mode == mode else image.convert(mode)


def _suspected(content: bytes) -> Refusal:
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head or head.startswith((b"<?xml", b"%pdf", b"%!ps")):
        return "vector"
    return "heic" if content[4:8] == b"ftyp" and content[8:12] in _HEIC else "unreadable"
