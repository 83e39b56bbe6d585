"""Where marketers write quizzes. Runs and answers are not here: they are the customers'."""

from . import outcomes, questions, quizzes, versions

__all__ = ["outcomes", "questions", "quizzes", "versions"]
