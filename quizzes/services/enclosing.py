"""The uploaded pictures of a quiz, enclosed in its definition file: written out with it, and taken in again.

What comes in goes the way of every upload: decoded, made small and written anew. So it may come under another name, and
the definition names it by that. Pictures of the brand's own folder are never enclosed: they belong to the site.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ..check.files import MAX_BYTES, MAX_FILE_BYTES, PICTURES
from ..check.places import steps
from ..models import Picture
from ..pictures import COVER_SIDE, FOLDER, NAME, PictureError
from ..problems import Problem
from .picturing import places_of_pictures, take_picture

MOST_PICTURES = 200
MOST_PIXELS = 4 * COVER_SIDE * COVER_SIDE
_WHY = {
    "too_large": "the picture is larger than an upload may be",
    "too_many_pixels": "the picture has more pixels than a page can show",
    "too_small": "the picture is too small",
    "vector": "a drawing in SVG or PDF cannot be enclosed",
    "heic": "HEIC cannot be read",
    "unreadable": "this is not a picture",
}


def enclosed(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The definition with the uploads it names, as far as a file has room for them."""
    names = dict.fromkeys(path.removeprefix(FOLDER) for _place, _key, path in _uploads(raw))
    found = {each.name: bytes(each.data) for each in Picture.objects.filter(name__in=names)}
    pictures: dict[str, str] = {}
    room = MAX_FILE_BYTES - MAX_BYTES
    for name in names:
        text = base64.b64encode(found.get(name, b"")).decode()
        if text and len(text) <= room and len(pictures) < MOST_PICTURES:
            pictures[f"{FOLDER}{name}"] = text
            room -= len(text) + 200
    return {**raw, PICTURES: pictures} if pictures else dict(raw)


def taken_in(raw: Mapping[str, Any], *, by: str) -> tuple[dict[str, Any], list[Problem], int]:
    """The definition alone, naming its pictures as they are kept now; what can't be taken; how many were."""
    definition = {name: each for name, each in raw.items() if name != PICTURES}
    pictures = raw.get(PICTURES) or {}
    if not isinstance(pictures, Mapping) or len(pictures) > MOST_PICTURES:
        return definition, [Problem(PICTURES, "too_many", "", f"at most {MOST_PICTURES} pictures, by their paths")], 0
    problems: list[Problem] = []
    kept: dict[str, str] = {}
    named = {path for _place, _key, path in _uploads(definition)}
    for path, text in pictures.items():
        why = "nothing in the definition shows this picture" if path not in named else ""
        try:
            if not why:
                content = base64.b64decode(text if isinstance(text, str) else "", validate=True)
                picture = take_picture(content, side=COVER_SIDE, by=by, most_pixels=MOST_PIXELS)
                kept[path] = f"{FOLDER}{picture.name}"
        except (binascii.Error, ValueError) as error:  # a PictureError is one too
            why = _WHY[error.kind] if isinstance(error, PictureError) else "a picture is written in base64"
        if why:
            problems.append(Problem(f"{PICTURES}.{path}", "bad_picture", "", why))
    return _renamed(definition, kept), problems, len(kept)


def _uploads(raw: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    try:
        places = list(places_of_pictures(dict(raw)))
    except (AttributeError, KeyError, TypeError):
        return []  # no definition at all, which the compiler says better
    return [
        each
        for each in places
        if isinstance(each[2], str) and NAME.match(each[2].removeprefix(FOLDER)) and FOLDER in each[2]
    ]


def _renamed(definition: dict[str, Any], kept: Mapping[str, str]) -> dict[str, Any]:
    places = [place for place, _key, path in _uploads(definition) if kept.get(path, path) != path]
    if not places:
        return definition
    copy = deepcopy(definition)
    for place in places:
        here: Any = copy
        *parents, last = steps(place)
        for step in parents:
            here = here[step]
        here[last] = kept[here[last]]
    return copy
