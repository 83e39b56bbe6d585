"""The table of points: what may stand in a cell, and that a file never changes what it does not say."""

from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from quizzes.points_grid import Grid, NotANumberError, compare, most_reachable, number_of, to_csv, written

SPREADSHEETS_TAKE_FOR_FORMULAS = ("=", "+", "-", "@", "\t", "\r")

names = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=12
) | st.sampled_from(
    [
        "😀👩🏽‍🚀",
        'say "dry", or',
        "جافّة؛ نعم",
        "=HYPERLINK(1)",
        "+1",
        "-3",
        "@SUM",
        "'quoted",
        "a;b\tc",
        "\ufeffbom",
        " \n",
        "question",
    ]
)
numbers = st.integers(-100, 100) | st.floats(-100, 100, allow_nan=False).filter(bool)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    rows = draw(st.lists(st.tuples(names, names), min_size=1, max_size=6, unique=True))
    outcomes = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    cells = draw(
        st.dictionaries(st.sampled_from([(*row, key) for row in rows for key in outcomes]), numbers.filter(bool))
    )
    return Grid(tuple(rows), tuple(outcomes), cells)


GRID = Grid((("skin", "dry"), ("skin", "oily"), ("goal", "calm")), ("rich", "light"), {("skin", "dry", "rich"): 2})


@settings(max_examples=150, deadline=None)
@given_any(grids())
def test_a_table_goes_to_a_file_and_back_unchanged(grid: Grid) -> None:
    text = to_csv(grid)
    same = compare(text, grid)
    assert (same.changes, same.left_out) == ((), ())
    small = Grid(grid.rows, grid.columns, {cell: number for cell, number in grid.cells.items() if abs(number) <= 10})
    filled = compare(to_csv(small), Grid(grid.rows, grid.columns, {}))
    assert {change.cell: change.new for change in filled.changes} == dict(small.cells)
    assert filled.left_out == ()


@settings(max_examples=60, deadline=None)
@given_any(names)
def test_no_key_becomes_a_formula(name: str) -> None:
    head = to_csv(Grid((), (name,), {})).split("question,choice,")[1]
    assert not head.lstrip('"').startswith(SPREADSHEETS_TAKE_FOR_FORMULAS)


@settings(max_examples=150, deadline=None)
@given_any(st.text(max_size=200) | st.text("questionchoice,;\"'\t\n-1", max_size=80))
def test_no_file_is_an_error(text: str) -> None:
    compare(text, GRID)
    compare(f"question,choice,rich\n{text}", GRID)


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0), (" 3 ", 3), ("+4", 4), ("−2", -2), ("-2", -2), ("0,5", 0.5), ("0.5", 0.5), (".5", 0.5), ("3.0", 3)],
)
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["x", "1 2", "NaN", "inf", "1e999", "=1", "1,2,3", "٣", "0x1", "--1", "9" * 400])
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(NotANumberError):
        number_of(text)


@pytest.mark.parametrize("number", [1, -2.5, 100, 1e-7, 1e300, -0.1])
def test_a_number_is_written_as_it_is_read(number: float) -> None:
    assert number_of(written(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        "question,choice,rich,light\nskin,dry,2,-1\n",
        "\n\nquestion;choice;light;rich\r\nskin;dry;-1;2\r\n".lstrip("\n"),
        'Question\tChoice\trich\tlight\nskin\t"dry"\t2\t−1',
        'question,choice,light\n"skin", dry ,"-1,0"\n\n,,\n',
    ],
)
def test_files_of_several_programs_say_the_same(text: str) -> None:
    found = compare(text, GRID)
    assert [(each.cell, each.old, each.new) for each in found.changes] == [(("skin", "dry", "light"), 0, -1)]
    assert found.left_out == ()


def test_an_emptied_cell_is_nothing_and_what_is_not_mentioned_stays() -> None:
    assert [each.new for each in compare("question,choice,rich\nskin,dry,\n", GRID).changes] == [0]
    assert compare("question,choice,light\nskin,dry,\n", GRID).changes == ()


@pytest.mark.parametrize(
    ("text", "line", "column", "rule", "said"),
    [
        ("", 1, 1, "no_head", ""),
        ("a,b,c\n", 1, 1, "no_head", ""),
        ('question,choice,rich\nskin,"dry', 1, 1, "broken", ""),
        ("question,choice,rich,ritch\nskin,dry,2,1\n", 1, 4, "unknown_column", "ritch"),
        ("question,choice,rich,rich\nskin,dry,2,1\n", 1, 4, "column_twice", "rich"),
        ('question,choice,rich\n"\n",x,1\n\nskin,wet,1\n', 5, 1, "unknown_row", "skin / wet"),
        ("question,choice,rich\nskin,dry,2\nskin,dry,3\n", 3, 1, "row_twice", "skin / dry"),
        ("question,choice,rich\nskin,dry,two\n", 2, 3, "not_a_number", "two"),
        ("question,choice,light,rich\nskin,dry,,11\n", 2, 4, "out_of_range", "11"),
    ],
)
def test_what_a_file_should_not_say_is_named_with_its_place(
    text: str, line: int, column: int, rule: str, said: str
) -> None:
    found = compare(text, GRID)
    last = found.left_out[-1]
    assert (last.line, last.column, last.rule, last.text) == (line, column, rule, said)
    assert found.changes == ()


def test_points_beyond_the_range_that_are_there_already_may_stay() -> None:
    wide = Grid(GRID.rows, GRID.columns, {("skin", "dry", "rich"): 40})
    found = compare("question,choice,rich\nskin,dry,40\nskin,oily,3\n", wide)
    assert [each.new for each in found.changes] == [3]
    assert found.left_out == ()


def choices(*points: float) -> list[dict[str, Any]]:
    return [{"value": str(place), "points": {"rich": number}} for place, number in enumerate(points)]


@pytest.mark.parametrize(
    ("question", "most"),
    [
        ({"kind": "single", "choices": choices(1, 3, -2)}, 3),
        ({"kind": "single", "choices": choices(-1, -3)}, -1),
        ({"kind": "single", "choices": choices(-1, -3), "required": False}, 0),
        ({"kind": "single", "choices": choices(-1), "show_if": {"question": "a", "op": "answered"}}, 0),
        ({"kind": "multiple", "choices": choices(1, 3, -2)}, 4),
        ({"kind": "multiple", "choices": choices(1, 3, 2), "max_choices": 2}, 5),
        ({"kind": "multiple", "choices": choices(-1, 3, -2), "min_choices": 2}, 2),
        ({"kind": "ranking", "choices": choices(1, 3)}, 3),
        ({"kind": "matrix", "choices": choices(1, 3), "rows": [{}, {}]}, 6),
        ({"kind": "boolean"}, 0),
    ],
)
def test_the_most_an_outcome_can_get(question: dict[str, Any], most: float) -> None:
    assert most_reachable([question, {"kind": "single", "choices": choices(1)}], "rich") == most + 1
