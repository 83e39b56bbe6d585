"""Rules without code: conditions as rows of “question, comparison, values” in groups of all, any or none.

A page that edits a condition needs three lines:

    condition = ConditionForm("when", stored=outcome.when, operands=askable(definition_of(quiz)), data=request.POST)
    condition.press(request.POST.get("do", ""))     # add a row or a group, or remove one; True if it was this one's
    outcome.when = condition.raw                     # None when there is no condition

`{% include "admin/quizzes/build/_condition.html" %}` draws it, called `condition` in the context, inside the page's own
form; the page loads `builder/logic.css`. Drawn again after `press` or when `needs_redrawing` says so (another question
was chosen, so other values fit), it keeps the focus under htmx. Rows that are not finished are kept as they are: the
draft holds them, and the check says what they lack.
"""

from .form import ConditionForm
from .operands import askable

__all__ = ["ConditionForm", "askable"]
