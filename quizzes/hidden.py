"""What a link to a quiz brings along, such as where it was found: only what the definition names, nothing personal."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .parts import Definition

# What a campaign's name is made of. There is no @ in it, nor a % that could hide one.
_PLAIN = re.compile(r"[\w .+:/|-]{1,100}\Z")
_LIKE_A_PHONE = re.compile(r"\d{7,}")


def brought_along(definition: Definition, sent: Mapping[str, str], *, prefix: str = "") -> dict[str, str]:
    """The hidden fields among `sent` (there under `prefix` and their name). What could be personal is left out."""
    found = {name: sent.get(f"{prefix}{name}", "").strip() for name in definition.hidden}
    return {name: value for name, value in found.items() if _PLAIN.match(value) and not _is_like_a_phone(value)}


def _is_like_a_phone(value: str) -> bool:
    return bool(_LIKE_A_PHONE.search(re.sub(r"[\s.+:/|-]", "", value)))
