"""The least and the most that one person's answers can add up to. Decides without Django."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    least: float
    most: float


def span(weights: Iterable[tuple[int, float]], kinds: Mapping[int, tuple[str, int]]) -> Span:
    """`weights`: an answer's attribute, and what it adds. `kinds`: an attribute's kind, and how many places count."""
    found: dict[int, list[float]] = defaultdict(list)
    for attribute, weight in weights:
        found[attribute].append(weight)
    least = most = 0.0
    for attribute, each in found.items():
        kind, places = kinds.get(attribute, ("choice", 1))
        many = len(each) if kind == "multi" else places if kind == "ranking" else 1
        most += sum(sorted((weight for weight in each if weight > 0), reverse=True)[:many])
        least += sum(sorted(weight for weight in each if weight < 0)[:many])
    return Span(round(least, 6), round(most, 6))
