"""What of a walk still matters from a question on: only that tells situations apart.

A situation is a tuple of facts, one for each operand that was told by then and that a later rule asks about, None where
nothing was told. Of a choice, what no later rule compares with is forgotten too: then it is merely another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter

from preferences.conditions import Condition, Test, decider, operands, tests

from ..parts import Definition, Question
from .answer_space import compared

Known = tuple[object, ...]
Lead = Callable[[Known], Known]
Judge = Callable[[Known], bool]
Compared = Mapping[str, frozenset[object] | None]  # by operand; None where more counts than which choice it was

ANOTHER = "\0"  # a choice that nothing compares with: no choice has this value
_BY_CHOICE = frozenset({"is", "is_not", "in", "not_in", "includes", "excludes", "answered"})


def told_by(question: Question) -> tuple[str, ...]:
    """The operands that its answer tells."""
    rows = tuple(f"{question.key}.{row.value}" for row in question.rows)
    return (question.key, *rows)


class Memory:
    """By position of a question (and the end): the operands that are remembered there, in the order of a situation."""

    def __init__(self, definition: Definition, hidden: Sequence[str]) -> None:
        self.own = [told_by(question) for question in definition.questions]
        self.hidden = tuple(hidden)
        self._asked = _asked_from(definition)
        self.keys: list[tuple[str, ...]] = []
        told: tuple[str, ...] = self.hidden
        for index, asked in enumerate(self._asked):
            self.keys.append(tuple(key for key in told if key in asked))
            told += self.own[index] if index < len(self.own) else ()
        self._leads: dict[tuple[int, int, bool], Lead] = {}

    def at_the_start(self) -> Lead:
        return _lead(self.hidden, self.keys[0], {}, self._asked[0])

    def onward(self, index: int, target: int, *, is_told: bool = True) -> Lead:
        """From a situation at `index`, and what its question tells if it `is_told`, to the one at `target`."""
        lead = self._leads.get((index, target, is_told))
        if lead is None:
            known = self.keys[index] + (self.own[index] if is_told else ())
            lead = _lead(known, self.keys[target], self._asked[index], self._asked[target])
            self._leads[index, target, is_told] = lead
        return lead

    def judge(self, index: int, rule: Condition, *, is_told: bool = False) -> Judge:
        """Whether a rule holds in a situation at `index`; with what its question tells, if it `is_told`."""
        known = self.keys[index] + (self.own[index] if is_told and index < len(self.own) else ())
        asked = tuple(operands(rule))
        pick = _picker([known.index(key) if key in known else len(known) for key in asked], len(known))
        holds, found = decider(rule), dict[Known, bool]()

        def judge(state: Known) -> bool:
            facts = pick(state)
            said = found.get(facts)
            if said is None:
                said = found[facts] = holds(dict(zip(asked, facts, strict=True))) is True
            return said

        return judge


def _asked_from(definition: Definition) -> list[Compared]:
    """By position: what rules from there on, and outcomes, ask about, and which choices they tell apart."""
    later: dict[str, frozenset[object] | None] = {}
    _note(later, (each.when for each in definition.outcomes))
    found: list[Compared] = [dict(later)]
    for question in reversed(definition.questions):
        _note(later, (question.show_if, question.required_if, *(jump.condition for jump in question.jumps)))
        found.append(dict(later))
    return found[::-1]


def _note(later: dict[str, frozenset[object] | None], rules: Iterable[Condition | None]) -> None:
    for rule in rules:
        for test in tests(rule) if rule is not None else ():
            before = later.get(test.key, frozenset())
            later[test.key] = None if before is None or test.op not in _BY_CHOICE else before | _values(test)


def _values(test: Test) -> frozenset[object]:
    return frozenset(compared([test]))


def _lead(known: Sequence[str], kept: Sequence[str], asked: Compared, asked_then: Compared) -> Lead:
    nothing = len(known)
    places = [known.index(key) if key in known else nothing for key in kept]
    forgetting = {
        place: values
        for place, key in enumerate(kept)
        if (values := asked_then.get(key)) is not None and values != asked.get(key)
    }
    pick = _picker(places, nothing)
    if not forgetting:
        return pick
    seen: dict[Known, Known] = {}

    def lead(state: Known) -> Known:
        picked = pick(state)
        found = seen.get(picked)
        if found is None:
            forgot = list(picked)
            for place, values in forgetting.items():
                forgot[place] = _forgotten(forgot[place], values)
            found = seen[picked] = tuple(forgot)
        return found

    return lead


def _picker(places: Sequence[int], nothing: int) -> Lead:
    if not places:
        return lambda _state: ()
    get = itemgetter(*places)
    one = len(places) == 1
    if nothing not in places:
        return (lambda state: (get(state),)) if one else get
    return (lambda state: (get((*state, None)),)) if one else (lambda state: get((*state, None)))


def _forgotten(fact: object, values: frozenset[object]) -> object:
    if isinstance(fact, str):
        return fact if fact in values else ANOTHER
    if isinstance(fact, tuple):
        kept = tuple(each for each in fact if each in values)
        return kept if len(kept) == len(fact) else (*kept, ANOTHER)
    return fact
