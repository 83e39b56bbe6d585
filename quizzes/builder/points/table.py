"""The table of points as the draft has it: choices under their questions, outcomes side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import get_language, gettext, gettext_noop

from preferences.admin.grid import field_id
from preferences.grid import Place, tint
from preferences.translated import pick

from ...models import Choice, Quiz
from ...points_grid import Cell, Grid, Number, most_reachable, written
from ...services.drafting import definition_of
from ..questions.kinds import has_choices

CELLS_A_PART = 1500  # a page of more takes a browser a second to draw
_QUESTION = gettext_noop("Question %(number)s, not written yet")
_CHOICE = gettext_noop("Choice %(number)s, not written yet")
_OUTCOME = gettext_noop("Outcome %(number)s, not written yet")


@dataclass(frozen=True, slots=True)
class Line:
    """A choice, and the question it belongs to by key."""

    choice: int
    question: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Input:
    """One cell: `tint` is + or - and how strong, 1 to 3."""

    name: str
    outcome: int
    text: str
    tint: str


@dataclass(frozen=True, slots=True)
class Row:
    choice: int
    label: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A question's choices. `seen` is what its cells said when they were read, for a form without JavaScript."""

    question: int
    title: str
    rows: tuple[Row, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class Column:
    outcome: int
    key: str
    title: str
    most: str


@dataclass(frozen=True, slots=True)
class Part:
    """Questions that are shown together, by where they stand among those of the table."""

    number: int
    first: int
    last: int


@dataclass(frozen=True)
class Table:
    """`lines` by question: its id and words. `numbers` holds what is not 0, `typed` what is not kept yet.

    Of a large table one part is shown, the `part`th; what is saved, read from a file and counted is always all of it.
    """

    columns: tuple[Column, ...]
    lines: tuple[tuple[int, str, tuple[Line, ...]], ...]
    numbers: Mapping[Place, Number]
    typed: Mapping[Place, str]
    part: int = 1

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Those of this part."""
        if not self.lines:
            return ()
        here = self.parts[self.part - 1]
        return tuple(
            Group(question, title, tuple(map(self._row, lines)), self._seen({each.choice for each in lines}))
            for question, title, lines in self.lines[here.first - 1 : here.last]
        )

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """A question is never torn apart."""
        starts, cells = [1], 0
        for number, (_question, _title, lines) in enumerate(self.lines, 1):
            more = len(lines) * len(self.columns)
            if number > starts[-1] and cells + more > CELLS_A_PART:
                starts.append(number)
                cells = 0
            cells += more
        ends = [*(each - 1 for each in starts[1:]), len(self.lines)]
        return tuple(
            Part(number, first, last) for number, (first, last) in enumerate(zip(starts, ends, strict=True), 1)
        )

    def at(self, part: int) -> Table:
        """That part of it, or the nearest there is."""
        return replace(self, part=max(1, min(part, len(self.parts))))

    @cached_property
    def places(self) -> frozenset[Place]:
        return frozenset((choice, each.outcome) for choice in self._line for each in self.columns)

    @cached_property
    def grid(self) -> Grid:
        key_of = {each.outcome: each.key for each in self.columns}
        rows = {pk: (line.question, line.value) for pk, line in self._line.items()}
        cells = {(*rows[choice], key_of[outcome]): number for (choice, outcome), number in self.numbers.items()}
        return Grid(tuple(rows.values()), tuple(key_of.values()), cells)

    def place_of(self, cell: Cell) -> Place:
        return self._place_of[cell]

    def words(self, place: Place) -> str:
        """ "Dry → Comfort first"."""
        return f"{self._line[place[0]].label} → {self._title[place[1]]}"

    def with_typed(self, typed: Mapping[Place, str]) -> Table:
        return replace(self, typed=typed)

    @cached_property
    def _line(self) -> dict[int, Line]:
        return {each.choice: each for _question, _title, lines in self.lines for each in lines}

    @cached_property
    def _title(self) -> dict[int, str]:
        return {each.outcome: each.title for each in self.columns}

    @cached_property
    def _place_of(self) -> dict[Cell, Place]:
        return {
            (line.question, line.value, column.key): (line.choice, column.outcome)
            for line in self._line.values()
            for column in self.columns
        }

    def _row(self, line: Line) -> Row:
        return Row(line.choice, line.label, tuple(self._input((line.choice, each.outcome)) for each in self.columns))

    def _input(self, place: Place) -> Input:
        number = self.numbers.get(place, 0)
        return Input(field_id(place), place[1], self.typed.get(place, written(number)), tint(number))

    def _seen(self, choices: set[int]) -> str:
        cells = {
            f"{choice}-{outcome}": number for (choice, outcome), number in self.numbers.items() if choice in choices
        }
        return json.dumps({name: written(number) for name, number in cells.items()})


def read_table(quiz: Quiz) -> Table:
    language = get_language() or "en"
    outcomes = list(quiz.outcomes.all())
    pk_of = {outcome.key: outcome.pk for outcome in outcomes}
    lines: list[tuple[int, str, tuple[Line, ...]]] = []
    numbers: dict[Place, Number] = {}
    for place, question in enumerate(quiz.questions.prefetch_related("choices"), 1):
        choices = list(question.choices.all()) if has_choices(question.kind) else []
        found = [
            Line(each.pk, question.key, each.value, pick(each.label, language) or _unwritten(_CHOICE, number))
            for number, each in enumerate(choices, 1)
        ]
        if found:
            lines.append((question.pk, pick(question.title, language) or _unwritten(_QUESTION, place), tuple(found)))
        for each in choices:
            for key, number in each.points.items():
                if number and key in pk_of:
                    numbers[each.pk, pk_of[key]] = number
    asked = definition_of(quiz).get("questions", [])
    columns = [
        Column(
            each.pk,
            each.key,
            pick(each.title, language) or _unwritten(_OUTCOME, place),
            written(most_reachable(asked, each.key)) or "0",
        )
        for place, each in enumerate(outcomes, 1)
    ]
    return Table(tuple(columns), tuple(lines), numbers, {})


def _unwritten(words: str, number: int) -> str:
    """What something is called that has no words yet."""
    return gettext(words) % {"number": number}


def store(quiz: Quiz, changes: Mapping[Place, Number]) -> None:
    """Writes these cells; 0 leaves one empty."""
    key_of = dict(quiz.outcomes.values_list("pk", "key"))
    choices = {each.pk: each for each in Choice.objects.filter(pk__in={choice for choice, _outcome in changes})}
    for (choice, outcome), number in changes.items():
        points = choices[choice].points
        points.pop(key_of[outcome], None)
        if number:
            points[key_of[outcome]] = number
    Choice.objects.bulk_update(choices.values(), ["points"])
