"""Findings on what answers are for: nothing may pay for nothing, nothing sensitive go without its own use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preferences.conditions import subjects

from ..parts import Definition, Question
from .answer_space import conditions
from .context import Context
from .findings import Finding, finding

UNPAID = frozenset({"age_gate", "section"})  # the one decides who may go on, the other asks nothing
QUOTED = re.compile(r"\{([a-z0-9_-]+)(?:\|[^{}]*)?\}")


def findings_on_uses(definition: Definition, context: Context) -> Iterator[Finding]:
    asked_about = [context.purposes[slug] for slug in definition.purposes if slug in context.purposes]
    covered = frozenset[str]().union(*(purpose.attributes for purpose in asked_about))
    decides = frozenset[str]().union(*(subjects(condition) for condition in conditions(definition)))
    required = [each.required_if for each in definition.questions if each.required_if is not None]
    decides = decides.union(*map(subjects, required))
    quoted = frozenset(QUOTED.findall(repr(definition)))  # wherever a text quotes an answer, as {skin_type}
    for question in definition.questions:
        place = f"questions/{question.key}"
        pays_in_the_quiz = question.key in decides | quoted or _gives_points(question)
        pays_beyond = question.attribute in covered or bool(context.uses.get(question.attribute or ""))
        if not (pays_in_the_quiz or pays_beyond or question.names_profile or question.kind in UNPAID):
            yield finding("pays_for_nothing", place)
        if question.attribute and (question.sensitive or question.attribute in context.sensitive):
            if not (question.sensitive and question.consent):
                yield finding("sensitive_without_consent", f"{place}/attribute", attribute=question.attribute)
            if question.attribute not in covered:
                yield finding("sensitive_without_purpose", f"{place}/attribute", attribute=question.attribute)
    told = {question.attribute for question in definition.questions}
    for slug in definition.purposes:
        if slug in context.purposes and not context.purposes[slug].attributes & told:
            yield finding("unused_purpose", f"purposes/{slug}", purpose=slug)


def _gives_points(question: Question) -> bool:
    return any(points for choice in question.choices for points in choice.points.values())
