from .drafts import Choice, Outcome, OutcomeStep, Question, Quiz, QuizPurpose, Rule
from .runs import Answer, Handoff, Run
from .versions import QuizVersion

__all__ = [
    "Answer",
    "Choice",
    "Handoff",
    "Outcome",
    "OutcomeStep",
    "Question",
    "Quiz",
    "QuizPurpose",
    "QuizVersion",
    "Rule",
    "Run",
]
