"""The time zones that people can be in: which there are, and how they read."""

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


@cache
def known() -> frozenset[str]:
    """Those of places, such as Europe/Berlin: neither offsets nor what only systems call by its name."""
    return frozenset(each for each in available_timezones() if each.partition("/")[0] in REGIONS)


@cache
def by_region() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Region → its places in alphabetical order, each with its name and how it reads."""
    return {region: tuple(sorted(_of(region), key=lambda each: each[1])) for region in REGIONS}


def place_in(name: str) -> str:
    """ "Berlin", "Buenos Aires, Argentina"."""
    return ", ".join(reversed([part.replace("_", " ") for part in name.split("/")[1:]])) or name


def _of(region: str) -> list[tuple[str, str]]:
    return [(each, place_in(each)) for each in known() if each.startswith(f"{region}/")]
