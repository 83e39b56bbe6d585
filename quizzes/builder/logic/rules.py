"""The rules of one question: when it is asked, when it must be answered, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...models import Question, Rule
from .form import ConditionForm
from .jumps import JumpsForm
from .operands import askable

RULES = ("show_if", "required_if", "jumps")
_WITHOUT: Mapping[str, tuple[str, ...]] = {"age_gate": ("show_if", "required_if"), "section": ("required_if",)}


class RulesForm:
    """`raw` is the whole draft. What was sent without the field `rules` says nothing about them."""

    def __init__(self, raw: Mapping[str, Any], question: Question, data: Mapping[str, Any] | None = None) -> None:
        if data is not None and "rules" not in data:
            data = None
        self.question = question
        earlier = askable(raw, before=question.key)
        self.show_if = ConditionForm("show_if", stored=question.show_if, operands=earlier, data=data)
        self.required_if = ConditionForm("required_if", stored=question.required_if, operands=earlier, data=data)
        self.jumps = JumpsForm(raw, question.key, askable(raw, before=question.key, itself=True), data)

    @property
    def has_changed(self) -> bool:
        return any(each.has_changed for each in (self.show_if, self.required_if, self.jumps))

    @property
    def offered(self) -> list[str]:
        """Which rules fit the kind, and those that are there although they don't."""
        unfit = _WITHOUT.get(self.question.kind, ())
        return [name for name in RULES if name not in unfit or (name != "jumps" and getattr(self, name).root.parts)]

    @property
    def redrawn(self) -> list[str]:
        return [name for name in RULES if getattr(self, name).needs_redrawing]

    def press(self, pressed: str) -> bool:
        return self.show_if.press(pressed) or self.required_if.press(pressed) or self.jumps.press(pressed)

    def save(self) -> None:
        """Writes what changed; the question itself is saved too."""
        self.question.show_if, self.question.required_if = self.show_if.raw, self.required_if.raw
        self.question.save(update_fields=["show_if", "required_if"])
        if self.jumps.has_changed:
            self.question.rules.all().delete()
            Rule.objects.bulk_create(
                Rule(question=self.question, condition=each["if"], to=each["to"], position=position)
                for position, each in enumerate(self.jumps.raw)
            )
