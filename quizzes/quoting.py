"""Where texts quote answers: what can't be filled in there.

Decided when a quiz is published, not when a version is read: a stricter rule must not stop what runs already.
"""

from __future__ import annotations

from collections.abc import Iterator

from .parts import QUOTE, Definition, Texts
from .problems import Problem


def problems_with_quotes(definition: Definition) -> Iterator[Problem]:
    """Quotations of no question in a result; and of a question where nothing is filled in, so braces would show."""
    for path, key, texts in _filled_in(definition):
        for language, quoted in _quoted(texts):
            if quoted not in definition.position:
                yield Problem(f"{path}.{language}", "unknown_question", key, f"no question “{quoted}” to quote")
    for path, key, texts in _as_they_are(definition):
        for language, quoted in _quoted(texts):
            if quoted in definition.position:
                yield Problem(f"{path}.{language}", "unfit_quote", key, f"the answer to “{quoted}” is not quoted here")


def _filled_in(definition: Definition) -> Iterator[tuple[str, str, Texts]]:
    """What the result fills in, beside the summary, which the compiler checks."""
    for index, outcome in enumerate(definition.outcomes):
        yield f"outcomes[{index}].title", outcome.key, outcome.title
        for number, step in enumerate(outcome.steps):
            yield f"outcomes[{index}].steps[{number}].title", outcome.key, step.title
            yield f"outcomes[{index}].steps[{number}].text", outcome.key, step.text


def _as_they_are(definition: Definition) -> Iterator[tuple[str, str, Texts]]:
    for index, question in enumerate(definition.questions):
        path, key = f"questions[{index}]", question.key
        for name in ("why", "consent", "unit", "low", "high"):
            yield f"{path}.{name}", key, getattr(question, name)
        for number, choice in enumerate(question.choices):
            for name in ("label", "help", "alt", "feedback"):
                yield f"{path}.choices[{number}].{name}", key, getattr(choice, name)
        for number, row in enumerate(question.rows):
            yield f"{path}.rows[{number}].label", key, row.label
    for index, outcome in enumerate(definition.outcomes):
        yield f"outcomes[{index}].art_alt", outcome.key, outcome.art_alt
        for number, step in enumerate(outcome.steps):
            yield f"outcomes[{index}].steps[{number}].when_to_use", outcome.key, step.when_to_use


def _quoted(texts: Texts) -> Iterator[tuple[str, str]]:
    for language, text in texts.items():
        for quoted, _fallback in QUOTE.findall(text):
            yield language, quoted
