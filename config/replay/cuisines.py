"""The cuisine quiz made of the survey's questions: its definition, and what each answer speaks for. Stores nothing.

`definition` is the same JSON as any quiz's; `weights` are what an additive engine needs: how much each answer speaks
for each cuisine's offer.
"""

from collections.abc import Iterator, Mapping

from config.replay.people import Column, Survey

SLUG = "cuisines"
OFFERS = "offers"  # the purpose that customers are asked to switch on

RATING_LABELS = {
    "1": "I hate it",
    "2": "Not my favourite",
    "3": "It's fine",
    "4": "I like it",
    "5": "I could eat it every week",
}
RATING_WEIGHTS = {"1": -3.0, "2": -1.5, "3": 0.2, "4": 1.5, "5": 3.0}
NEIGHBOUR_WEIGHTS = {"1": -0.2, "4": 0.15, "5": 0.3}
INTEREST_WEIGHTS = {"some": 0.1, "much": 0.3}  # for the tables of cuisines that few have tried

TABLES: Mapping[str, tuple[str, ...]] = {
    "spice": ("india", "thailand", "vietnam", "china", "japan", "south_korea"),
    "sun": ("italy", "greece", "spain", "portugal", "turkey", "france", "croatia"),
    "hearth": (
        "germany", "belgium", "england", "ireland", "netherlands", "switzerland", "russia", "bosnia_and_herzegovina",
        "australia",
    ),
    "fire": (
        "mexico", "brazil", "argentina", "chile", "colombia", "costa_rica", "cuba", "ecuador", "honduras", "uruguay",
        "united_states",
    ),
    "market": ("algeria", "cameroon", "ethiopia", "ghana", "ivory_coast", "nigeria", "iran"),
}  # fmt: skip
OUTCOMES = {
    "open": ("The open table", "You have a whole world of plates ahead of you, and nothing to unlearn."),
    "spice": ("The spice shelf", "Heat, herbs and something sour: you're happiest when a plate is bright."),
    "sun": ("The long lunch", "Oil, lemon, bread and time. You'd rather sit an hour longer than have one more course."),
    "hearth": ("The warm kitchen", "You like food that has been on the stove since noon and asks for nothing."),
    "fire": ("The open fire", "Corn, smoke and lime. You eat best standing up, with friends and with your hands."),
    "market": ("The market stall", "You follow your nose to the stall with the queue, and ask questions later."),
}
GENERAL = "first-table"  # the offer for people of whom we know no liking


def table_of(column: Column) -> str:
    """Which of the tables a cuisine belongs to; those the survey adds later sit at the market."""
    country = country_of(column)
    return next((table for table, countries in TABLES.items() if country in countries), "market")


def country_of(column: Column) -> str:
    return column.key.removeprefix("likes_")


def cuisines(survey: Survey) -> list[Column]:
    return [column for column in survey.columns if column.is_cuisine]


def definition(survey: Survey) -> dict[str, object]:
    """The quiz, as it is published: every question may be left out, since not everyone has tried everything."""
    tables = {table_of(column) for column in cuisines(survey)} | {"open"}
    return {
        "schema": 1,
        "slug": SLUG,
        "title": {"en": "A table of your own"},
        "tagline": {"en": "Forty kitchens, and where you'd sit down."},
        "profile": "self",
        "exchange": {
            "get": {"en": "The kitchens you would feel at home in, and one to try next."},
            "ask": {"en": "How you like the food of forty countries. Leave out what you've never eaten."},
            "use": {"en": "For your result. Anything else only if you switch it on at the end."},
        },
        "minutes": 5,
        "purposes": [OFFERS],
        "questions": [_question(column) for column in survey.columns],
        "outcomes": [
            {"key": key, "title": {"en": title}, "summary": {"en": summary}, "steps": []}
            for key, (title, summary) in OUTCOMES.items()
            if key in tables
        ],
    }


def _question(column: Column) -> dict[str, object]:
    title = f"How do you like the food of {_the(column.title)}?" if column.is_cuisine else column.title
    return {
        "key": column.key,
        "kind": "single",
        "attribute": column.key,
        "title": {"en": title},
        "why": {
            "en": "So that the table we lay for you is one you'd choose." if column.is_cuisine else "It helps us ask."
        },
        "required": False,
        "may_decline": not column.is_cuisine,
        "seconds": 4,
        "choices": [
            {"value": code, "label": {"en": label}, "points": _points(column, code)}
            for code, label in labels(column).items()
        ],
    }


def labels(column: Column) -> dict[str, str]:
    """The answers' labels by code, in the order they are shown."""
    return dict(RATING_LABELS) if column.is_cuisine else {code: answer for answer, code in column.codes.items()}


def sentence(column: Column) -> str:
    """What the customer told, in words; {value} is the answer's label."""
    if column.is_cuisine:
        return f"the food of {_the(column.title)}: “{{value}}”"
    return f"your {column.key.replace('_', ' ')}: {{value}}"


def _the(country: str) -> str:
    return f"the {country}" if country in {"Netherlands", "United States"} else country


def _points(column: Column, code: str) -> dict[str, int]:
    points = {"4": 1, "5": 2}.get(code, 0) if column.is_cuisine else 0
    return {table_of(column): points} if points else {}


def weights(survey: Survey, column: Column) -> Iterator[tuple[str, str, float]]:
    """(attribute, code, weight) of everything that speaks for or against the offer of this cuisine."""
    for code, weight in RATING_WEIGHTS.items():
        yield column.key, code, weight
    for neighbour in cuisines(survey):
        if neighbour is not column and table_of(neighbour) == table_of(column):
            for code, weight in NEIGHBOUR_WEIGHTS.items():
                yield neighbour.key, code, weight
    if table_of(column) == "market":
        for code, weight in INTEREST_WEIGHTS.items():
            yield "cuisine_interest", code, weight
