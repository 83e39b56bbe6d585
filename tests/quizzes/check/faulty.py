"""A sound quiz, and what goes wrong with it when an author slips."""

from copy import deepcopy
from datetime import date
from typing import Any

from quizzes.check import Context, PurposeSeen

from ..builders import choice, is_, outcome, question, quiz, text

CONTEXT = Context(
    uses={"scent": ["An offer"]},
    sensitive=frozenset({"allergy"}),
    purposes={
        "offers": PurposeSeen(frozenset({"skin", "allergy"}), {"title": text("Offers that fit")}),
        "letters": PurposeSeen(frozenset({"pet_weight"}), {"title": text("Letters")}),
        "pushy": PurposeSeen(frozenset({"skin"}), {"sentence": {"en": "By continuing you say yes."}}),
    },
    languages=("en", "id"),
    today=date(2026, 6, 1),
)


def sound() -> dict[str, Any]:
    """Two outcomes, a branch, a jump, a slider that decides, a sensitive question, and a use for every answer."""
    return deepcopy(
        quiz(
            question(
                "skin",
                attribute="skin",
                seconds=20,
                choices=[
                    choice("dry", points={"rich": 3}),
                    choice("oily", points={"light": 4}),
                    choice("normal", points={"rich": 1}),
                    choice("mixed", points={"light": 2}),
                ],
            ),
            question("flakes", "boolean", show_if=is_("skin", "dry"), seconds=20),
            question(
                "hours",
                "slider",
                min=0,
                max=10,
                step=1,
                seconds=20,
                jumps=[{"if": {"question": "hours", "op": "at_least", "value": 8}, "to": "born"}],
            ),
            question("scent", "boolean", attribute="scent", seconds=20),
            question(
                "born",
                "date",
                min="1920-01-01",
                max="today",
                seconds=20,
                jumps=[{"if": {"question": "born", "op": "before", "value": "1990-01-01"}, "to": "end"}],
            ),
            question(
                "allergy",
                "boolean",
                attribute="allergy",
                sensitive=True,
                consent=text("Yes, use this for my result."),
                may_decline=True,
                seconds=20,
            ),
            purposes=["offers"],
            outcomes=[
                outcome("rich", summary=text("Some have {flakes}.")),
                outcome("light", when={"question": "skin", "op": "in", "value": ["oily", "normal", "mixed"]}),
            ],
        )
    )
