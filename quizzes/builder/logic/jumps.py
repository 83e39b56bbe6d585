"""Where a question leads: its jumps, each a condition and a later question or the end, in the order they are tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from ...parts import END
from .form import ConditionForm
from .operands import UNASKABLE, Operands
from .shown import Option

MOST_JUMPS = 20
NEVER: Mapping[str, Any] = {"all": []}  # a condition that is not written yet


class JumpForm:
    def __init__(
        self, prefix: str, stored: Mapping[str, Any], operands: Operands, data: Mapping[str, Any] | None
    ) -> None:
        self.condition = ConditionForm(prefix, stored=stored.get("if"), operands=operands, data=data)
        self.name = f"{prefix}-to"
        self.stored_to = str(stored.get("to") or "")
        self.to = self.stored_to if data is None else str(data.get(self.name, "")).replace("\0", "")[:50]
        self.operands = operands

    @property
    def raw(self) -> dict[str, Any]:
        return {"if": self.condition.raw or NEVER, "to": self.to}

    @property
    def sentence(self) -> str:
        return self.operands.voice.jump(self.raw)


class JumpsForm:
    """The jumps of the question `key` of a draft, under the field names `jump-0-…`."""

    def __init__(
        self, raw: Mapping[str, Any], key: str, operands: Operands, data: Mapping[str, Any] | None = None
    ) -> None:
        self.key, self.operands = key, operands
        questions = list(operands.voice.questions)
        self.later = questions[questions.index(key) + 1 :] if key in questions else []
        own: Mapping[str, Any] = operands.voice.questions.get(key, {})
        self.stored: Sequence[Mapping[str, Any]] = own.get("jumps") or []
        self.can_ask_itself = own.get("kind") not in UNASKABLE
        count = len(self.stored) if data is None else _count(data.get("jump-count"))
        self.forms = [self._form(index, data) for index in range(count)]
        self.pressed = ""

    @property
    def raw(self) -> list[dict[str, Any]]:
        return [each.raw for each in self.forms]

    @property
    def has_changed(self) -> bool:
        return self.raw != [{"if": each.get("if") or NEVER, "to": each.get("to", "")} for each in self.stored]

    @property
    def needs_redrawing(self) -> bool:
        return bool(self.pressed) or any(each.condition.needs_redrawing for each in self.forms)

    @property
    def sentence(self) -> str:
        return "; ".join(each.sentence for each in self.forms)

    @property
    def can_grow(self) -> bool:
        return len(self.forms) < MOST_JUMPS

    def press(self, pressed: str) -> bool:
        """`jump-add`, `jump-remove:<index>`, `jump-up:<index>`, `jump-down:<index>`, or a button of a condition."""
        if any(each.condition.press(pressed) for each in self.forms):
            return True
        verb, _colon, which = pressed.partition(":")
        if verb == "jump-add":
            if self.can_grow:
                self._become([*self.raw, {"if": self._first_question(), "to": ""}])
                self.forms[-1].condition.focus = f"jump-{len(self.forms) - 1}-0"
        elif verb in ("jump-remove", "jump-up", "jump-down") and _count(which) < len(self.forms) and which:
            rest, place = self.raw, _count(which)
            moved = rest.pop(place)
            if verb != "jump-remove":
                rest.insert(max(0, place + (1 if verb == "jump-down" else -1)), moved)
            self._become(rest)
        else:
            return False
        self.pressed = pressed
        return True

    def targets(self, form: JumpForm) -> list[Option]:
        voice = self.operands.voice
        options = [Option(each, voice.question(each), each == form.to) for each in self.later]
        options.append(Option(END, gettext("the end of the quiz"), form.to == END))
        if form.to and not any(each.is_chosen for each in options):
            said = gettext("%(question)s: not a later question") % {"question": voice.question(form.to)}
            options.append(Option(form.to, said, is_chosen=True))
        return options

    @property
    def shown(self) -> list[tuple[JumpForm, list[Option]]]:
        return [(each, self.targets(each)) for each in self.forms]

    def _form(self, index: int, data: Mapping[str, Any] | None) -> JumpForm:
        stored = self.stored[index] if index < len(self.stored) else {}
        return JumpForm(f"jump-{index}", stored, self.operands, data)

    def _become(self, raw: list[dict[str, Any]]) -> None:
        self.forms = [JumpForm(f"jump-{index}", each, self.operands, None) for index, each in enumerate(raw)]

    def _first_question(self) -> dict[str, Any]:
        """Most jumps ask about the question they start from."""
        of = self.key if self.can_ask_itself else ""
        op = self.operands.get(of).ops[0][0] if of else ""
        return {"all": [{"question": of, "op": op, "value": True if op == "answered" else ""}]}


def _count(text: Any) -> int:
    sent = str(text or "")
    return min(int(sent), MOST_JUMPS) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0
