"""From a place in the JSON (`questions[2].choices[0].alt`) to one that survives reordering (`questions/skin/…`)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def steps(path: str) -> tuple[str | int, ...]:
    """The names and indices of a JSON path."""
    return tuple(int(index) if index else name for index, name in _STEP.findall(path))


def keyed(raw: object, path: str) -> str:
    """The path with keys in place of indices where an item has one."""
    here, named = raw, []
    for step in steps(path):
        if isinstance(step, int):
            here = here[step] if isinstance(here, list | tuple) and step < len(here) else None
            named.append(identity(here) or str(step))
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
            named.append(step)
    return "/".join(named)


def identity(item: object) -> str | None:
    """What a question, an outcome, a choice or a purpose is known by."""
    if isinstance(item, str):
        return item
    if not isinstance(item, Mapping):
        return None
    key = item.get("key", item.get("value") if "label" in item else None)
    return key if isinstance(key, str) and key else None
