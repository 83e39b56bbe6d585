"""Does a quiz make sense as a whole? The rules that need more than one field to decide."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from preferences.conditions import LISTING, SETTING, Condition, Test, tests

from .parts import CHOOSING, END, NUMERIC, SCALES, Definition, Question
from .problems import Problem

QUOTED = re.compile(r"\{([a-z0-9_-]+)(?:\|[^{}|]*)?\}")
RESERVED = frozenset({END, "uses", "result", "continue-elsewhere"})
# A title is a sentence, so it quotes what reads well in one, and nothing sensitive.
UNQUOTABLE = frozenset({"matrix", "age_gate", "section"})
MAX_TEXT_ANSWER = 5000
RANKING_MOST = 25
STARS = (3, 10)
SCALE_MOST = 11
AGES = (1, 99)

Known = dict[str, Question | None]  # what a condition may ask about; a hidden field is no question

_EQUAL = frozenset({"is", "is_not"})
# Which comparisons fit which kind of answer. A ranking is compared by its first place.
FITTING = {
    **dict.fromkeys(("single", "image", "swatch", "ranking"), _EQUAL | LISTING),
    "multiple": _EQUAL | LISTING | SETTING,
    **dict.fromkeys(NUMERIC, _EQUAL | LISTING | {"at_least", "at_most"}),
    "date": _EQUAL | {"before", "after"},
    "boolean": _EQUAL,
    # What is typed, a matrix as a whole, or what is the same for all who go on, is only known to be answered.
    **dict.fromkeys(("text", "long_text", "email", "phone", "matrix", "age_gate", "section"), frozenset[str]()),
}

ROW_FITTING = _EQUAL | LISTING  # of a row of a matrix


def check(definition: Definition, problems: list[Problem]) -> None:
    """Adds to `problems` what is wrong with the quiz as a whole."""
    note = _Noter(problems)
    if not definition.questions:
        note("questions", "no_questions", "", "a quiz asks at least one question")
    if definition.cover and not definition.cover_alt:
        note("cover_alt", "missing_alt", "", "say in words what the cover shows")
    _check_unique(note, [question.key for question in definition.questions], "questions")
    _check_unique(note, [outcome.key for outcome in definition.outcomes], "outcomes")
    earlier: Known = dict.fromkeys(definition.hidden)
    for key in definition.hidden:
        if key in definition.position:
            note("hidden", "duplicate_key", key, "a question has this key already")
    for index, question in enumerate(definition.questions):
        path = f"questions[{index}]"
        _check_question(note, question, path)
        _check_further(note, definition, index)
        _check_conversation(note, question, path, earlier)
        _check_conditions(note, definition, index, earlier)
        earlier[question.key] = question
    _check_groups(note, definition)
    _check_naming(note, definition)
    _check_outcomes(note, definition)


class _Noter:
    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def __call__(self, path: str, kind: str, key: str, message: str) -> None:
        self.problems.append(Problem(path, kind, key, message))


def _check_unique(note: _Noter, keys: list[str], path: str) -> None:
    for key, count in Counter(keys).items():
        if count > 1 and key:
            note(f"{path}[{len(keys) - 1 - keys[::-1].index(key)}].key", "duplicate_key", key, "this key is used twice")


def _check_question(note: _Noter, question: Question, path: str) -> None:
    key, kind = question.key, question.kind
    if key in RESERVED:
        note(f"{path}.key", "reserved_key", key, f"“{key}” has a meaning of its own; choose another key")
    if question.sensitive and not question.consent:
        note(f"{path}.consent", "missing_consent", key, "a sensitive question needs the sentence of its own consent")
    if question.consent and not question.sensitive:
        note(f"{path}.consent", "unfit_field", key, "only a sensitive question has a consent of its own")
    if question.sensitive and not question.attribute:
        note(f"{path}.attribute", "missing_attribute", key, "its consent is recorded for an attribute; name it")
    if question.sensitive and question.required and not question.may_decline:
        note(f"{path}.may_decline", "no_way_out", key, "a sensitive question may be declined or skipped")
    if kind in CHOOSING or kind == "matrix":
        _check_choices(note, question, path)
    elif question.choices:
        note(f"{path}.choices", "unfit_field", key, f"a {kind} question has no choices")
    if kind in NUMERIC:
        _check_range(note, question, path)
    elif question.step is not None and kind not in SCALES:
        note(f"{path}.step", "unfit_field", key, f"a {kind} question has no step")
    if kind == "date":
        low, high = question.min, question.max
        if isinstance(low, str) and isinstance(high, str) and "today" not in (low, high) and low > high:
            note(f"{path}.max", "empty_range", key, "the last date is before the first")
    if kind in ("text", "long_text") and question.max is not None and not 1 <= question.max_length <= MAX_TEXT_ANSWER:
        note(f"{path}.max", "out_of_range", key, f"a text may have 1 to {MAX_TEXT_ANSWER} characters")


def _check_further(note: _Noter, definition: Definition, index: int) -> None:
    """What a matrix, a rating and an age gate need."""
    question = definition.questions[index]
    key, kind, path = question.key, question.kind, f"questions[{index}]"
    if kind == "matrix":
        if not question.rows:
            note(f"{path}.rows", "no_rows", key, "a matrix has at least one row")
        if len(question.choices) > SCALE_MOST:
            note(f"{path}.choices", "too_many", key, f"a scale has at most {SCALE_MOST} steps")
        for value, times in Counter(row.value for row in question.rows).items():
            if times > 1 and value:
                note(f"{path}.rows", "duplicate_row", key, f"“{value}” is there twice")
    elif question.rows:
        note(f"{path}.rows", "unfit_field", key, f"a {kind} question has no rows")
    if kind == "rating" and not _whole_within(question.max, *STARS):
        note(f"{path}.max", "out_of_range", key, f"{STARS[0]} to {STARS[1]} stars")
    if question.by_year and kind != "age_gate":
        note(f"{path}.by_year", "unfit_field", key, f"a {kind} question does not ask for a year of birth")
    if kind == "age_gate":
        if not _whole_within(question.min, *AGES):
            note(f"{path}.min", "missing_bound", key, f"“min” is the age asked for, {AGES[0]} to {AGES[1]}")
        if index > 0:
            note(path, "late_gate", key, "an age gate comes first, so that nothing is kept of who may not go on")
        if not question.required or question.may_decline or question.show_if is not None or question.sensitive:
            note(path, "unfit_field", key, "an age gate is asked of everybody and must be answered")


def _check_conversation(note: _Noter, question: Question, path: str, earlier: Known) -> None:
    """Quoted answers, feedback, shuffled choices, and sections, which ask nothing."""
    key, kind = question.key, question.kind
    for name in ("title", "help"):
        for language, text in getattr(question, name).items():
            for quoted in QUOTED.findall(text):
                here = f"{path}.{name}.{language}"
                source = earlier.get(quoted)
                if source is None:
                    note(here, "unknown_question", key, f"“{quoted}” is not a question asked before this point")
                elif source.kind in UNQUOTABLE or source.sensitive:
                    note(here, "unfit_quote", key, f"the answer to “{quoted}” is not quoted in a question")
    for index, choice in enumerate(question.choices):
        if choice.feedback and kind not in CHOOSING:
            note(f"{path}.choices[{index}].feedback", "unfit_field", key, f"a {kind} question has no feedback")
    if question.shuffle and kind not in CHOOSING:
        note(f"{path}.shuffle", "unfit_field", key, f"a {kind} question has no choices to shuffle")
    if kind == "section":
        asking = question.attribute or question.sensitive or question.may_decline or not question.required
        if asking:
            note(path, "unfit_field", key, "a section asks nothing: it can't be skipped, declined or mapped")


def _whole_within(bound: object, least: int, most: int) -> bool:
    return isinstance(bound, int) and least <= bound <= most


def _check_choices(note: _Noter, question: Question, path: str) -> None:
    key, kind, count = question.key, question.kind, len(question.choices)
    if count < 2:
        note(f"{path}.choices", "too_few_choices", key, "at least two choices")
    for value, times in Counter(choice.value for choice in question.choices).items():
        if times > 1 and value:
            note(f"{path}.choices", "duplicate_choice", key, f"“{value}” is there twice")
    for index, choice in enumerate(question.choices):
        here = f"{path}.choices[{index}]"
        if kind == "image" and not choice.image:
            note(f"{here}.image", "missing_image", key, f"“{choice.value}” needs its picture")
        if choice.image and not choice.alt:
            note(f"{here}.alt", "missing_alt", key, f"say in words what the picture of “{choice.value}” shows")
        if kind == "swatch" and not choice.color:
            note(f"{here}.color", "missing_color", key, f"“{choice.value}” needs its colour")
    if kind == "ranking" and count > RANKING_MOST:
        note(f"{path}.choices", "too_many", key, f"a ranking has at most {RANKING_MOST} items")
    if kind == "multiple" and not question.min_choices <= question.max_choices <= count:
        note(f"{path}.max_choices", "empty_range", key, "min_choices ≤ max_choices ≤ the number of choices")


def _check_range(note: _Noter, question: Question, path: str) -> None:
    low, high, step = question.min, question.max, question.step
    if question.kind == "slider" and (low is None or high is None):
        note(f"{path}.min", "missing_bound", question.key, "a slider has a least and a greatest value")
    if isinstance(low, int | float) and isinstance(high, int | float):
        if low >= high:
            note(f"{path}.max", "empty_range", question.key, "the greatest value is not above the least")
        elif step is not None and step > high - low:
            note(f"{path}.step", "out_of_range", question.key, "the step is larger than the range")
    if step is not None and step <= 0:
        note(f"{path}.step", "out_of_range", question.key, "a step is above 0")


def _check_conditions(note: _Noter, definition: Definition, index: int, earlier: Known) -> None:
    question = definition.questions[index]
    path = f"questions[{index}]"
    if question.show_if is not None:
        _check_condition(note, question.show_if, earlier, f"{path}.show_if", question.key)
    if question.required_if is not None:
        _check_condition(note, question.required_if, earlier, f"{path}.required_if", question.key)
    for number, jump in enumerate(question.jumps):
        here = f"{path}.jumps[{number}]"
        _check_condition(note, jump.condition, {**earlier, question.key: question}, f"{here}.if", question.key)
        if jump.to == END:
            continue
        target = definition.position.get(jump.to)
        if target is None:
            note(f"{here}.to", "unknown_question", question.key, f"there is no question “{jump.to}”")
        elif target <= index:
            note(f"{here}.to", "backward_jump", question.key, "a jump leads forward, to a later question or “end”")


def _check_condition(note: _Noter, condition: Condition, known: Known, path: str, key: str) -> None:
    for test in tests(condition):
        question = known.get(test.about)
        if test.key != test.about and question is not None:
            _check_row(note, test, question, path, key)
        elif question is None and test.key in known:
            if test.op not in _EQUAL | LISTING | {"answered"}:
                note(path, "unfit_op", key, f"“{test.op}” does not fit the hidden field “{test.key}”")
        elif question is None:
            note(path, "unknown_question", key, f"“{test.key}” is not a question asked before this point")
        elif test.op != "answered":
            if test.op not in FITTING.get(question.kind, frozenset()):
                note(path, "unfit_op", key, f"“{test.op}” does not fit the {question.kind} question “{test.key}”")
            else:
                _check_value(note, test, question, path, key)


def _check_row(note: _Noter, test: Test, question: Question, path: str, key: str) -> None:
    """A row of a matrix is asked about as `needs.dryness`, and compared with the steps of the scale."""
    row = test.key.removeprefix(f"{question.key}.")
    if all(each.value != row for each in question.rows):
        note(path, "unknown_row", key, f"“{row}” is not a row of “{question.key}”")
    elif test.op not in ROW_FITTING | {"answered"}:
        note(path, "unfit_op", key, f"“{test.op}” does not fit a row of the matrix “{question.key}”")
    elif test.op != "answered":
        _check_value(note, test, question, path, key)


def _check_value(note: _Noter, test: Test, question: Question, path: str, key: str) -> None:
    for value in test.value if isinstance(test.value, tuple) else (test.value,):
        if question.kind in CHOOSING or question.kind == "matrix":
            fits = isinstance(value, str) and value in question.choice_by_value
        elif question.kind in NUMERIC:
            fits = isinstance(value, int | float) and not isinstance(value, bool)
        elif question.kind == "boolean":
            fits = isinstance(value, bool)
        else:
            fits = isinstance(value, str) and _is_date(value)
        if not fits:
            note(path, "unfit_value", key, f"“{value}” is not an answer to “{test.key}”")


def _check_groups(note: _Noter, definition: Definition) -> None:
    """A group may be asked in any order: nothing in it may depend on one, and it is entered and left as a whole."""
    questions = definition.questions
    for index, question in enumerate(questions):
        group, path, key = question.shuffle_group, f"questions[{index}]", question.key
        for number, jump in enumerate(question.jumps):
            target = definition.position.get(jump.to, index)
            entered = questions[target].shuffle_group
            if group:
                note(f"{path}.jumps[{number}]", "jump_from_group", key, "in a random order, nothing can jump from here")
            elif target > index and entered and target != definition.groups[entered].start:
                message = f"a jump to a group in random order leads to its first question, not to “{jump.to}”"
                note(f"{path}.jumps[{number}].to", "jump_into_group", key, message)
        if not group:
            continue
        place = definition.groups[group]
        members = {each.key for each in questions[place] if each.shuffle_group == group}
        if index > place.start and questions[index - 1].shuffle_group != group:
            note(f"{path}.shuffle_group", "scattered_group", key, f"the questions of “{group}” stand side by side")
        if question.kind in ("age_gate", "section"):
            message = "an age gate comes first" if question.kind == "age_gate" else "a section belongs where it stands"
            note(f"{path}.shuffle_group", "unfit_field", key, f"{message}: leave it out of the random order")
        for name in ("show_if", "required_if"):
            condition: Condition | None = getattr(question, name)
            if condition is not None and any(test.about in members for test in tests(condition)):
                message = "in a random order, it can't ask about another question of its group"
                note(f"{path}.{name}", "group_order", key, message)
        for name in ("title", "help"):
            for language, text in getattr(question, name).items():
                if members.intersection(QUOTED.findall(text)):
                    message = "in a random order, it can't quote another question of its group"
                    note(f"{path}.{name}.{language}", "group_order", key, message)


def _check_naming(note: _Noter, definition: Definition) -> None:
    naming = [(index, question) for index, question in enumerate(definition.questions) if question.names_profile]
    for index, question in naming:
        here = f"questions[{index}].names_profile"
        if question.kind != "text" or definition.profile == "self":
            note(here, "unfit_field", question.key, "only a text question of a quiz about a pet or a child names it")
        if len(naming) > 1:
            note(here, "duplicate", question.key, "only one question names the profile")


def _check_outcomes(note: _Noter, definition: Definition) -> None:
    everything: Known = dict.fromkeys(definition.hidden)
    everything |= {question.key: question for question in definition.questions}
    if not any(outcome.when is None for outcome in definition.outcomes):
        note("outcomes", "no_fallback", "", "at least one outcome has no condition, so that everybody gets a result")
    keys = set(definition.outcome_by_key)
    given: Counter[str] = Counter()
    negative = False
    for index, question in enumerate(definition.questions):
        for number, choice in enumerate(question.choices):
            for outcome, points in choice.points.items():
                here = f"questions[{index}].choices[{number}].points.{outcome}"
                if outcome not in keys:
                    note(here, "unknown_outcome", question.key, f"there is no outcome “{outcome}”")
                given[outcome] += points > 0
                negative = negative or points < 0
    fallback_before = False
    for index, item in enumerate(definition.outcomes):
        path = f"outcomes[{index}]"
        if item.art and not item.art_alt:
            note(f"{path}.art_alt", "missing_alt", item.key, "say in words what the art shows")
        if item.when is not None:
            _check_condition(note, item.when, everything, f"{path}.when", item.key)
        for language, text in item.summary.items():
            for quoted in QUOTED.findall(text):
                if everything.get(quoted) is None:
                    note(f"{path}.summary.{language}", "unknown_question", item.key, f"no question “{quoted}” to quote")
        if fallback_before and not given[item.key] and not negative:
            note(path, "unreachable_outcome", item.key, "no answer gives it points and an earlier outcome always wins")
        fallback_before = fallback_before or item.when is None


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
