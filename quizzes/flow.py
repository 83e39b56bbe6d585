"""Which question comes next, and how far along a customer is.

A quiz runs forward only: questions in order, each shown unless its `show_if` is not known to hold, each able to jump to
a later one. So every walk ends, and the same answers always give the same path. Answers off the path decide nothing.

The questions of a shuffle group come in an order of the run's own. Nothing inside a group leads out of it or asks about
another member, and nothing leads into its middle; so which of its questions are asked, and what follows it, is the same
in every order, and all that reasons about whole walks (the check, the time left) may take them as they were written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .answers import Answer, Answers, tell
from .order import questions_in_order
from .parts import END, Definition, Question
from .remaining import longest_seconds


@dataclass(frozen=True, slots=True)
class Path:
    """`keys` are the answered questions in order; `next_key` is the first one unanswered, None at the end.

    `abandoned` are answered questions that the walk does not come by; `facts` what the path's answers say; `taken` the
    seconds that the answered questions take.
    """

    keys: tuple[str, ...]
    next_key: str | None
    abandoned: frozenset[str]
    facts: Mapping[str, object]
    place: int  # where `next_key` stands in this run's order
    taken: int

    def __contains__(self, key: str) -> bool:
        return key == self.next_key or key in self.keys

    def after(self, key: str) -> str | None:
        """The question following `key` on the path; None when the end follows."""
        following = (*self.keys[1:], self.next_key)
        return following[self.keys.index(key)] if key in self.keys else None

    def before(self, key: str) -> str | None:
        """The question preceding `key` on the path; None for the first."""
        index = self.keys.index(key) if key in self.keys else len(self.keys)
        return self.keys[index - 1] if index else None


# Answers a question, as it is, to whoever asks it; None for not yet. The mapping is what is known by then.
Answering = Callable[[Question, Mapping[str, object]], Answer | None]


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` of the time of the longest way still possible; never falls as answers are added."""

    percent: int
    seconds_left: int


def walk(definition: Definition, answers: Answers, hidden: Mapping[str, str] | None = None, seed: str = "") -> Path:
    """The path these answers take through the quiz, up to the first question they don't answer.

    `hidden`: what the link brought along; `seed`: what the order of shuffled questions is drawn from.
    """
    return _among(answers, _walk(definition, answers, None, seed, _start(hidden or {})))


def walk_on(definition: Definition, answers: Answers, seed: str, path: Path) -> Path:
    """The same, from the end of `path` on: `answers` are its own and now one to its next question."""
    return _among(answers, _walk(definition, answers, None, seed, path))


def walk_answering(definition: Definition, answer: Answering, hidden: Mapping[str, str]) -> Path:
    """The path of somebody who is asked question by question, in the order written."""
    return _walk(definition, {}, answer, "", _start(hidden))


def _start(hidden: Mapping[str, str]) -> Path:
    return Path((), None, frozenset(), hidden, 0, 0)


def _among(answers: Answers, path: Path) -> Path:
    """The path, and which of the answers it has abandoned."""
    if len(path.keys) == len(answers):
        return path
    return replace(path, abandoned=frozenset(answers.keys() - set(path.keys)))


def _walk(definition: Definition, answers: Answers, ask: Answering | None, seed: str, before: Path) -> Path:
    """On from the end of `before`, by `ask`, or else by `answers`. A long quiz's steps spend their time here."""
    keys, facts, next_key, place, taken = list(before.keys), dict(before.facts), None, before.place, before.taken
    questions = questions_in_order(definition, seed)
    while place < len(questions):
        question = questions[place]
        if (shows := question.shows) is not None and not shows(facts):
            place += 1
            continue
        key = question.key
        answer = answers.get(key) if ask is None else ask(question, facts)
        if answer is None or (question.kind == "age_gate" and answer.state != "given"):
            next_key = key
            break
        keys.append(key)
        taken += question.seconds
        state, value = answer
        if value.__class__ is str:  # by far the most frequent, and says just itself
            facts[key] = value
            if value in question.leads_nowhere:
                place += 1
                continue
        elif state == "given":
            tell(facts, question, value)
        place = following(definition, question, place, facts) if question.jumps else place + 1
    return Path(tuple(keys), next_key, frozenset(), facts, place, taken)


def is_shown(question: Question, facts: Mapping[str, object]) -> bool:
    return question.shows is None or question.shows(facts) is True


def as_asked(question: Question, facts: Mapping[str, object]) -> Question:
    """The question as these facts make it: required where its condition for that holds."""
    return question.if_required if question.requires is not None and question.requires(facts) else question


def following(definition: Definition, question: Question, place: int, facts: Mapping[str, object]) -> int:
    """The place after this question's: where its first jump that holds leads, else the next.

    Jumps lead to questions outside of shuffle groups or to the first place of one, so places are positions there.
    """
    for holds_for, to in question.leads_after(facts.get(question.key)):
        if holds_for(facts):
            return len(definition.questions) if to == END else definition.position[to]
    return place + 1


def progress(definition: Definition, path: Path) -> Progress:
    """How far along the path is, by the questions' seconds."""
    if path.next_key is None:
        return Progress(100, 0)
    index, done = definition.position[path.next_key], frozenset[str]()
    if group := definition.questions[index].shuffle_group:  # whatever its order: what is left is the rest of the group
        place = definition.groups[group]
        index, done = place.start, frozenset(each.key for each in definition.questions[place] if each.key in path.keys)
    left = longest_seconds(definition, index, path.facts, done)
    return Progress(100 * path.taken // (path.taken + left), left)
