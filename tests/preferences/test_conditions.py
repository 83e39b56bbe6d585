"""The condition language: what it reads, what it refuses, and what holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preferences.conditions import ConditionError, holds, operands, parse, to_json


def leaf(op: str, value: object = None, key: str = "skin") -> dict[str, object]:
    return {"question": key, "op": op, "value": value}


DRY = leaf("is", "dry")
OILY = leaf("is", "oily")
AGE = leaf("at_least", 18, "age")


@pytest.mark.parametrize(
    ("raw", "fact", "expected"),
    [
        (leaf("is", "dry"), "dry", True),
        (leaf("is", "dry"), "oily", False),
        (leaf("is", "dry"), None, None),
        (leaf("is_not", "dry"), "oily", True),
        (leaf("is_not", "dry"), None, None),
        (leaf("in", ["dry", "oily"]), "oily", True),
        (leaf("not_in", ["dry", "oily"]), "mixed", True),
        (leaf("includes", "acne"), ["acne", "redness"], True),
        (leaf("includes", ["spots", "acne"]), ["acne"], True),
        (leaf("excludes", "acne"), ["acne"], False),
        (leaf("excludes", "acne"), [], True),
        (leaf("is", "acne"), ["acne", "redness"], False),
        (leaf("at_least", 5), 5, True),
        (leaf("at_least", 5), 4.9, False),
        (leaf("at_most", 5), 6, False),
        (leaf("at_most", 5), "5", None),
        (leaf("at_least", 1), True, None),
        (leaf("is", 1), True, False),
        (leaf("is", True), True, True),
        (leaf("before", "2020-01-01"), "2019-12-31", True),
        (leaf("after", "2020-01-01"), "2019-12-31", False),
        (leaf("after", "2020-01-01"), 5, None),
        (leaf("answered"), "dry", True),
        (leaf("answered"), None, False),
        (leaf("answered", False), None, True),
    ],
)
def test_a_question_is_compared_with_its_answer(raw: dict[str, object], fact: object, expected: bool | None) -> None:
    facts = {} if fact is None else {"skin": fact}
    assert holds(parse(raw, operand="question"), facts) is expected


@pytest.mark.parametrize(
    ("op", "value", "codes", "expected"),
    [
        ("is", "dry", {"dry"}, True),
        ("is", "dry", {"dry", "oily"}, False),
        ("in", ["dry", "oily"], {"oily"}, True),
        ("includes", "dry", {"dry", "oily"}, True),
        ("excludes", "dry", {"dry", "oily"}, False),
        ("not_in", ["dry"], {"oily"}, True),
        ("not_in", ["dry"], set(), None),
        ("answered", None, set(), True),
    ],
)
def test_an_attribute_is_compared_by_its_feature_codes(
    op: str, value: object, codes: set[str], expected: bool | None
) -> None:
    condition = parse({"attribute": "skin", "op": op, "value": value}, operand="attribute")
    assert holds(condition, {"skin": frozenset(codes)}) is expected


@pytest.mark.parametrize(
    ("raw", "facts", "expected"),
    [
        ({"not": DRY}, {}, None),
        ({"not": DRY}, {"skin": "oily"}, True),
        ({"all": [DRY, AGE]}, {"skin": "oily"}, False),
        ({"all": [DRY, AGE]}, {"skin": "dry"}, None),
        ({"all": [DRY, AGE]}, {"skin": "dry", "age": 18}, True),
        ({"any": [DRY, AGE]}, {"skin": "dry"}, True),
        ({"any": [DRY, AGE]}, {"skin": "oily"}, None),
        ({"any": [DRY, OILY]}, {"skin": "mixed"}, False),
    ],
)
def test_unknown_stays_unknown(raw: object, facts: dict[str, object], expected: bool | None) -> None:
    assert holds(parse(raw, operand="question"), facts) is expected


@pytest.mark.parametrize(
    ("raw", "path", "kind"),
    [
        ("dry", "show_if", "not_an_object"),
        ({"all": []}, "show_if.all", "not_a_list"),
        ({"all": [DRY], "any": [DRY]}, "show_if", "extra_keys"),
        ({"all": [DRY, leaf("like", "x")]}, "show_if.all[1].op", "unknown_op"),
        ({"attribute": "skin", "op": "is", "value": "dry"}, "show_if", "no_operand"),
        ({**DRY, "weight": 2}, "show_if", "extra_keys"),
        (leaf("in", "dry"), "show_if.value", "unfit_value"),
        (leaf("is", {"a": 1}), "show_if.value", "unfit_value"),
        (leaf("is", float("nan")), "show_if.value", "unfit_value"),
        (leaf("at_least", "5"), "show_if.value", "unfit_value"),
        (leaf("is", "x" * 201), "show_if.value", "unfit_value"),
        ({"any": [DRY] * 61}, "show_if.any[60]", "too_large"),
    ],
)
def test_a_broken_condition_is_refused_by_its_place(raw: object, path: str, kind: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse(raw, operand="question", path="show_if")
    assert (caught.value.path, caught.value.kind) == (path, kind)


def test_it_refuses_deep_nesting() -> None:
    raw: object = DRY
    for _level in range(10):
        raw = {"not": raw}
    with pytest.raises(ConditionError, match="levels deep"):
        parse(raw, operand="question")


def test_attributes_have_no_order() -> None:
    with pytest.raises(ConditionError, match="known by their bins"):
        parse({"attribute": "age", "op": "at_least", "value": 3}, operand="attribute")


leaves = st.builds(
    leaf, st.sampled_from(["is", "is_not"]), st.sampled_from(["dry", "oily"]), st.sampled_from(["a", "b"])
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.builds(lambda part: {"not": part}, inner)
        | st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3))
        | st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3))
    ),
    max_leaves=6,
).filter(lambda raw: str(raw).count("{") <= 6)


@given(trees, st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["dry", "oily"])))
def test_what_is_decided_stays_decided_when_more_becomes_known(raw: object, facts: dict[str, object]) -> None:
    condition = parse(raw, operand="question")
    early = holds(condition, facts)
    if early is not None:
        for more in ("dry", "oily"):
            assert holds(condition, {"a": more, "b": more, **facts}) is early
    assert parse(to_json(condition), operand="question") == condition
    assert operands(condition) <= {"a", "b"}
