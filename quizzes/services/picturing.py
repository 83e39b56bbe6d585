"""Pictures that marketers upload, kept in the database beside the drafts that name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.db import transaction

from ..models import Picture
from ..pictures import FOLDER, MAX_PIXELS, NAME, processed
from ..problems import Problem

BRANDS = "art"
DRAWN = frozenset({".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif"})


@transaction.atomic
def take_picture(content: bytes, *, side: int, by: str, most_pixels: int = MAX_PIXELS) -> Picture:
    """Keeps the picture, once however often it is uploaded. Raises PictureError."""
    made = processed(content, side=side, most_pixels=most_pixels)
    values = {"data": made.data, "width": made.width, "height": made.height, "uploaded_by": by}
    return Picture.objects.get_or_create(name=made.name, defaults=values)[0]


def picture_data(name: str) -> bytes | None:
    data = Picture.objects.filter(name=name).values_list("data", flat=True).first() if NAME.match(name) else None
    return None if data is None else bytes(data)


def pictures_kept(*, most: int) -> list[str]:
    """The paths of the latest uploads."""
    names = Picture.objects.order_by("-uploaded_at", "name").values_list("name", flat=True)[:most]
    return [f"{FOLDER}{name}" for name in names]


def pictures_of_brand() -> list[str]:
    """The paths of what the brand has drawn, which is served as static files."""
    found = set()
    for root in map(Path, finders.find(BRANDS, find_all=True)):
        files = (each for each in root.rglob("*") if each.suffix in DRAWN)
        found |= {f"{BRANDS}/{each.relative_to(root).as_posix()}" for each in files}
    return sorted(found)


def missing(paths: Iterable[str]) -> set[str]:
    """Of these paths, those where there is nothing to show: neither an upload nor a static file."""
    wanted = set(paths)
    names = [path.removeprefix(FOLDER) for path in wanted if path.startswith(FOLDER)]
    kept = {f"{FOLDER}{name}" for name in Picture.objects.filter(name__in=names).values_list("name", flat=True)}
    return {path for path in wanted - kept if path.startswith(FOLDER) or finders.find(path) is None}


def problems_with_pictures(raw: dict[str, Any]) -> list[Problem]:
    """A picture that isn't there would be a hole in the page. `raw` is a definition that compiles."""
    places = list(places_of_pictures(raw))
    gone = missing(path for _place, _key, path in places)
    return [
        Problem(place, "missing_picture", key, f"there is no picture “{path}”")
        for place, key, path in places
        if path in gone
    ]


def places_of_pictures(raw: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(place, key, path) of every picture that a definition names."""
    if raw.get("cover"):
        yield "cover", "", raw["cover"]
    for index, question in enumerate(raw.get("questions") or ()):
        for number, choice in enumerate(question.get("choices") or ()):
            if choice.get("image"):
                yield f"questions[{index}].choices[{number}].image", question["key"], choice["image"]
    for index, outcome in enumerate(raw.get("outcomes") or ()):
        if outcome.get("art"):
            yield f"outcomes[{index}].art", outcome["key"], outcome["art"]
