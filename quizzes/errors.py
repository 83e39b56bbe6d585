"""What can go wrong for someone taking or publishing a quiz, one class a rule. Views turn them into pages."""

from __future__ import annotations

from .problems import Problem


class QuizError(Exception):
    """Base of them all."""


class NotOnPathError(QuizError):
    """The question isn't asked on this run's present path."""


class RunGoneError(QuizError):
    """The run was erased while it was being written to."""


class QuizClosedError(QuizError):
    """The quiz closed, or ran full, between the page with its Start button and the press of it."""


class NotYourProfileError(QuizError):
    """The profile isn't the customer's, or of another kind than the quiz is about."""


class HandoffOverError(QuizError):
    """The code was used already, is too old, or never was."""


class NotPublishableError(QuizError):
    """The draft has problems; all are listed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
