"""What keeps a draft from being published is told in plain words, also where it is only begun."""

from typing import Any

import pytest

from quizzes.check.faults import fault
from quizzes.definition import compile_definition
from quizzes.problems import DefinitionError
from tests.quizzes.builders import quiz


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"questions": [{"key": "a", "kind": "single", "show_if": {"all": []}}]}, "The rule is not finished."),
        ({"questions": [{"key": "a", "kind": "single", "jumps": [{"to": ""}]}]}, "The rule is not finished."),
        ({"outcomes": []}, "There is no outcome yet."),
    ],
)
def test_what_is_only_begun_is_told_in_plain_words(change: dict[str, Any], words: str) -> None:
    raw = quiz(**change)
    with pytest.raises(DefinitionError) as caught:
        compile_definition(raw)
    assert words in {str(fault(raw, each).says) for each in caught.value.problems}
