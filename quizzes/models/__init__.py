from .drafts import Choice, Outcome, OutcomeStep, Question, Quiz, QuizPurpose, Rule
from .pictures import Picture
from .runs import Answer, Handoff, Run
from .versions import QuizVersion, Tally

__all__ = [
    "Answer",
    "Choice",
    "Handoff",
    "Outcome",
    "OutcomeStep",
    "Picture",
    "Question",
    "Quiz",
    "QuizPurpose",
    "QuizVersion",
    "Rule",
    "Run",
    "Tally",
]
