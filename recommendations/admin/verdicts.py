"""Verdicts of the engine in a marketer's words: why somebody gets an offer, or which field keeps it from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext

from preferences.conditions import ConditionError
from preferences.models import Feature
from preferences.translated import pick
from recommendations import explaining, offer_rules
from recommendations.models import Offer
from recommendations.offer_rules import KnownAttribute
from recommendations.wording import benefit_in_words

# Where a cause can be changed: the field of the offer's form, and its place on the page.
ANCHORS = {"starts_at": "starts_at_0", "ends_at": "ends_at_0"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a score: an answer, or the prior."""

    words: str
    points: str
    is_against: bool
    is_reason: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """An offer with the arithmetic of its score. Chosen ones have a place, others why not, and where to change it."""

    title: str
    slug: str
    url: str
    benefit: str
    place: int
    lines: tuple[Line, ...]
    score: str
    kind: str = ""
    why_not: str = ""
    field: str = ""
    field_url: str = ""


@dataclass(frozen=True, slots=True)
class Teller:
    """What is needed to tell verdicts on the offers of one purpose in words."""

    offers: Mapping[int, Offer]
    attributes: Mapping[str, KnownAttribute]
    answers: Mapping[int, str]  # by feature id

    @classmethod
    def of(cls, offers: Iterable[Offer], attributes: Mapping[str, KnownAttribute]) -> "Teller":
        answers = {}
        for feature_id, key, code in Feature.objects.values_list("id", "attribute__key", "code"):
            known = attributes.get(key)
            if known:
                answers[feature_id] = f"{known.label}: {known.codes.get(code, code)}"
        return cls({offer.pk: offer for offer in offers}, attributes, answers)

    def tell(self, verdict: explaining.Verdict) -> Explained:
        offer = self.offers[verdict.offer_id]
        if isinstance(verdict, explaining.Chosen):
            return self._explained(offer, verdict.sum, place=verdict.place)
        kind, words, field = self._why_not(verdict)
        return self._explained(offer, verdict.sum, kind=kind, why_not=words, field=field)

    def tell_left_out(self, offer: Offer) -> Explained:
        """Of an offer that no engine has: its condition cannot be read, or it would reveal a sensitive answer."""
        try:
            offer.terms()
        except ConditionError:
            words = gettext("Nobody gets it: its condition cannot be read.")
        else:
            words = gettext("Nobody gets it: it would reveal a sensitive answer. See what its form says.")
        return self._explained(offer, None, kind="unreadable", why_not=words, field="eligibility")

    def _explained(
        self,
        offer: Offer,
        total: explaining.Sum | None,
        *,
        place: int = 0,
        kind: str = "",
        why_not: str = "",
        field: str = "",
    ) -> Explained:
        url = reverse("admin:recommendations_offer_change", args=[offer.pk])
        return Explained(
            title=self._title(offer.pk),
            slug=offer.slug,
            url=url,
            benefit=benefit_in_words(
                offer.benefit_kind, offer.benefit_value, offer.product.price_currency if offer.product else ""
            ),
            place=place,
            lines=self._lines(total) if total else (),
            score=points(total.score) if total else "",
            kind=kind,
            why_not=why_not,
            field=str(Offer._meta.get_field(field).verbose_name) if field else "",  # type: ignore[union-attr]
            field_url=f"{url}#id_{ANCHORS.get(field, field)}" if field else "",
        )

    def _lines(self, total: explaining.Sum) -> tuple[Line, ...]:
        told = [
            Line(self.answers.get(each.feature_id, "?"), signed(each.weight), each.weight < 0, each.is_reason)
            for each in total.contributions
        ]
        return (*told, Line(gettext("Prior, for everybody"), signed(total.prior), total.prior < 0))

    def _title(self, offer_id: int) -> str:
        offer = self.offers[offer_id]
        return pick(offer.title, get_language() or "en") or offer.slug

    def _condition(self, part: explaining.Condition) -> str:
        return offer_rules.in_words(part, self.attributes)

    def _why_not(self, verdict: explaining.Rejection) -> tuple[str, str, str]:
        """A code for the look, the reason in words, and the field it comes from."""
        match verdict:
            case explaining.SwitchedOff():
                return "off", gettext("It is switched off."), "is_active"
            case explaining.NotYet(starts_at=at):
                return "waits", gettext("Not yet: it starts on %(day)s.") % {"day": _moment(at)}, "starts_at"
            case explaining.Over(ended_at=at):
                return "over", gettext("Over since %(day)s.") % {"day": _moment(at)}, "ends_at"
            case explaining.SoldOut():
                return "sold_out", gettext("Sold out: none is left."), "stock"
            case explaining.NotEligible(part=part, is_known=True) if not offer_rules.is_whether_known(part):
                text = gettext("Only for people of whom %(condition)s. This persona said otherwise.")
                return "not_eligible", text % {"condition": self._condition(part)}, "eligibility"
            case explaining.NotEligible(part=part):
                text = gettext("Only for people of whom %(condition)s. This persona has not said.")
                return "unknown", text % {"condition": self._condition(part)}, "eligibility"
            case explaining.Vetoed(part=part):
                text = gettext("Never for people of whom %(condition)s. Of this persona that is so.")
                return "vetoed", text % {"condition": self._condition(part)}, "veto"
            case explaining.Dismissed():
                return "dismissed", gettext("They said that it is not for them."), ""
            case explaining.EnoughOfCategory(ahead=ahead):
                text = gettext("Enough of its category: %(offers)s are ahead of it.")
                both = gettext(" and ").join(f"“{self._title(offer_id)}”" for offer_id in ahead)
                return "enough", text % {"offers": both}, "product"
            case explaining.Outranked(rank=rank, needed=needed):
                text = gettext("Number %(rank)s among those it may have: %(score)s, and %(needed)s was to be beaten.")
                words = {"rank": rank, "score": points(verdict.sum.score), "needed": points(needed)}
                return "outranked", text % words, "prior"


def points(number: float) -> str:
    """ "1.5", "0", "−0.25": at most two decimals, none that say nothing."""
    rounded = round(number, 2) + 0.0
    text = number_format(abs(rounded), 2)
    separator = number_format(0.5, 1)[1]
    text = text.rstrip("0").removesuffix(separator)
    return f"−{text}" if rounded < 0 else text


def signed(number: float) -> str:
    text = points(number)
    return text if text.startswith("−") or text == "0" else f"+{text}"


def _moment(at: object) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")  # type: ignore[arg-type]
