"""Where what was told goes, as a drawing: boxes in columns and ribbons between them. Decides places, not words.

Two of them: a wide one for screens, from whom it is about to what was made of it, and a tall one for phones, in two
columns, that leaves the people out and counts what was made under its use.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

PEOPLE, THINGS, USES, MADE = range(4)
BOX, GAP, PADDING = 46, 12, 6
WIDE_WIDTH = 1152
WIDE_COLUMNS = ((0, 120), (210, 290), (600, 250), (930, 222))  # left edge and width, column by column
TALL_WIDTH = 350
TALL_COLUMNS = ((0, 0), (0, 148), (202, 148), (202, 148))
# How wide letters are at the size that the pictures use, in a usual sans; most are as wide as an "n".
NARROW, WIDE, CAPITAL, USUAL = 4.5, 12, 10.5, 8.3


@dataclass(frozen=True, slots=True)
class Node:
    """`state`: on, held back, off, or plain, which has none. `figure` names a drawing instead of a box."""

    key: str
    column: int
    text: str
    url: str = ""
    state: str = "plain"
    figure: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """Something goes from one node to another; `weight` is how many things."""

    origin: str
    end: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    x: int
    y: int
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    node: Node
    x: int
    y: int
    width: int
    height: int
    lines: tuple[Line, ...]
    mark_x: int  # the middle of its figure or mark

    @property
    def middle_y(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Ribbon:
    tie: Tie
    path: str
    thickness: float


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    boxes: tuple[Box, ...]
    ribbons: tuple[Ribbon, ...]  # not mirrored
    is_mirrored: bool


def wide(nodes: Sequence[Node], ties: Sequence[Tie], *, is_mirrored: bool = False) -> Picture:
    """All four columns, each centred on the tallest."""
    columns = [[node for node in nodes if node.column == column] for column in range(4)]
    height = max(_stacked(len(column)) for column in columns)
    boxes = [
        box
        for place, column in enumerate(columns)
        for box in _column(column, *WIDE_COLUMNS[place], (height - _stacked(len(column))) // 2)
    ]
    return _finish(WIDE_WIDTH, height, boxes, ties, is_mirrored)


def tall(nodes: Sequence[Node], ties: Sequence[Tie], *, is_mirrored: bool = False) -> Picture:
    """Things beside uses; what was made stands as a note under its use."""
    columns = [[node for node in nodes if node.column == column] for column in (THINGS, USES)]
    height = max(_stacked(len(column)) for column in columns)
    boxes = [
        box
        for place, column in zip((THINGS, USES), columns, strict=True)
        for box in _column(column, *TALL_COLUMNS[place], (height - _stacked(len(column))) // 2)
    ]
    shown = {box.node.key for box in boxes}
    return _finish(
        TALL_WIDTH, height, boxes, [tie for tie in ties if tie.origin in shown and tie.end in shown], is_mirrored
    )


def _stacked(count: int) -> int:
    return count * (BOX + GAP) - GAP + 2 * PADDING if count else 0


def _column(nodes: Sequence[Node], x: int, width: int, top: int) -> list[Box]:
    boxes = []
    for place, node in enumerate(nodes):
        y = top + PADDING + place * (BOX + GAP)
        inset = x + (16 if not node.figure else 50) + (20 if node.state != "plain" else 0)
        texts = _wrapped(node.text, x + width - inset - 8)
        has_note = bool(node.note) and len(texts) == 1
        if has_note:
            texts = [*texts, node.note]
        first = y + BOX // 2 + 5 - 9 * (len(texts) - 1)
        lines = tuple(Line(text, inset, first + 18 * n, has_note and n == 1) for n, text in enumerate(texts))
        taken = min(width, 60 + 9 * max(map(len, texts))) if node.figure else width
        boxes.append(Box(node, x, y, taken, BOX, lines, x + 20))
    return boxes


def _wrapped(text: str, room: float) -> list[str]:
    """One line or two; what does not fit is cut and says so."""
    if _wide(text) <= room:
        return [text]
    words = text.split()
    first = words.pop(0)
    while words and _wide(f"{first} {words[0]}") <= room:
        first += f" {words.pop(0)}"
    rest = " ".join(words)
    return [_cut(first, room), _cut(rest, room)] if rest else [_cut(first, room)]


def _cut(text: str, room: float) -> str:
    if _wide(text) <= room:
        return text
    while text and _wide(text + "…") > room:
        text = text[:-1]
    return text.rstrip() + "…"


def _wide(text: str) -> float:
    return sum(
        NARROW if letter in "fijlrt.,:;'’| " else WIDE if letter in "mwMW" else CAPITAL if letter.isupper() else USUAL
        for letter in text
    )


def _finish(width: int, height: int, boxes: list[Box], ties: Sequence[Tie], is_mirrored: bool) -> Picture:
    ribbons = tuple(_ribbons({box.node.key: box for box in boxes}, ties))
    if is_mirrored:
        boxes = [
            replace(
                box,
                x=width - box.x - box.width,
                lines=tuple(replace(line, x=width - line.x) for line in box.lines),
                mark_x=width - box.mark_x,
            )
            for box in boxes
        ]
    return Picture(width, height, tuple(boxes), ribbons, is_mirrored)


def _ribbons(boxes: dict[str, Box], ties: Sequence[Tie]) -> list[Ribbon]:
    """Each leaves and arrives at a place of its own along the box's side, in the order of what it leads to."""
    found = []
    for tie in ties:
        start, end = boxes[tie.origin], boxes[tie.end]
        leaving = sorted(boxes[each.end].y for each in ties if each.origin == tie.origin)
        coming = sorted(boxes[each.origin].y for each in ties if each.end == tie.end)
        y1 = _spread(start, leaving.index(end.y), len(leaving))
        y2 = _spread(end, coming.index(start.y), len(coming))
        x1, x2 = start.x + start.width, end.x
        bend = (x2 - x1) // 2
        found.append(
            Ribbon(tie, f"M{x1} {y1:g}C{x1 + bend} {y1:g} {x2 - bend} {y2:g} {x2} {y2:g}", min(1.5 + tie.weight / 3, 6))
        )
    return found


def _spread(box: Box, place: int, count: int) -> float:
    room = box.height - 20
    return round(box.middle_y + (place - (count - 1) / 2) * min(room / max(count - 1, 1), 8), 1)
