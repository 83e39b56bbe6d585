"""The logic map's drawing: nothing overlaps, every way begins and ends where it says, and none leads back."""

from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.mapping.graph import Graph, graph_of
from quizzes.mapping.layout import Box, Layout, layout_of, rounded

from .builders import is_, outcome, question, quiz, skin

CONDITION = is_("q0", "a")


@st.composite
def drafts(draw: st.DrawFn) -> dict[str, Any]:
    """Any draft: also with jumps that lead back, to themselves, or nowhere."""
    count = draw(st.integers(0, 14))
    targets = st.sampled_from([*(f"q{number}" for number in range(count)), "end", "nowhere", ""])
    questions = [
        question(
            f"q{number}",
            draw(st.sampled_from(["single", "boolean", "section"])),
            show_if=draw(st.sampled_from([None, CONDITION])),
            shuffle_group=draw(st.sampled_from(["", "", "mixed"])),
            jumps=[{"if": CONDITION, "to": to} for to in draw(st.lists(targets, max_size=6))],
        )
        for number in range(count)
    ]
    outcomes = [outcome(f"o{number}") for number in range(draw(st.integers(0, 6)))]
    return {"questions": questions, "outcomes": outcomes}


def drawn(raw: dict[str, Any], flagged: tuple[int, ...] = ()) -> tuple[Graph, Layout]:
    graph = graph_of(raw)
    return graph, layout_of(graph, flagged)


def overlap(one: Box, other: Box) -> bool:
    beside = one.right <= other.x or other.right <= one.x
    return not beside and not (one.bottom <= other.y or other.bottom <= one.y)


def is_on_border(box: Box, x: float, y: float) -> bool:
    is_within = box.x <= x <= box.right and box.y <= y <= box.bottom
    return is_within and (x in (box.x, box.right) or y in (box.y, box.bottom))


def runs_through(box: Box, begin: tuple[float, float], end: tuple[float, float]) -> bool:
    (x1, x2), (y1, y2) = sorted((begin[0], end[0])), sorted((begin[1], end[1]))
    return x1 < box.right and box.x < x2 + (x1 == x2) * 1e-9 and y1 < box.bottom and box.y < y2 + (y1 == y2) * 1e-9


@given(drafts(), st.sets(st.integers(0, 20)))
def test_no_two_nodes_overlap_and_all_are_on_the_page(raw: dict[str, Any], flagged: set[int]) -> None:
    _graph, layout = drawn(raw, tuple(flagged))
    assert not [pair for pair in combinations(layout.boxes, 2) if overlap(*pair)]
    assert all(box.x >= 0 and box.y >= 0 for box in layout.boxes)
    assert all(box.right <= layout.width and box.bottom <= layout.height for box in layout.boxes)


@given(drafts())
def test_every_way_begins_and_ends_at_its_nodes_and_leads_forward(raw: dict[str, Any]) -> None:
    _graph, layout = drawn(raw)
    for line in layout.lines:
        assert line.edge.source < line.edge.target
        assert is_on_border(layout.boxes[line.edge.source], *line.points[0])
        assert is_on_border(layout.boxes[line.edge.target], *line.points[-1])
        assert all(after[1] >= before[1] for before, after in pairwise(line.points)), "it never goes up"
        assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in line.points)


@given(drafts())
def test_no_way_runs_through_a_node(raw: dict[str, Any]) -> None:
    _graph, layout = drawn(raw)
    for line in layout.lines:
        for begin, end in pairwise(line.points):
            assert not [box for box in layout.boxes if runs_through(box, begin, end)]


@given(drafts())
def test_every_jump_is_drawn_once_with_words_of_its_own(raw: dict[str, Any]) -> None:
    _graph, layout = drawn(raw)
    jumps = sum(len(each["jumps"]) for each in raw["questions"])
    labels = [line.label for line in layout.lines if line.edge.kind == "jump"] + [stub.label for stub in layout.stubs]
    assert len(labels) == jumps
    boxes = [label for label in labels if label]
    assert len(boxes) == jumps
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
    assert not [label for label in boxes for box in layout.boxes if overlap(label, box)]


@given(drafts())
def test_ways_to_different_places_share_no_lane_where_they_run_side_by_side(raw: dict[str, Any]) -> None:
    _graph, layout = drawn(raw)
    down = [
        (line.edge.target, begin[0], begin[1], end[1])
        for line in layout.lines
        if line.edge.kind == "jump"
        for begin, end in [line.points[1:3]]
    ]
    for (target, x, top, bottom), (other, other_x, other_top, other_bottom) in combinations(down, 2):
        if target != other and x == other_x:
            assert bottom <= other_top or other_bottom <= top


def test_a_draft_becomes_its_ways() -> None:
    raw = skin()
    graph = graph_of(raw)
    kinds = [node.kind for node in graph.nodes]
    assert kinds == ["start", *["question"] * 6, "end", *["outcome"] * 3]
    ways = {(edge.kind, edge.source, edge.target) for edge in graph.edges}
    assert {("skip", 1, 3), ("skip", 2, 4), ("skip", 3, 5), ("jump", 5, 7), ("gives", 7, 8), ("next", 6, 7)} <= ways
    assert graph.loose_ends == ()


def test_what_leads_back_or_nowhere_is_a_loose_end() -> None:
    jumps = [{"if": CONDITION, "to": to} for to in ("q0", "q1", "gone", "end")]
    graph = graph_of(quiz(question("q0"), question("q1", jumps=jumps)))
    assert [(each.to, each.leads_back) for each in graph.loose_ends] == [("q0", True), ("q1", True), ("gone", False)]
    assert [(edge.target, edge.number) for edge in graph.edges if edge.kind == "jump"] == [(3, 3)]


def test_sections_become_bands_and_neighbours_of_a_group_are_framed() -> None:
    graph, layout = drawn(
        quiz(
            question("intro", "section"),
            *(question(key, shuffle_group="mixed") for key in ("a", "b", "c")),
            question("alone", shuffle_group="other"),
            question("more", "section"),
            question("last"),
        )
    )
    assert graph.groups == ((2, 4),)
    (frame,) = layout.frames
    held = [place for place, box in enumerate(layout.boxes) if frame.y < box.y and box.bottom < frame.bottom]
    assert held == [2, 3, 4]
    first, second = layout.bands
    assert first.bottom < second.y
    assert first.y < layout.boxes[1].y < layout.boxes[5].bottom < first.bottom
    assert second.y < layout.boxes[6].y < layout.boxes[7].bottom < second.bottom < layout.boxes[8].y


def test_the_longest_way_runs_farthest_out() -> None:
    raw = quiz(
        question("q0", jumps=[{"if": CONDITION, "to": "end"}]),
        question("q1", jumps=[{"if": CONDITION, "to": "q3"}]),
        question("q2"),
        question("q3"),
    )
    _graph, layout = drawn(raw)
    far, near = (line.points[1][0] for line in layout.lines if line.edge.kind == "jump")
    assert near < far


@pytest.mark.parametrize("count", [40, 300])
def test_a_long_quiz_keeps_its_measure(count: int) -> None:
    questions = [
        question(
            f"q{number}",
            show_if=CONDITION,
            jumps=[{"if": CONDITION, "to": f"q{min(count - 1, number + 2 + step * 9)}"} for step in range(3)],
        )
        for number in range(count)
    ]
    _graph, layout = drawn(quiz(*questions))
    assert layout.width < 1200
    assert layout.height < 180 * (count + 4)


def test_a_path_is_bent_at_its_corners_only() -> None:
    assert rounded([(0, 0), (0, 50)]) == "M0 0L0 50"
    assert rounded([(0, 0), (0, 50), (40, 50)]) == "M0 0L0 41Q0 50 9 50L40 50"
