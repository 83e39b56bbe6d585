"""What is wrong with a condition of an offer, whom it lets in, and how it reads. Decides without the database."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from preferences.conditions import All, AnyOf, Condition, Not, Test, tests
from recommendations.discretion import requires as requires


@dataclass(frozen=True, slots=True)
class KnownAttribute:
    """An attribute as a condition sees it: its label and the codes it can have with theirs, for the reader."""

    label: str
    codes: Mapping[str, str]
    is_sensitive: bool = False
    is_covered: bool = True  # by the offer's purpose


def problems(condition: Condition, attributes: Mapping[str, KnownAttribute]) -> list[str]:
    """Tests that can never be met: of attributes or answers that do not exist, or that the purpose does not cover."""
    found = []
    for test in tests(condition):
        known = attributes.get(test.key)
        if known is None:
            found.append(gettext("There is no attribute “{key}”.").format(key=test.key))
            continue
        if not known.is_covered:
            found.append(
                gettext("The offer's purpose does not cover “{key}”, so it is never known.").format(key=test.key)
            )
        if test.op == "answered":
            continue
        for value in _values(test):
            if value not in known.codes:
                found.append(
                    gettext("“{key}” has no answer “{value}”; it has {codes}.").format(
                        key=test.key, value=value, codes=", ".join(known.codes) or gettext("none that can be compared")
                    )
                )
    return list(dict.fromkeys(found))


def is_whether_known(condition: Condition) -> bool:
    """Whether it only asks that something was said: what makes it false is that nobody has said anything."""
    match condition:
        case Test(op="answered", value=True):
            return True
        case AnyOf(parts):
            return all(is_whether_known(part) for part in parts)
    return False


def in_words(condition: Condition, attributes: Mapping[str, KnownAttribute], *, nested: bool = False) -> str:
    """ "Skin type is dry and (goals include calm or glow)"."""
    match condition:
        case Test():
            return _test_in_words(condition, attributes)
        case AnyOf(parts) if len(parts) > 1 and all(is_whether_known(part) for part in parts):
            labels = (attributes.get(test.key, KnownAttribute(test.key, {})).label for test in tests(condition))
            text = gettext("one of these is known: {labels}").format(labels=", ".join(f"“{each}”" for each in labels))
            return f"({text})" if nested else text
        case Not(part):
            return str(gettext("not {part}")).format(part=in_words(part, attributes, nested=True))
        case All(parts) | AnyOf(parts):
            joint = gettext(" and ") if isinstance(condition, All) else gettext(" or ")
            text = joint.join(in_words(part, attributes, nested=True) for part in parts)
            return f"({text})" if nested and len(parts) > 1 else text


def _test_in_words(test: Test, attributes: Mapping[str, KnownAttribute]) -> str:
    known = attributes.get(test.key, KnownAttribute(test.key, {}))
    values = gettext(" or ").join(f"“{known.codes.get(value, value)}”" for value in _values(test))
    match test.op:
        case "answered" if test.value is True:
            text = gettext("“{label}” is known")
        case "answered":
            text = gettext("“{label}” is not known")
        case "is":
            text = gettext("“{label}” is exactly {values}")
        case "is_not":
            text = gettext("“{label}” is known and not exactly {values}")
        case "in" | "includes":
            text = gettext("“{label}” is {values}")
        case _:
            text = gettext("“{label}” is known and not {values}")
    return str(text).format(label=known.label, values=values)


def _values(test: Test) -> tuple[str, ...]:
    return tuple(str(value) for value in (test.value if isinstance(test.value, tuple) else (test.value,)))
