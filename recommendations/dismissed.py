"""The place where an offer was that somebody dismissed this moment: what it says, and how it is undone.

It lives in the page's address (`?gone=12.0.cream`), so that it is there without JavaScript too, and gone with the next
page. One that was taken back is named there likewise (`?back=…`): the page waits a moment for it to be chosen again.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from preferences.translated import pick
from preferences.wording import day_in_words
from recommendations import selectors
from recommendations.models import Suppression

GONE, BACK = "gone", "back"
LAST_PLACE = 99


@dataclass(frozen=True, slots=True)
class Dismissed:
    """An offer of a profile, and its place among the others when it was there."""

    profile_id: int
    at: int
    slug: str

    def added_to(self, url: str, name: str) -> str:
        return f"{url}{'&' if '?' in url else '?'}{urlencode({name: f'{self.profile_id}.{self.at}.{self.slug}'})}"


NO_PLACE = Dismissed(0, 0, "")


@dataclass(frozen=True, slots=True)
class GoneView:
    """`reasons` are those that may still be given: value and words. `may_be_less`: its category can be had less of."""

    title: str
    text: str
    reason: str
    reasons: tuple[tuple[str, str], ...]
    is_less: bool
    may_be_less: bool
    dismiss_url: str
    undo_url: str
    next_url: str
    at: int
    is_gone: bool = True


def named_in(request: HttpRequest, name: str) -> Dismissed:
    """What the page's address says was dismissed or taken back; nothing for nonsense."""
    profile_id, _, rest = request.GET.get(name, "").partition(".")
    at, _, slug = rest.partition(".")
    if not (_is_number(profile_id) and _is_number(at) and slug):
        return NO_PLACE
    return Dismissed(int(profile_id), min(int(at), LAST_PLACE), slug)


def gone_view(dismissed: Dismissed, language: str, *, next_url: str) -> GoneView | None:
    """None when it is not, or no longer, dismissed."""
    found = selectors.dismissal(dismissed.profile_id, dismissed.slug)
    if found is None:
        return None
    row, is_less = found
    offer = row.offer
    is_open = row.reason == Suppression.Reason.NOT_FOR_ME
    args = [dismissed.profile_id, dismissed.slug]
    return GoneView(
        title=pick(offer.title, language) if offer else "",
        text=_text(row, is_less=is_less),
        reason=row.reason,
        reasons=_reasons() if is_open else (),
        is_less=is_less,
        may_be_less=not is_less and offer is not None and offer.product is not None,
        dismiss_url=reverse("recommendations:dismiss", args=args),
        undo_url=reverse("recommendations:take_back", args=args),
        next_url=next_url,
        at=dismissed.at,
    )


def _text(row: Suppression, *, is_less: bool) -> str:
    if row.until_at is None:
        return gettext("Gone for good, and others like it.") if is_less else gettext("Gone for good.")
    day = day_in_words(row.until_at)
    if is_less:
        return gettext("Gone until {day}, and others like it.").format(day=day)
    return gettext("Gone until {day}.").format(day=day)


def _reasons() -> tuple[tuple[str, str], ...]:
    return (
        (Suppression.Reason.HAVE_IT, gettext("I have it already")),
        (Suppression.Reason.TOO_EXPENSIVE, gettext("Too expensive")),
        (Suppression.Reason.SEEN_TOO_OFTEN, gettext("Seen too often")),
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16
