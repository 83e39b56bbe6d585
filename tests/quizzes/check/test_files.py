"""Definition files: any file is either read or refused with line and key, and nothing else happens."""

import json
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from quizzes.check.differences import differences, in_order
from quizzes.check.files import MAX_BYTES, FileError, read_document

from ..builders import care

GOOD = json.dumps(care(), indent=2, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "line", "key", "says"),
    [
        ("", 1, "", "ends too early"),
        ("[]", 1, "", "an object"),
        ('{\n"slug": "a",\n"slug": "b"}', 3, "slug", "twice"),
        ('{"a": {\n"b": [1,\n{"c": 1, "c": 2}]}}', 3, "a.b[1].c", "twice"),
        ('{\n\n"minutes": NaN}', 3, "minutes", "“NaN” is not a value"),
        ('{"minutes":\n-Infinity}', 2, "minutes", "is not a value"),
        ('{"minutes": 1e999}', 1, "minutes", "larger"),
        ('{"minutes": ' + "9" * 5000 + "}", 1, "minutes", "larger"),
        ('{"minutes": 007}', 1, "minutes", "“,” or “}” is expected"),
        ('{"a": ' + "[" * 100_000, 1, "a", "nested"),
        ('{"a":' * 50 + "1" + "}" * 50, 1, "a.a", "nested"),
        ('{"a": "\\u0000"}', 1, "a", "can't be stored"),
        ('{"a": "\\ud800"}', 1, "a", "can't be stored"),
        ('{"a": "two\nlines"}', 1, "a", "control character"),
        ('{"a": 1,}', 1, "", "a name in double quotes"),
        ('{"a": [1,]}', 1, "a[1]", "is not a value"),
        ("{'a': 1}", 1, "", "a name in double quotes"),
        ('{"a": 1}\n{"b": 2}', 2, "", "nothing may follow"),
        ('{"a": "open', 1, "a", "unterminated"),
        ('{"a": undefined}', 1, "a", "“undefined” is not a value"),
    ],
)
def test_a_broken_or_hostile_file_is_refused_by_line_and_key(text: str, line: int, key: str, says: str) -> None:
    with pytest.raises(FileError, match=says) as refused:
        read_document(text.encode())
    assert refused.value.line == line
    assert refused.value.key.startswith(key)


def test_a_huge_file_is_refused_unread() -> None:
    with pytest.raises(FileError, match="larger than 1 MB"):
        read_document(b"[" * (MAX_BYTES + 1))


def test_a_file_that_is_no_text_is_refused_by_line() -> None:
    with pytest.raises(FileError, match="line 2: the file is not UTF-8"):
        read_document(b'{\n"a": "\xff"}')


def test_a_windows_editors_mark_is_no_fault() -> None:
    assert read_document(b"\xef\xbb\xbf" + GOOD.encode()).raw == care()


def test_every_value_has_its_line() -> None:
    document = read_document(GOOD.encode())
    lines = GOOD.split("\n")
    line = document.line_of("questions[1].choices[2].value")
    assert lines[line - 1].strip() == '"value": "even",'
    assert document.line_of("questions[1].choices[2].alt") == document.line_of("questions[1].choices[2]")
    assert document.line_of("nothing.of[3].this") == 1


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text("abc_.[]", max_size=4), inside, max_size=4),
    max_leaves=20,
)


@given_any(st.dictionaries(st.text("abc"), JSON), st.sampled_from([None, 2]))
@settings(max_examples=100, deadline=None)
def test_it_reads_what_json_reads(raw: dict[str, Any], indent: int | None) -> None:
    assert read_document(json.dumps(raw, indent=indent).encode()).raw == raw


@given_any(st.data())
@settings(max_examples=150, deadline=None)
def test_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(GOOD)))
    length = data.draw(st.integers(0, 40))
    content = (GOOD[:cut] + data.draw(st.text('{}[]",:0-eN\\ \n', max_size=6)) + GOOD[cut + length :]).encode()
    refused = None
    try:
        document = read_document(content)
    except FileError as error:
        refused = error
    if refused is None:
        assert document.raw == json.loads(content)
    else:
        assert 1 <= refused.line <= content.count(b"\n") + 1


def test_differences_are_told_by_key_wherever_they_stand() -> None:
    before, after = care(), care()
    after["title"]["en"] = "Your skin"
    after["questions"][0]["choices"].pop()
    after["questions"].insert(0, after["questions"].pop(1))
    after["outcomes"].append({"key": "new", "title": {"en": "New"}})
    assert [str(each) for each in differences(before, after)] == [
        "~ title/en: Skin → Your skin",
        "- questions/skin/choices/balanced: Balanced",
        "~ questions: another order",
        "+ outcomes/new: New",
    ]
    assert list(differences(in_order(before), before)) == []
