"""What a marketer is told about a condition, and what a sensitive offer must ask."""

import pytest
from hypothesis import given

from preferences.conditions import Condition, Test, holds, parse
from recommendations.offer_rules import KnownAttribute, in_words, problems, requires
from tests.recommendations.test_scoring import conditions

ATTRIBUTES = {
    "skin": KnownAttribute("Skin", {"dry": "dry", "oily": "shiny"}),
    "allergy": KnownAttribute("Allergies", {"nuts": "nuts", "none": "none"}, is_sensitive=True),
    "beliefs": KnownAttribute("Beliefs", {"any": "any"}, is_sensitive=True, is_covered=False),
}
DRY = {"attribute": "skin", "op": "is", "value": "dry"}
NUTS = {"attribute": "allergy", "op": "is", "value": "nuts"}
ANSWERED = {"attribute": "allergy", "op": "answered"}


def read(raw: object) -> Condition:
    return parse(raw, operand="attribute")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (DRY, []),
        ({"any": [DRY, NUTS]}, []),
        ({"attribute": "skin", "op": "is", "value": "blue"}, ["“skin” has no answer “blue”; it has dry, oily."]),
        ({"attribute": "hair", "op": "answered"}, ["There is no attribute “hair”."]),
        (
            {"attribute": "beliefs", "op": "answered"},
            ["The offer's purpose does not cover “beliefs”, so it is never known."],
        ),
    ],
)
def test_a_test_that_nobody_can_meet_is_a_problem(raw: object, expected: list[str]):
    assert problems(read(raw), ATTRIBUTES) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (DRY, False),
        (NUTS, True),
        (ANSWERED, True),
        ({"not": ANSWERED}, False),
        ({"not": {"not": ANSWERED}}, True),
        ({"not": NUTS}, True),
        ({"all": [DRY, NUTS]}, True),
        ({"any": [DRY, NUTS]}, False),
        ({"any": [NUTS, ANSWERED]}, True),
        ({"not": {"all": [DRY, NUTS]}}, False),
        ({"not": {"any": [DRY, NUTS]}}, True),
        ({"attribute": "allergy", "op": "answered", "value": False}, False),
    ],
)
def test_whether_a_condition_always_asks_for_the_sensitive_answer(raw: object, expected: bool):
    assert requires(read(raw), frozenset({"allergy"})) is expected


@given(conditions)
def test_what_requires_an_answer_never_holds_for_those_who_told_nothing(condition: Condition):
    keys = frozenset({"skin", "goals", "vegan", "unheard_of"})
    if requires(condition, keys):
        assert holds(condition, {}) is not True
    if requires(condition, keys, outcome=False):
        assert holds(condition, {}) is not False


def test_a_condition_reads_as_a_sentence():
    raw = {"all": [{"attribute": "skin", "op": "in", "value": ["dry", "oily"]}, {"not": {"any": [NUTS, ANSWERED]}}]}
    assert in_words(read(raw), ATTRIBUTES) == (
        "“Skin” is “dry” or “shiny” and not (“Allergies” is exactly “nuts” or “Allergies” is known)"
    )
    assert in_words(Test("attribute", "gone", "is", "x"), ATTRIBUTES) == "“gone” is exactly “x”"
