"""Any quiz, any answers: strategies for hypothesis that leave out nothing a definition may have."""

from typing import Any

from hypothesis import strategies as st

from quizzes.answers import Answer

from .builders import choice, outcome, question, quiz, text

OUTCOMES = ("plain", "rich", "light")
LINKS: list[dict[str, str]] = [{}, {"utm": "mail"}, {"utm": "other"}]
STARS = {"min": 0, "max": 4, "step": 1}
ROWS = [{"value": value, "label": text(value)} for value in ("x", "y")]
POINTS = st.dictionaries(st.sampled_from(OUTCOMES), st.integers(-2, 3), max_size=2)
LOOKS: dict[str, dict[str, Any]] = {
    "image": {"image": "art/a.svg", "alt": text("A picture")},
    "swatch": {"color": "#123456"},
}
FIELDS: dict[str, dict[str, Any]] = {
    "slider": STARS,
    "number": STARS,
    "date": {"min": "2020-01-01", "max": "2020-01-10"},
    "matrix": {"rows": ROWS},
    "age_gate": {"min": 16},
}
# What rules may ask, by kind: under which key, how, and about what.
ONE = [("", "is", "a"), ("", "is_not", "b"), ("", "in", ["a", "c"]), ("", "not_in", ["c"])]
NUMBER = [("", "at_least", 2), ("", "at_most", 1), ("", "is", 3)]
ASKING: dict[str, list[tuple[str, str, Any]]] = {
    **dict.fromkeys(("single", "image", "swatch", "ranking"), ONE),
    "multiple": [("", "includes", "a"), ("", "is", "b"), ("", "excludes", ["a", "c"])],
    **dict.fromkeys(("slider", "number", "rating", "nps"), NUMBER),
    "date": [("", "before", "2020-01-04"), ("", "after", "2020-01-08"), ("", "is", "2020-01-01")],
    "boolean": [("", "is", True), ("", "is_not", True)],
    "matrix": [(".x", "is", "a"), (".y", "in", ["a", "b"]), (".y", "is_not", "c"), (".x", "answered", True)],
    "hidden": [("", "is", "mail"), ("", "answered", True)],
    **{key: [] for key in ("text", "long_text", "email", "phone", "age_gate", "section")},
}
KINDS = sorted(set(ASKING) - {"hidden", "age_gate"})
VALUES: dict[str, list[Any]] = {
    **{key: ["a", "b", "c"] for key in ("single", "image", "swatch")},
    "multiple": [["a"], ["b"], ["a", "c"], ["a", "b", "c"]],
    "ranking": [["a", "b", "c"], ["c", "a", "b"]],
    **{key: [0, 1, 2, 3, 4] for key in ("slider", "number", "nps")},
    "rating": [1, 2, 3, 5],
    "date": ["2020-01-01", "2020-01-03", "2020-01-09"],
    "boolean": [True, False],
    "matrix": [{"x": "a", "y": "c"}, {"x": "b", "y": "b"}, {"x": "c", "y": "a"}],
    **{key: ["…"] for key in ("text", "long_text", "email", "phone")},
    "age_gate": [True],
}
Known = list[tuple[str, str]]  # what can be asked about: key and kind


@st.composite
def conditions(draw: st.DrawFn, known: Known, depth: int = 2) -> dict[str, Any]:
    shape = draw(st.sampled_from(["leaf", "leaf", "not", "all", "any"])) if depth else "leaf"
    if shape == "not":
        return {"not": draw(conditions(known, depth - 1))}
    if shape != "leaf":
        return {shape: draw(st.lists(conditions(known, depth - 1), min_size=1, max_size=3))}
    key, kind = draw(st.sampled_from(known))
    asked = [*ASKING[kind], ("", "answered", True), ("", "answered", False)]
    row, op, value = draw(st.sampled_from(asked))
    return {"question": f"{key}{row}", "op": op, "value": value}


@st.composite
def quizzes(draw: st.DrawFn, most: int = 7) -> dict[str, Any]:
    """A definition as JSON, which compiles."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=most))
    if draw(st.integers(0, 3)) == 0:
        kinds[0] = "age_gate"
    groups = _groups(draw(st.lists(st.sampled_from("--gh"), min_size=len(kinds), max_size=len(kinds))), kinds)
    questions = []
    for index, kind in enumerate(kinds):
        first = groups.index(groups[index]) if groups[index] else index
        known: Known = [("utm", "hidden"), *((f"q{n}", kinds[n]) for n in range(first))]
        fields: dict[str, Any] = {"seconds": draw(st.integers(1, 30)), **FIELDS.get(kind, {})}
        if kind in ("single", "image", "swatch", "multiple", "ranking", "matrix"):
            fields["choices"] = [choice(value, points=draw(POINTS), **LOOKS.get(kind, {})) for value in "abc"]
        if kind not in ("age_gate", "section"):
            fields |= {"required": draw(st.booleans()), "may_decline": draw(st.booleans())}
            if draw(st.integers(0, 3)) == 0:
                fields["required_if"] = draw(conditions(known))
        if kind != "age_gate" and draw(st.booleans()):
            fields["show_if"] = draw(conditions(known))
        if groups[index]:
            fields["shuffle_group"] = groups[index]
        elif draw(st.integers(0, 2)) == 0:
            later = [n for n in range(index + 1, len(kinds)) if not groups[n] or groups.index(groups[n]) == n]
            to = draw(st.sampled_from([*(f"q{n}" for n in later), "end"]))
            fields["jumps"] = [{"if": draw(conditions([*known, (f"q{index}", kind)])), "to": to}]
        questions.append(question(f"q{index}", kind, **fields))
    questions.append(question("last", choices=[choice(key, points={key: 1}) for key in OUTCOMES]))
    everything: Known = [("utm", "hidden"), *((f"q{n}", kind) for n, kind in enumerate(kinds))]
    when = draw(conditions(everything))
    outcomes = [outcome("plain"), outcome("rich"), outcome("light", when=when)]
    return quiz(*questions, outcomes=outcomes, hidden=["utm"])


def _groups(letters: list[str], kinds: list[str]) -> list[str]:
    """Each letter's first run of neighbours is its group; gates and sections stand outside."""
    found: list[str] = []
    for index, letter in enumerate(letters):
        is_free = letter != "-" and kinds[index] not in ("age_gate", "section")
        goes_on = index > 0 and found[-1] == letter
        found.append(letter if is_free and (goes_on or letter not in found) else "")
    return found


@st.composite
def answers_to(draw: st.DrawFn, raw: dict[str, Any]) -> dict[str, Answer]:
    """To some questions, on the path or not."""
    told = {}
    for each in raw["questions"]:
        if draw(st.integers(0, 4)):
            told[each["key"]] = draw(answer_to(each["kind"], each["key"]))
    return told


@st.composite
def answer_to(draw: st.DrawFn, kind: str, key: str = "") -> Answer:
    if kind == "section":
        return Answer("skipped")
    values = list(OUTCOMES) if key == "last" else VALUES[kind]
    state = "given" if kind == "age_gate" else draw(st.sampled_from(["given", "given", "given", "declined", "skipped"]))
    return Answer(state, draw(st.sampled_from(values)) if state == "given" else None)
