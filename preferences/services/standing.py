"""All uses at once: pausing and restricting them, and who is too young for any.

None of this refuses anything else: values are told, corrected and deleted and uses switched on and off meanwhile, and
what is on afterwards is what was left on.
"""

from datetime import date

from ..selectors import age_of_consent
from .acting import InvalidValue, announce, call

PAUSE_DAYS = (7, 30, 90)


def pause(*, days: int, source: str) -> None:
    """Nothing is used for 7, 30 or 90 days from now; then all is as it was, by itself."""
    if days not in PAUSE_DAYS:
        raise InvalidValue(str(days))
    call("pause_uses", days, source)
    announce()


def resume(*, source: str) -> None:
    """Ends a pause before its time."""
    call("resume_uses", source)
    announce()


def restrict(*, source: str) -> None:
    """Everything is kept and nothing used, until the customer lifts it (GDPR Art. 18)."""
    call("restrict_uses", source)
    announce()


def lift_restriction(*, source: str) -> None:
    call("lift_restriction", source)
    announce()


def note_minor(*, is_minor: bool, source: str, of_age_on: date | None = None) -> None:
    """Notes whether the customer is below the brand's age of consent, which ends every use that needs consent.

    `of_age_on`: the day from which they no longer are, where that is known. Whoever is old enough leaves no trace.
    """
    if call("note_minor", is_minor, of_age_on, source):
        announce()


def note_age(
    *, today: date, source: str, born_in: int | None = None, at_least: int | None = None, below: int | None = None
) -> None:
    """Notes what somebody said of their age, as far as it says on which side of the brand's age of consent they are.

    Of a year of birth only the side is kept: whoever reaches the age this year may not have had their birthday, and
    counts as too young until the year ends. Of an age in years, what it leaves open changes nothing.
    """
    age = age_of_consent()
    if born_in is not None:
        of_age_on = date(born_in + age + 1, 1, 1)
        is_minor = today < of_age_on
        note_minor(is_minor=is_minor, of_age_on=of_age_on if is_minor else None, source=source)
    elif at_least is not None and at_least >= age:
        note_minor(is_minor=False, source=source)
    elif below is not None and below <= age:
        note_minor(is_minor=True, source=source)
