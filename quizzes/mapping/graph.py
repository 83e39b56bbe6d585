"""What leads where in a draft, finished or not: its questions in order, and every way from one to another.

Edges lead forward only. A jump that leads back, or nowhere, is no edge but a loose end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from ..parts import END

NodeKind = Literal["start", "question", "section", "end", "outcome"]
EdgeKind = Literal["next", "skip", "jump", "gives"]
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """`place` counts nodes from the start, 0; the questions have 1 and up. `ports` is how many jumps it has."""

    place: int
    kind: NodeKind
    key: str = ""
    has_condition: bool = False
    ports: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """From node to node, by place. A skip passes over the question between them, a jump has its number there."""

    kind: EdgeKind
    source: int
    target: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """A jump that can't be followed: back to the question with this key, or to one that is not there."""

    source: int
    number: int
    to: str
    leads_back: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """`groups` are runs of neighbours asked in random order, first and last place."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    loose_ends: tuple[LooseEnd, ...]
    groups: tuple[tuple[int, int], ...]

    @property
    def end(self) -> int:
        """The place of the end."""
        return next(node.place for node in self.nodes if node.kind == "end")


def graph_of(raw: Raw) -> Graph:
    """Reads a definition such as `definition_of` gives."""
    questions: Sequence[Raw] = raw.get("questions") or ()
    outcomes: Sequence[Raw] = raw.get("outcomes") or ()
    places = {each["key"]: place for place, each in enumerate(questions, 1)}
    end = len(questions) + 1
    nodes = [Node(0, "start")]
    edges: list[Edge] = []
    loose: list[LooseEnd] = []
    for place, each in enumerate(questions, 1):
        jumps: Sequence[Raw] = each.get("jumps") or ()
        kind: NodeKind = "section" if each.get("kind") == "section" else "question"
        nodes.append(Node(place, kind, each["key"], each.get("show_if") is not None, len(jumps)))
        if each.get("show_if") is not None:
            edges.append(Edge("skip", place - 1, place + 1))
        for number, jump in enumerate(jumps):
            to = jump.get("to") or ""
            target = end if to == END else places.get(to, 0)
            if target > place:
                edges.append(Edge("jump", place, target, number))
            else:
                loose.append(LooseEnd(place, number, to, leads_back=to in places))
    nodes.append(Node(end, "end"))
    for place, each in enumerate(outcomes, end + 1):
        nodes.append(Node(place, "outcome", each["key"], each.get("when") is not None))
        edges.append(Edge("gives", end, place))
    edges = [*(Edge("next", place, place + 1) for place in range(end)), *edges]
    return Graph(tuple(nodes), tuple(edges), tuple(loose), tuple(_groups(questions)))


def _groups(questions: Sequence[Raw]) -> list[tuple[int, int]]:
    found = []
    for name, run in groupby(enumerate(questions, 1), key=lambda each: each[1].get("shuffle_group") or ""):
        places = [place for place, _question in run]
        if name and len(places) > 1:
            found.append((places[0], places[-1]))
    return found
