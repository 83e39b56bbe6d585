"""Quizzes of any length, all of the same density of rules."""

from typing import Any

GOLDEN = 0.618034


def slug(count: int) -> str:
    return f"of-{count}"


def quiz(count: int) -> dict[str, Any]:
    """Questions that earlier answers show, skip and require, three and a third rules each. Whoever takes the first
    choice everywhere is asked all of them, so that the last steps have all the answers behind them."""
    return {
        "schema": 1,
        "slug": slug(count),
        "title": {"en": f"Of {count}"},
        "exchange": {"get": {"en": "A figure"}, "ask": {"en": "Patience"}, "use": {"en": "Nothing"}},
        "minutes": min(60, max(1, count * 7 // 60)),
        "questions": [_question(index, count) for index in range(count)],
        "outcomes": [
            {"key": key, "title": {"en": key.title()}, "summary": {"en": "You are done."}} for key in ("one", "two")
        ],
    }


def rule_count(count: int) -> int:
    return sum(
        len(each["jumps"]) + sum(name in each for name in ("show_if", "required_if"))
        for each in quiz(count)["questions"]
    )


def _question(index: int, count: int) -> dict[str, Any]:
    """Rules ask about questions just before and far before; what they ask is spread evenly, not by chance."""
    near, far = max(0, index - 1), int(index * (index * GOLDEN % 1))
    raw: dict[str, Any] = {
        "key": f"q{index}",
        "kind": "single",
        "title": {"en": f"Question {index + 1}?"},
        "required": index % 3 != 1,
        "choices": [
            {
                "value": value,
                "label": {"en": value.upper()},
                "points": {"one": (index + place) % 3, "two": (index * place) % 3},
            }
            for place, value in enumerate("abcd")
        ],
        "jumps": [
            {"if": {"all": [_is(f"q{index}", value), _is(f"q{near}", "c")]}, "to": _later(index, ahead, count)}
            for value, ahead in (("c", 2), ("d", 9))
        ],
    }
    if index:
        raw["show_if"] = {"any": [_is(f"q{near}", "a"), {"not": _is(f"q{far}", "d")}]}
    if index % 3 == 1:
        raw["required_if"] = {"question": f"q{far}", "op": "in", "value": ["a", "b"]}
    return raw


def _later(index: int, ahead: int, count: int) -> str:
    return f"q{index + ahead}" if index + ahead < count else "end"


def _is(key: str, value: str) -> dict[str, Any]:
    return {"question": key, "op": "is", "value": value}
