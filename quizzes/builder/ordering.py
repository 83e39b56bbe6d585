"""What lists in the builder do to their rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models


def moved(order: list[int], pk: int, to: str) -> list[int]:
    """`to` is up, down, or the id of the row it is to stand before ("" for the end)."""
    place = order.index(pk)
    rest = [each for each in order if each != pk]
    if to in ("up", "down"):
        place = max(0, min(len(rest), place + (1 if to == "down" else -1)))
    else:
        place = next((index for index, each in enumerate(rest) if str(each) == to), len(rest))
    return [*rest[:place], pk, *rest[place:]]


def renumber(model: Any, order: Iterable[int]) -> None:
    for position, pk in enumerate(order):
        model.objects.filter(pk=pk).update(position=position)


def after_all(rows: models.QuerySet[Any]) -> int:
    return (rows.aggregate(last=models.Max("position", default=-1))["last"]) + 1
