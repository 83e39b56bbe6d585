"""The table of fit as it is stored: answers under their attributes, traits or offers side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from preferences.admin.grid import Cells, cells_as_json, field_id
from preferences.grid import Cell, Grid, Number, Place, tint, written
from preferences.models import Attribute
from preferences.translated import pick

from ..models import Offer, Trait, TraitWeight
from .chosen import Chosen, answerable
from .totals import span

MOST_ROWS = 60
MOST_COLUMNS = 16


@dataclass(frozen=True, slots=True)
class Answer:
    id: int
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Topic:
    """An attribute. `counts`: some use that computes offers covers it."""

    id: int
    key: str
    label: str
    kind: str
    is_sensitive: bool
    counts: bool
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Column:
    id: int
    slug: str
    title: str
    note: str
    url: str
    total: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """`inherited`: what an offer has from its product's traits besides."""

    name: str
    column: int
    text: str
    tint: str
    inherited: str


@dataclass(frozen=True, slots=True)
class Row:
    answer: int
    label: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """An attribute's answers. `seen` is what its cells said when they were read, for a form without JavaScript."""

    topic: Topic
    rows: tuple[Row, ...]
    seen: str


@dataclass(frozen=True)
class Table:
    """`numbers` holds what is not 0, `inherited` what traits add, `typed` what is not kept yet."""

    topics: tuple[Topic, ...]
    columns: tuple[Column, ...]
    numbers: Mapping[Place, Number]
    inherited: Mapping[Place, Number]
    typed: Cells

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        return tuple(
            Group(each, tuple(map(self._row, each.answers)), self._seen({one.id for one in each.answers}))
            for each in self.topics
        )

    @cached_property
    def places(self) -> frozenset[Place]:
        return frozenset((answer, each.id) for answer in self._label for each in self.columns)

    @cached_property
    def grid(self) -> Grid:
        slug_of = {each.id: each.slug for each in self.columns}
        rows = {one.id: (each.key, one.code) for each in self.topics for one in each.answers}
        cells = {(*rows[answer], slug_of[column]): number for (answer, column), number in self.numbers.items()}
        return Grid(tuple(rows.values()), tuple(slug_of.values()), cells)

    @cached_property
    def place_of(self) -> Mapping[Cell, Place]:
        return {
            (each.key, one.code, column.slug): (one.id, column.id)
            for each in self.topics
            for one in each.answers
            for column in self.columns
        }

    @cached_property
    def key_of(self) -> Mapping[int, str]:
        """An answer's attribute."""
        return {one.id: each.key for each in self.topics for one in each.answers}

    def words(self, place: Place) -> str:
        """ "After washing: dry → Rich"."""
        return f"{self._label[place[0]]} → {self._title[place[1]]}"

    def with_typed(self, typed: Cells) -> Table:
        return replace(self, typed=typed)

    @cached_property
    def _label(self) -> dict[int, str]:
        return {one.id: f"{each.label}: {one.label}" for each in self.topics for one in each.answers}

    @cached_property
    def _title(self) -> dict[int, str]:
        return {each.id: each.title for each in self.columns}

    def _row(self, answer: Answer) -> Row:
        return Row(answer.id, answer.label, tuple(self._input((answer.id, each.id)) for each in self.columns))

    def _input(self, place: Place) -> Input:
        number, more = self.numbers.get(place, 0), self.inherited.get(place, 0)
        inherited = f"{more:+g}".replace("-", "\u2212") if more else ""
        return Input(field_id(place), place[1], self.typed.get(place, written(number)), tint(number), inherited)

    def _seen(self, answers: Collection[int]) -> str:
        return cells_as_json({place: written(each) for place, each in self.numbers.items() if place[0] in answers})


@dataclass(frozen=True, slots=True)
class Pages:
    """Which part of how many."""

    here: int
    count: int

    @property
    def before(self) -> int:
        return self.here - 1

    @property
    def after(self) -> int:
        return self.here + 1 if self.here < self.count else 0


@dataclass(frozen=True, slots=True)
class Shown:
    table: Table
    rows: Pages
    columns: Pages
    column_count: int


def read_shown(chosen: Chosen) -> Shown:
    """The part of the table that fits onto a page."""
    parts = _parts(_topics(chosen.attributes()))
    rows = Pages(min(chosen.rows, max(len(parts), 1)), len(parts))
    topics = parts[rows.here - 1] if parts else ()
    found = chosen.narrowed()
    count = found.count()
    columns = Pages(min(chosen.columns, max(-(-count // MOST_COLUMNS), 1)), -(-count // MOST_COLUMNS))
    first = (columns.here - 1) * MOST_COLUMNS
    table = _read(chosen, topics, _columns(chosen, found[first : first + MOST_COLUMNS]), with_totals=True)
    return Shown(table, rows, columns, count)


def read_whole(chosen: Chosen) -> Table:
    """All of what is chosen, for a file."""
    return _read(chosen, _topics(chosen.attributes()), _columns(chosen, chosen.narrowed()))


def read_places(chosen: Chosen, places: Collection[Place]) -> Table:
    """The rows and columns of these cells, of those there are."""
    answers, columns = {answer for answer, _column in places}, {column for _answer, column in places}
    topics = _topics(answerable().filter(features__in=_small(answers)).distinct())
    kept = tuple(replace(each, answers=tuple(one for one in each.answers if one.id in answers)) for each in topics)
    found = chosen.model._default_manager.filter(pk__in=_small(columns)).order_by("pk")
    return _read(chosen, kept, _columns(chosen, found), with_totals=True)


def _small(ids: Iterable[int]) -> list[int]:
    return [each for each in ids if 0 < each < 2**31]


def _parts(topics: Sequence[Topic]) -> list[tuple[Topic, ...]]:
    """As many attributes as fit onto a page, and at least one; one that fits onto none is torn apart."""
    parts: list[list[Topic]] = []
    room = 0
    for topic in topics:
        for first in range(0, len(topic.answers), MOST_ROWS):
            each = replace(topic, answers=topic.answers[first : first + MOST_ROWS])
            if len(each.answers) > room:
                parts.append([])
                room = MOST_ROWS
            parts[-1].append(each)
            room -= len(each.answers)
    return [tuple(each) for each in parts]


def _topics(attributes: QuerySet[Attribute]) -> tuple[Topic, ...]:
    language = get_language() or "en"
    counting = set(Attribute.objects.filter(purposes__computes_offers=True).values_list("pk", flat=True))
    found = []
    for each in attributes.prefetch_related("values", "features"):
        labels = {value.value: pick(value.label, language) for value in each.values.all()}
        order = {value: place for place, value in enumerate(labels)}
        features = sorted(each.features.all(), key=lambda one: (order.get(one.code, len(order)), one.pk))
        answers = tuple(Answer(one.pk, one.code, labels.get(one.code) or _said(one.code)) for one in features)
        label = pick(each.label, language) or each.key
        found.append(Topic(each.pk, each.key, label, each.kind, each.is_sensitive, each.pk in counting, answers))
    return tuple(found)


def _said(code: str) -> str:
    return {"yes": gettext("yes"), "no": gettext("no")}.get(code, code)


def _columns(chosen: Chosen, found: QuerySet[Trait] | QuerySet[Offer]) -> tuple[Column, ...]:
    language = get_language() or "en"
    columns = []
    for each in found.annotate(product_count=Count("products")) if issubclass(found.model, Trait) else found:
        texts = each.name if isinstance(each, Trait) else each.title
        count = getattr(each, "product_count", None)
        note = "" if count is None else ngettext("%(count)s product", "%(count)s products", count) % {"count": count}
        url = reverse(f"admin:recommendations_{chosen.of}_change", args=[each.pk])
        columns.append(Column(each.pk, each.slug, pick(texts, language) or each.slug, note, url))
    return tuple(columns)


def _read(
    chosen: Chosen, topics: tuple[Topic, ...], columns: tuple[Column, ...], *, with_totals: bool = False
) -> Table:
    ids = [each.id for each in columns]
    answers = {one.id for each in topics for one in each.answers}
    weights = chosen.weights._default_manager.filter(**{f"{chosen.of}_id__in": ids})
    stored: dict[Place, Number] = {
        (answer, column): int(number) if float(number).is_integer() else number
        for answer, column, number in weights.values_list("feature_id", f"{chosen.of}_id", "weight")
        if number
    }
    inherited = _inherited(ids) if chosen.model is Offer else {}
    if with_totals:
        columns = _with_totals(columns, stored, inherited)

    def kept(cells: Mapping[Place, Number]) -> dict[Place, Number]:
        return {place: number for place, number in cells.items() if place[0] in answers}

    return Table(topics, columns, kept(stored), kept(inherited), {})


def _inherited(offers: Collection[int]) -> dict[Place, Number]:
    found: dict[Place, Number] = defaultdict(float)
    rows = TraitWeight.objects.filter(trait__products__offers__in=offers)
    for answer, offer, number in rows.values_list("feature_id", "trait__products__offers", "weight"):
        found[answer, offer] += number
    return {place: round(number, 6) for place, number in found.items() if place[1] in set(offers)}


def _with_totals(
    columns: tuple[Column, ...], stored: Mapping[Place, Number], inherited: Mapping[Place, Number]
) -> tuple[Column, ...]:
    """What the answers of one person, all of them told, can add up to at worst and at best."""
    added: dict[int, dict[int, float]] = {each.id: defaultdict(float) for each in columns}
    for cells in (stored, inherited):
        for (answer, column), number in cells.items():
            added[column][answer] += number
    attributes = Attribute.objects.filter(features__in={answer for each in added.values() for answer in each})
    rows = list(attributes.values_list("features", "pk", "kind", "ranking_first"))
    attribute_of = {feature: pk for feature, pk, _kind, _first in rows}
    kinds = {pk: (kind, first) for _feature, pk, kind, first in rows}

    def total(column: Column) -> str:
        weights = [(attribute_of[answer], number) for answer, number in added[column.id].items() if number]
        found = span(weights, kinds)
        return f"{found.least:g} … {found.most:g}".replace("-", "\u2212")

    return tuple(replace(each, total=total(each)) for each in columns)
