"""Definition files: a quiz written out, and read back as a draft."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from ..check.differences import Difference, differences, in_order
from ..check.files import Document, FileError
from ..check.refusals import refusal
from ..errors import NotPublishableError
from ..models import Quiz
from ..problems import Problem
from .drafting import definition_of, import_definition
from .enclosing import enclosed, taken_in
from .publishing import problems_of

# What an author may still have to do: it keeps a draft from being published, not from being imported.
UNFINISHED = frozenset(
    {
        "missing_text", "untranslated", "missing_alt", "missing_image", "missing_picture", "missing_color",
        "missing_consent", "unreadable",
        "missing_bound", "missing_attribute",
        "no_questions", "no_fallback", "no_way_out", "no_rows", "too_few_choices", "empty_range",
        "unreachable_outcome", "unknown_question", "unknown_outcome", "unfit_op", "unfit_value", "unfit_attribute",
        "unfit_profile", "unknown_value", "unknown_row", "unfit_quote", "not_sensitive", "backward_jump", "late_gate",
        "scattered_group", "group_order", "jump_from_group", "jump_into_group",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do. `unfinished` keeps the draft from being published.

    `before` and `after` are the draft's definitions; `before` is {} for a new quiz.
    """

    slug: str
    is_new: bool
    differences: tuple[Difference, ...]
    unfinished: tuple[Problem, ...]
    before: dict[str, Any]
    after: dict[str, Any]
    picture_count: int = 0


class NotImportableError(Exception):
    """Every fault with its line."""

    def __init__(self, faults: tuple[FileError, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class _NotKept(Exception):
    """Takes the transaction back."""


def written(raw: dict[str, Any]) -> str:
    """The file of a definition with its pictures: the same definition always gives the same bytes."""
    return json.dumps(in_order(enclosed(raw)), ensure_ascii=False, indent=2) + "\n"


def import_document(document: Document, *, is_kept: bool = True, by: str = "") -> Imported:
    """Writes the draft, or with `is_kept` False only finds out what that would do.

    An import that changes nothing writes nothing. Raises NotImportableError, and then nothing is written either.
    """
    done: list[Imported] = []
    try:
        with transaction.atomic():
            raw, refused, picture_count = taken_in(document.raw, by=by)
            problems = problems_of(raw)
            _refuse(document, (*refused, *(each for each in problems if each.kind not in UNFINISHED)))
            quiz = Quiz.objects.select_for_update().filter(slug=raw["slug"]).first()
            before = in_order(definition_of(quiz)) if quiz else {}
            after = in_order(definition_of(import_definition(raw)))
            found = tuple(differences(before, after))
            done.append(Imported(after["slug"], quiz is None, found, problems, before, after, picture_count))
            if not is_kept or not found:
                raise _NotKept
    except _NotKept:
        pass
    except NotPublishableError as error:
        _refuse(document, error.problems)
    return done[0]


def _refuse(document: Document, problems: tuple[Problem, ...]) -> None:
    if problems:
        faults = (
            FileError(document.line_of(each.path), each.path, refusal(document.raw, each), each.message)
            for each in problems
        )
        raise NotImportableError(tuple(sorted(faults, key=lambda fault: fault.line)))
