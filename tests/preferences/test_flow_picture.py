"""Where the boxes and ribbons of the picture lie."""

from itertools import pairwise

from preferences.flow_picture import MADE, PEOPLE, TALL_WIDTH, THINGS, USES, WIDE_WIDTH, Node, Tie, tall, wide

NODES = [
    Node("you", PEOPLE, "You", figure="self"),
    Node("skin", THINGS, "My skin", "#skin", note="9 things"),
    Node("offers", USES, "Tailored offers", "#offers", "on"),
    Node("balm", MADE, "A balm for very long evenings by the sea and for the morning after", "#balm"),
]
TIES = [Tie("you", "skin", 9), Tie("skin", "offers", 9), Tie("offers", "balm")]


def test_the_wide_one_shows_all_four_columns_the_tall_one_two() -> None:
    assert [box.node.key for box in wide(NODES, TIES).boxes] == ["you", "skin", "offers", "balm"]
    assert [box.node.key for box in tall(NODES, TIES).boxes] == ["skin", "offers"]
    assert len(wide(NODES, TIES).ribbons) == 3
    assert len(tall(NODES, TIES).ribbons) == 1


def test_everything_lies_inside_and_nothing_on_anything_else() -> None:
    many = [Node(f"thing{n}", THINGS, f"Thing {n}") for n in range(8)] + [Node("use", USES, "Use", state="off")]
    for picture, width in ((wide(many, []), WIDE_WIDTH), (tall(many, []), TALL_WIDTH)):
        things = [box for box in picture.boxes if box.node.column == THINGS]
        assert all(box.x >= 0 and box.x + box.width <= width for box in picture.boxes)
        assert all(box.y >= 0 and box.y + box.height <= picture.height for box in picture.boxes)
        assert all(above.y + above.height < below.y for above, below in pairwise(things))


def test_a_long_text_takes_two_lines_and_says_that_it_goes_on() -> None:
    lines = wide(NODES, TIES).boxes[-1].lines
    assert len(lines) == 2
    assert lines[1].text.endswith("…")


def test_from_right_to_left_it_is_seen_in_a_mirror() -> None:
    plain, mirrored = wide(NODES, TIES), wide(NODES, TIES, is_mirrored=True)
    for box, other in zip(plain.boxes, mirrored.boxes, strict=True):
        assert other.x == WIDE_WIDTH - box.x - box.width
        assert other.lines[0].x == WIDE_WIDTH - box.lines[0].x
    assert mirrored.is_mirrored
