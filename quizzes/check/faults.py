"""What keeps a definition from being published, in the words of the check: by kind where the kind says it all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ..problems import Problem
from .findings import Finding, Phrase, _, finding, remedy_of
from .places import keyed, steps

PRETICKED = frozenset(
    {
        "checked", "ticked", "preticked", "pre_ticked", "prechecked", "preselected", "selected", "default",
        "consent_given",
    }
)  # fmt: skip
MESSAGE = "{message}"  # said as the compiler says it, in English
_NAMED = re.compile(r"“([^”]*)”")

# `Problem.kind` → what is wrong, and what to do. {named} is what its message quotes first, {question} what it quotes
# last. Without a text of its own the message says what is wrong.
_TEXTS: dict[str, tuple[str, str]] = {
    # ── Texts, pictures, colours ──
    "missing_text": (_("A text is missing."), _("Write the text.")),
    "untranslated": (_("It is not written in every language: {languages}."), _("Translate it, or leave it empty.")),
    "missing_alt": (
        _("The picture is not described in words."),
        _("Describe the picture for those who don't see it."),
    ),
    "missing_image": (_("The picture is missing."), _("Choose a picture.")),
    "missing_picture": (_("There is no such picture any more."), _("Choose another picture.")),
    "unreadable": (_("The quiz has colours that people can't read."), _("Choose another colour on the Look page.")),
    "missing_color": (_("The colour is missing."), _("Choose a colour.")),
    "bad_color": (_("This is not a colour."), _("Choose a colour, or write it as #rrggbb.")),
    "bad_path": (_("No picture can be at this address."), _("Choose a picture.")),
    # ── Questions and choices ──
    "no_questions": (_("The quiz asks nothing yet."), _("Add a question.")),
    "too_few_choices": (_("There are fewer than two choices."), _("Add a choice.")),
    "no_rows": (_("The matrix has no row yet."), _("Add a row.")),
    "duplicate_key": (_("“{key}” is the key of two things."), _("Give each its own key.")),
    "duplicate_choice": (_("Two choices have the value “{named}”."), _("Give each choice its own value.")),
    "duplicate_row": (_("Two rows have the value “{named}”."), _("Give each row its own value.")),
    "reserved_key": (_("“{named}” has a meaning of its own."), _("Choose another key.")),
    "missing_bound": (_("Its least or greatest value is missing, or can't be right."), _("Write the value.")),
    "not_a_date": (_("This is not a date."), _("Write the date as YYYY-MM-DD, or “today”.")),
    "not_a_number": (_("This is not a number."), _("Write a number.")),
    "late_gate": (
        _("An age gate comes first, so that nothing is kept of who may not go on."),
        _("Move it to the top."),
    ),
    # ── Rules ──
    "unknown_question": (
        _("It needs the question “{question}”, which is not there, or not asked before."),
        _("Choose another question."),
    ),
    "unknown_outcome": (_("There is no outcome “{named}”."), _("Name an outcome of this quiz, or add it.")),
    "unfit_value": (
        _("“{named}” is not an answer to “{question}”."),
        _("Compare with a value that the question takes."),
    ),
    "unfit_op": (MESSAGE, _("Choose a comparison that fits the kind of question.")),
    "backward_jump": (_("The jump leads back, or to its own question."), _("Jump to a later question or to the end.")),
    "unfinished_rule": (
        _("The rule is not finished."),
        _("Choose what it asks about, what it compares with and where it leads, or take it out."),
    ),
    "missing_condition": (_("The rule has no condition yet."), _("Say when it holds.")),
    "unknown_row": (_("“{named}” is not a row of “{question}”."), _("Choose a row that is there.")),
    "scattered_group": (
        _("The questions of “{named}” are asked in a random order, but do not stand side by side."),
        _("Move them together, or take this one out of the random order."),
    ),
    "jump_from_group": (
        _("Where the order is random, nothing can jump from here."),
        _("Take the jump away, or the question out of the random order."),
    ),
    "jump_into_group": (
        _("The jump leads into the middle of questions that are asked in a random order."),
        _("Jump to the first of them, or past the last."),
    ),
    "group_order": (
        _("In a random order, it can't depend on another question of its group."),
        _("Ask about an earlier question, or take this one out of the random order."),
    ),
    "unfit_quote": (_("The answer to “{question}” can't be quoted here."), _("Take the quotation out.")),
    # ── Outcomes ──
    "no_outcomes": (_("There is no outcome yet."), _("Add an outcome.")),
    "no_fallback": (
        _("Every outcome has a condition, so somebody could be left without a result."),
        _("Let one outcome, which suits everybody, go without a condition."),
    ),
    # ── What is asked of people ──
    "missing_consent": (
        _("A sensitive question needs the sentence of its own consent."),
        _("Write the sentence beside the box."),
    ),
    "missing_attribute": (
        _("Consent is recorded for an attribute, and this sensitive question has none."),
        _("Choose the attribute that the answer tells."),
    ),
    "unknown_attribute": (
        _("There is no attribute “{attribute}”."),
        _("Choose an attribute that exists, or add it."),
    ),
    "unfit_attribute": (
        _("This kind of question can't tell “{attribute}”."),
        _("Choose another kind of question, or another attribute."),
    ),
    "unfit_profile": (
        _("“{attribute}” is about somebody else than the quiz is."),
        _("Choose an attribute of whom the quiz is about."),
    ),
    "unknown_value": (
        _("“{attribute}” has no value {listed}."),
        _("Use the attribute's own values for the choices, or add them to it."),
    ),
    "unknown_purpose": (_("There is no active use “{purpose}”."), _("Choose an active use, or take it out.")),
    # ── Files ──
    "unknown_field": (MESSAGE, _("Remove it, or correct its name.")),
}
# Those that the check has a word for come under that word.
_RENAMED = {
    "backward_jump": "cycle",
    "no_fallback": "dead_end",
    "empty_range": "dead_end",
    "no_way_out": "forced_consent",
    "unreachable_outcome": "outcome_never",
    "not_sensitive": "sensitive_without_consent",
}
# A condition that can't be read yet, or a jump to nowhere.
_UNFINISHED_RULE = re.compile(
    r"\b(show_if|required_if|when|if)\S* (no_operand|unknown_op|not_a_list|not_an_object)$"
    r"|\.value(\[\d+\])? unfit_value$|\.jumps\[\d+\]\.to bad_key$"
)
_WORDS = ("key", "named", "listed", "languages", "question", "attribute", "purpose", "message")


def fault(raw: object, problem: Problem) -> Finding:
    """A problem as a finding. `raw` is the definition that has it."""
    last = steps(problem.path)[-1:]
    if problem.kind == "unknown_field" and last and last[0] in PRETICKED:
        return replace(finding("preticked", keyed(raw, problem.path), field=last[0]), is_blocking=True)
    code = _RENAMED.get(problem.kind, problem.kind)
    says, fix = _TEXTS.get(problem.kind, (MESSAGE, remedy_of(code) or _("Correct it.")))
    if _UNFINISHED_RULE.search(f"{problem.path} {problem.kind}"):
        says, fix = _TEXTS["unfinished_rule"]
    elif problem.kind == "no_fallback" and isinstance(raw, Mapping) and not raw.get("outcomes"):
        says, fix = _TEXTS["no_outcomes"]
    named = _NAMED.findall(problem.message) or [problem.key]
    if problem.kind == "unfit_value" and len(named) == 1:
        says = MESSAGE  # it is no value at all, whatever the question
    words: dict[str, object] = {
        "key": problem.key,
        "named": named[0],
        "question": named[-1],
        "attribute": named[0],
        "purpose": named[0],
        "listed": tuple(problem.message.rpartition(" no value ")[2].split(", ")),
        "languages": tuple(problem.message.rpartition(": ")[2].split(", ")),
        "message": f"{problem.message[:1].upper()}{problem.message[1:].removesuffix('.')}.",
    }
    used = {name: words[name] for name in _WORDS if f"{{{name}}}" in says}
    return Finding(code, "error", keyed(raw, problem.path), Phrase(says, used), Phrase(fix), is_blocking=True)
