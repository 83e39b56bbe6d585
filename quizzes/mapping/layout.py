"""Where everything stands on the logic map: the quiz runs down a line, as on a metro map.

Questions stand on the line one below the other. What passes over a question leaves the line on its left side and comes
back below it; jumps leave their question on its right side and go down a lane there, the longest farthest out, all that
lead to one place in the same lane. Both join the line in the gap above where they lead, and there what arrives comes
before what leaves. So nothing runs through a question. Outcomes hang from the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .graph import Edge, Graph, LooseEnd, Node

# In CSS pixels.
MARGIN = 20
SIDE = 34  # from a question's left side to the line that passes over it
CARD = 328
LINE = 20  # of text
PORT = 28  # between two jumps of a question
GAP = 52
ARRIVING, LEAVING = 14, 28  # where in a gap
LABEL = 164
LANE, NARROW_LANE, MANY_LANES = 18, 6, 20
INDENT, TRUNK = 56, 28
BETWEEN_OUTCOMES = 12
BEND = 9

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Line:
    """The corners of an edge's way. `label` is where its words have room, if anywhere."""

    edge: Edge
    points: tuple[Point, ...]
    label: Box | None = None

    @property
    def path(self) -> str:
        return rounded(self.points)


@dataclass(frozen=True, slots=True)
class Stub:
    """The little that can be drawn of a loose end."""

    loose: LooseEnd
    points: tuple[Point, ...]
    label: Box

    @property
    def path(self) -> str:
        return rounded(self.points)


@dataclass(frozen=True, slots=True)
class Layout:
    """`boxes` by place; `joints` are where ways part or meet; `bands` the sections, `frames` the shuffled groups."""

    width: float
    height: float
    spine: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    stubs: tuple[Stub, ...]
    joints: tuple[Point, ...]
    bands: tuple[Box, ...]
    frames: tuple[Box, ...]


def layout_of(graph: Graph, flagged: Collection[int] = ()) -> Layout:
    """`flagged` are the places of nodes that need a line more, to say that something is wrong."""
    left = MARGIN + SIDE
    spine = left + CARD / 2
    boxes = _boxes(graph, flagged, left)
    lanes = _lanes(graph.edges)
    has_ports = any(node.ports for node in graph.nodes)
    outer = left + CARD + (LABEL if has_ports else 0)
    width_of_lane = LANE if max(lanes.values(), default=0) <= MANY_LANES else NARROW_LANE
    lines = tuple(_line(edge, graph, boxes, spine, outer, width_of_lane, lanes) for edge in graph.edges)
    stubs = tuple(_stub(each, graph, boxes) for each in graph.loose_ends)
    right = max(
        outer + width_of_lane * max(lanes.values(), default=0),
        *(box.right for box in boxes),
        *(stub.label.right for stub in stubs),
    )
    width = right + MARGIN
    frames = tuple(_frame(boxes[first], boxes[last]) for first, last in graph.groups)
    return Layout(
        width=width,
        height=max(box.bottom for box in boxes) + MARGIN,
        spine=spine,
        boxes=boxes,
        lines=lines,
        stubs=stubs,
        joints=tuple(_joints(lines, spine)),
        bands=tuple(_bands(graph, boxes, width)),
        frames=frames,
    )


def rounded(points: Sequence[Point]) -> str:
    """The `d` of a path along these corners, each bent."""
    steps = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, (x, y), after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards((x, y), before), _towards((x, y), after)
        steps.append(f"L{start[0]:g} {start[1]:g}Q{x:g} {y:g} {end[0]:g} {end[1]:g}")
    return f"{''.join(steps)}L{points[-1][0]:g} {points[-1][1]:g}"


def _towards(corner: Point, other: Point) -> Point:
    """A bend's length from the corner, or half the way if that is shorter."""
    (x, y), (to_x, to_y) = corner, other
    length = abs(to_x - x) + abs(to_y - y)
    part = min(BEND, length / 2) / length if length else 0
    return x + (to_x - x) * part, y + (to_y - y) * part


def _boxes(graph: Graph, flagged: Collection[int], left: float) -> tuple[Box, ...]:
    boxes: list[Box] = []
    y: float = MARGIN
    for node in graph.nodes:
        height = _height(node, is_flagged=node.place in flagged)
        if node.kind == "outcome":
            y += BETWEEN_OUTCOMES if boxes[-1].x != left else GAP / 2
            boxes.append(Box(left + INDENT, y, CARD - INDENT, height))
        else:
            y += GAP if boxes else 0
            boxes.append(Box(left, y, CARD, height))
        y = boxes[-1].bottom
    return tuple(boxes)


def _height(node: Node, *, is_flagged: bool) -> float:
    if node.kind in ("start", "end"):
        return 2 * LINE
    lines = 2 + node.has_condition + is_flagged
    return max(lines * LINE + 16, (node.ports + 1) * PORT)


def _lanes(edges: Iterable[Edge]) -> dict[int, int]:
    """The lane of all jumps to a place: 1 is nearest. Short ways get the nearer lanes, so that few cross."""
    spans: dict[int, int] = {}
    for edge in edges:
        if edge.kind == "jump":
            spans[edge.target] = min(edge.source, spans.get(edge.target, edge.source))
    taken: list[list[tuple[int, int]]] = []
    lanes: dict[int, int] = {}
    for target, source in sorted(spans.items(), key=lambda each: (each[0] - each[1], each)):
        free = (all(target <= begin or end <= source for begin, end in lane) for lane in taken)
        number = next((number for number, is_free in enumerate(free) if is_free), len(taken))
        if number == len(taken):
            taken.append([])
        taken[number].append((source, target))
        lanes[target] = number + 1
    return lanes


def _line(
    edge: Edge,
    graph: Graph,
    boxes: Sequence[Box],
    spine: float,
    outer: float,
    width_of_lane: float,
    lanes: dict[int, int],
) -> Line:
    source, target = boxes[edge.source], boxes[edge.target]
    arriving = target.y - GAP + ARRIVING
    if edge.kind == "next":
        return Line(edge, ((spine, source.bottom), (spine, target.y)))
    if edge.kind == "gives":
        trunk = source.x + TRUNK
        return Line(edge, ((trunk, source.bottom), (trunk, target.middle), (target.x, target.middle)))
    if edge.kind == "skip":
        leaving, side = source.bottom + LEAVING, source.x - SIDE / 2 - 4
        way = ((spine, leaving), (side, leaving), (side, arriving), (spine, arriving))
        return Line(edge, ((spine, source.bottom), *way, (spine, target.y)))
    y = _port(graph.nodes[edge.source], source, edge.number)
    lane = outer + width_of_lane * lanes[edge.target]
    corners = ((source.right, y), (lane, y), (lane, arriving), (spine, arriving), (spine, target.y))
    return Line(edge, corners, _label(source, y))


def _port(node: Node, box: Box, number: int) -> float:
    return box.y + box.height * (number + 1) / (node.ports + 1) + LINE / 4


def _label(box: Box, y: float) -> Box:
    return Box(box.right + 10, y - LINE, LABEL - 14, LINE)


def _stub(loose: LooseEnd, graph: Graph, boxes: Sequence[Box]) -> Stub:
    box = boxes[loose.source]
    y = _port(graph.nodes[loose.source], box, loose.number)
    label = _label(box, y)
    return Stub(loose, ((box.right, y), (label.right, y)), label)


def _joints(lines: Iterable[Line], spine: float) -> list[Point]:
    """Where a way leaves the line, or comes back to it."""
    turning = [line.points[1:-1] for line in lines if line.edge.kind in ("skip", "jump")]
    return sorted({point for points in turning for point in points if point[0] == spine}, key=lambda point: point[1])


def _bands(graph: Graph, boxes: Sequence[Box], width: float) -> list[Box]:
    """From each section to the next, or to the end."""
    starts = [node.place for node in graph.nodes if node.kind == "section"]
    found = []
    for place, after in pairwise([*starts, graph.end]):
        top, bottom = boxes[place].y - GAP / 4, boxes[after].y - GAP / 4 - 4
        found.append(Box(4, top, width - 8, bottom - top))
    return found


def _frame(first: Box, last: Box) -> Box:
    return Box(first.x - 11, first.y - 13, first.width + 22, last.bottom - first.y + 23)
