"""Small quizzes to test with, as the JSON a marketer's import would have."""

from typing import Any

from quizzes.answers import Answer

T = dict[str, str]


def text(english: str) -> T:
    return {"en": english, "id": f"{english} (id)"}


def choice(value: str, **fields: Any) -> dict[str, Any]:
    return {"value": value, "label": text(value.title()), **fields}


def question(key: str, kind: str = "single", **fields: Any) -> dict[str, Any]:
    raw: dict[str, Any] = {"key": key, "kind": kind, "title": text(f"About {key}?"), "why": text("So that it fits.")}
    if kind in ("single", "multiple", "ranking") and "choices" not in fields:
        raw["choices"] = [choice("a"), choice("b"), choice("c")]
    return raw | fields


def outcome(key: str, **fields: Any) -> dict[str, Any]:
    return {"key": key, "title": text(key.title()), "summary": text("A summary."), "steps": [], **fields}


def quiz(*questions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "slug": "skin",
        "title": text("Skin"),
        "tagline": text("Find a routine"),
        "profile": "self",
        "exchange": {"get": text("A routine"), "ask": text("Your skin"), "use": text("Only as you allow")},
        "minutes": 2,
        "purposes": [],
        "questions": list(questions) or [question("first"), question("second")],
        "outcomes": [outcome("plain")],
        **fields,
    }


def is_(key: str, value: object) -> dict[str, Any]:
    return {"question": key, "op": "is", "value": value}


def given(**values: Any) -> dict[str, Answer]:
    return {key: Answer("given", value) for key, value in values.items()}


def skin() -> dict[str, Any]:
    """Skin type, then a branch for dry and one for oily skin, a jump over the last question, and three outcomes."""
    return quiz(
        question(
            "skin_type",
            attribute="skin_type",
            seconds=10,
            choices=[
                choice("dry", points={"rich": 2}),
                choice("oily", points={"light": 2}),
                choice("normal", points={"plain": 1}),
            ],
        ),
        question("flakes", "boolean", attribute="flakes", show_if=is_("skin_type", "dry"), seconds=10),
        question("tightness", "slider", min=1, max=5, step=1, show_if=is_("skin_type", "dry"), seconds=10),
        question("shine", "multiple", show_if=is_("skin_type", "oily"), seconds=10),
        question("in_a_hurry", "boolean", seconds=10, jumps=[{"if": is_("in_a_hurry", True), "to": "end"}]),
        question("wishes", "text", required=False, seconds=20),
        outcomes=[
            outcome("plain", summary=text("You said {skin_type}.")),
            outcome("rich", when=is_("skin_type", "dry")),
            outcome("light", when=is_("skin_type", "oily")),
        ],
    )


def care() -> dict[str, Any]:
    """A quiz over the tests' catalogue: skin decides a branch, a sensitive question, a ranking, a use or two."""
    skin_choices = [
        choice("dry", points={"rich": 2}),
        choice("oily", points={"light": 2}),
        choice("balanced", points={"plain": 1}),
    ]
    return quiz(
        question("skin", attribute="skin", choices=skin_choices),
        question(
            "goal",
            "multiple",
            attribute="goal",
            max_choices=2,
            choices=[choice(value) for value in ("calm", "glow", "even")],
            show_if=is_("skin", "dry"),
        ),
        question(
            "allergy",
            "boolean",
            attribute="allergy",
            sensitive=True,
            consent=text("Yes, use this for my result."),
            may_decline=True,
        ),
        question("order", "ranking", attribute="order", choices=[choice(v) for v in ("price", "scent", "feel")]),
        question("words", "text", required=False, max=40),
        slug="care",
        purposes=["offers", "letters"],
        outcomes=[
            outcome("plain", summary=text("You said {skin}.")),
            outcome("rich", when=is_("skin", "dry"), summary=text("You said {skin} and want {goal}.")),
            outcome("light", when=is_("skin", "oily"), summary=text("You said {skin}.")),
        ],
    )


def pet() -> dict[str, Any]:
    return quiz(
        question("pet_name", "text", names_profile=True, max=40),
        question("pet_weight", "number", attribute="weight", min=0.5, max=90, unit=text("kg")),
        slug="pet",
        profile="pet",
        purposes=["offers"],
        outcomes=[outcome("fine", summary=text("{pet_name} weighs {pet_weight}."))],
    )
