"""Pictures that marketers upload are made small and bare, kept once, and served for good from their own address."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zlib import crc32

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from quizzes.models import Picture, QuizVersion
from quizzes.pictures import CHOICE_SIDE, MAX_BYTES, PictureError, processed
from quizzes.services.drafting import definition_of, import_definition
from quizzes.services.picturing import take_picture
from quizzes.services.publishing import problems_of

from .builders import choice, outcome, question, quiz, text

RED, GREEN, BLUE = (220, 40, 40), (40, 160, 60), (40, 60, 200)


def drawn(width: int = 400, height: int = 300, mode: str = "RGB", colour: Any = RED) -> Image.Image:
    """Red above, blue below: one sees which way is up."""
    image = Image.new(mode, (width, height), colour)
    if mode == "RGB":
        image.paste(BLUE, (0, height // 2, width, height))
    return image


def file(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 25 for one, other in zip(pixel[:3], colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_what_cameras_and_programs_write_becomes_a_webp(kind: str) -> None:
    made = processed(file(drawn(), kind), side=CHOICE_SIDE)
    assert opened(made.data).format == "WEBP"
    assert (made.width, made.height) == (400, 300)
    assert near(opened(made.data).convert("RGB").getpixel((5, 5)), RED)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16", "RGBA"])
def test_every_way_to_store_colours_is_read(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    image = drawn(mode="RGB").convert("RGBA" if mode == "RGBA" else mode if mode not in ("I;16", "LA") else "L")
    image = image.convert(mode) if image.mode != mode else image
    content = file(image, "JPEG" if kind == "TIFF" else kind)
    assert opened(processed(content, side=200).data).size == (200, 150)


def test_sixteen_bits_of_grey_are_not_all_white() -> None:
    grey = Image.new("I;16", (64, 64), 32768)
    pixel = opened(processed(file(grey, "PNG"), side=64).data).convert("RGB").getpixel((9, 9))
    assert near(pixel, (128, 128, 128))


def test_where_it_was_taken_and_by_whom_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif[0x8825] = {1: "S", 2: (6.0, 12.0, 30.0), 3: "E", 4: (106.0, 49.0, 12.0)}  # GPS
    note = b"<x:xmpmeta>secret place</x:xmpmeta>"
    content = file(drawn(), exif=exif.tobytes(), comment=b"secret place", xmp=note)
    assert opened(content).getexif().get_ifd(0x8825), "it was there"
    made = processed(content, side=CHOICE_SIDE)
    assert not opened(made.data).getexif()
    assert all(each not in made.data for each in (b"EXIF", b"XMP ", b"ICCP", b"camera", b"secret"))


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: show it turned clockwise
    made = processed(file(drawn(), exif=exif.tobytes()), side=CHOICE_SIDE)
    assert (made.width, made.height) == (300, 400)
    upright = opened(made.data).convert("RGB")
    assert near(upright.getpixel((290, 200)), RED)
    assert near(upright.getpixel((10, 200)), BLUE)


def test_colours_of_another_profile_look_the_same_in_srgb() -> None:
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = processed(file(drawn(), icc_profile=plain, quality=95), side=CHOICE_SIDE)
    assert near(opened(made.data).convert("RGB").getpixel((5, 5)), RED)
    bent = bytearray(plain)  # the same profile with a red that is no red any more
    at = plain.index(b"rXYZ") + 4
    start = int.from_bytes(plain[at : at + 4], "big")
    bent[start + 8 : start + 20] = bytes(12)
    other = processed(file(drawn(), icc_profile=bytes(bent), quality=95), side=CHOICE_SIDE)
    assert not near(opened(other.data).convert("RGB").getpixel((5, 5)), RED)
    assert processed(file(drawn(), icc_profile=b"no profile at all"), side=64).width == 64


def test_large_pictures_become_small_and_small_ones_stay() -> None:
    made = processed(file(drawn(4000, 1000)), side=960)
    assert (made.width, made.height) == (960, 240)
    assert processed(file(drawn(120, 90)), side=960).width == 120


def test_see_through_stays_see_through() -> None:
    made = processed(file(drawn(mode="RGBA", colour=(0, 0, 0, 0)), "PNG"), side=960)
    assert opened(made.data).convert("RGBA").getpixel((5, 5))[3] == 0


def test_what_moves_becomes_its_first_picture() -> None:
    first, second = drawn(), Image.new("RGB", (400, 300), GREEN)
    made = processed(file(first, "GIF", save_all=True, append_images=[second]), side=960)
    assert getattr(opened(made.data), "n_frames", 1) == 1


def huge_png(width: int, height: int) -> bytes:
    """Says it has this size, and holds next to nothing."""
    content = bytearray(file(Image.new("1", (16, 16)), "PNG"))
    content[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    content[29:33] = crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "vector"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- x --><svg/>', "vector"),
        (b"%PDF-1.7 and so on", "vector"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"),
        (b"", "unreadable"),
        (b"GIF89a", "unreadable"),
        (b"<html>", "unreadable"),
        (file(drawn())[:700], "unreadable"),
        (file(drawn(), "TIFF"), "unreadable"),
        (huge_png(60_000, 60_000), "too_many_pixels"),
        (huge_png(9_000, 5_000), "too_many_pixels"),
        (file(drawn(10, 400)), "too_small"),
        (b"\xff\xd8" + b"\x00" * MAX_BYTES, "too_large"),
    ],
    ids=range(13),
)
def test_what_cannot_be_shown_is_refused_with_its_reason(content: bytes, kind: str) -> None:
    with pytest.raises(PictureError) as refused:
        processed(content, side=960)
    assert refused.value.kind == kind


SEEDS = [file(drawn(40, 30), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF")]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_broken_pictures_are_refused_and_never_crash(seed: bytes, hits: list[tuple[float, int]]) -> None:
    content = bytearray(seed)
    for at, value in hits:
        content[min(int(at * len(content)), len(content) - 1)] = value
    try:
        made = processed(bytes(content), side=64)
    except PictureError:
        return
    assert opened(made.data).format == "WEBP"


# ── Kept and served ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def picture(db: object) -> Picture:
    return take_picture(file(drawn()), side=960, by="mira")


def test_the_same_picture_is_kept_once(picture: Picture) -> None:
    assert take_picture(file(drawn()), side=960, by="sari").name == picture.name
    assert Picture.objects.get().uploaded_by == "mira"


def test_it_is_served_for_good_and_as_nothing_but_a_picture(picture: Picture, client: Client) -> None:
    response = client.get(f"/pictures/{picture.name}")
    assert response.content == bytes(picture.data)
    assert response["Content-Type"] == "image/webp"
    assert "immutable" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "Cookie" not in response.get("Vary", "")
    assert "Set-Cookie" not in response.headers
    assert client.head(f"/pictures/{picture.name}").content == b""
    again = client.get(f"/pictures/{picture.name}", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(f"/pictures/{picture.name}").status_code == 405


@pytest.mark.parametrize(
    "name", ["0" * 64 + ".webp", "x.webp", "..%2f..%2fsettings.py", "0" * 64 + ".webp%00", "a" * 500]
)
def test_nothing_else_is_found_there(name: str, db: object, client: Client) -> None:
    assert client.get(f"/pictures/{name}").status_code == 404


def illustrated(path: str) -> dict[str, Any]:
    choices = [choice(value, image=path, alt=text("A leaf")) for value in ("a", "b")]
    return quiz(
        question("first", "image", choices=choices),
        cover=path,
        cover_alt=text("Leaves"),
        outcomes=[outcome("plain", art=path, art_alt=text("A tree"))],
    )


def test_customers_see_uploads_wherever_a_picture_may_be(
    picture: Picture, published: Callable[..., QuizVersion], client: Client
) -> None:
    published(illustrated(f"pictures/{picture.name}"))
    url = f'src="/pictures/{picture.name}"'
    assert url in client.get("/").content.decode()
    assert url in client.get("/q/skin/").content.decode()
    first = client.post("/q/skin/")["Location"]
    assert client.get(first).content.decode().count(url) == 2
    result = client.post(first, {"answer": "a"})["Location"]
    assert url in client.get(result).content.decode()


def test_the_brands_own_art_is_shown_as_before(published: Callable[..., QuizVersion], client: Client) -> None:
    published(illustrated("art/skin/cover.svg"))
    assert 'src="/static/art/skin/cover.svg"' in client.get("/q/skin/").content.decode()


def test_a_picture_that_is_not_there_keeps_a_quiz_from_being_published(db: object) -> None:
    for path in ("art/none.svg", f"pictures/{'0' * 64}.webp"):
        found = problems_of(illustrated(path))
        assert {each.kind for each in found} == {"missing_picture"}
        assert [each.path for each in found] == [
            "cover",
            "questions[0].choices[0].image",
            "questions[0].choices[1].image",
            "outcomes[0].art",
        ]


def test_a_draft_may_still_name_a_picture_to_come(db: object) -> None:
    raw = illustrated("art/none.svg")
    assert definition_of(import_definition(raw))["cover"] == "art/none.svg"
