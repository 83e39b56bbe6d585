"""How a number changed over time, as a small drawing and a sentence that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from .wording import day_in_words, number_in_words

WIDTH, HEIGHT, MARGIN = 240, 64, 6


@dataclass(frozen=True, slots=True)
class TrendView:
    """`points` are (day, value) in words, oldest first; `polyline` lies in a 0 0 240 64 view box, with a dot at each
    value and the area under it."""

    label: str
    unit: str
    points: tuple[tuple[str, str], ...]
    sentence: str
    polyline: str
    dots: tuple[str, ...]
    area: str


def trend(label: str, unit: str, told: Sequence[tuple[datetime, float]]) -> TrendView | None:
    """None while there is only one value: nothing has changed yet."""
    if len(told) < 2:
        return None
    (first_at, first), (_last_at, last) = told[0], told[-1]
    change = {"change": number_in_words(abs(last - first)), "unit": unit, "day": day_in_words(first_at)}
    if last > first:
        sentence = gettext("Up {change} {unit} since {day}.").format(**change)
    elif last < first:
        sentence = gettext("Down {change} {unit} since {day}.").format(**change)
    else:
        sentence = gettext("The same as on {day}.").format(**change)
    line = polyline([(at.timestamp(), value) for at, value in told])
    return TrendView(
        label=label,
        unit=unit,
        points=tuple((day_in_words(at), number_in_words(value)) for at, value in told),
        sentence=sentence.replace(" .", ".").replace("  ", " "),
        polyline=line,
        dots=tuple(point.replace(",", " ") for point in line.split()),
        area=f"{MARGIN},{HEIGHT} {line} {WIDTH - MARGIN},{HEIGHT}",
    )


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """The points of an SVG polyline; a value that never changes lies in the middle."""
    times, values = [time for time, _value in points], [value for _time, value in points]
    span, rise = (max(times) - min(times)) or 1.0, max(values) - min(values)
    return " ".join(
        f"{MARGIN + (time - min(times)) / span * (WIDTH - 2 * MARGIN):.1f},"
        f"{HEIGHT / 2 if not rise else HEIGHT - MARGIN - (value - min(values)) / rise * (HEIGHT - 2 * MARGIN):.1f}"
        for time, value in points
    )
