"""What a customer hears from us: the page, and the switches on it. Nobody needs an account for it."""

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import services, tasks, time_zones
from ..access import begin_customer, current_customer, require_customer
from ..letters.addresses import LONGEST, normalise
from ..models import Channel, Frequency
from ..presenting import mail as presenting
from ..selectors import mail as selectors

SNOOZES = {"0": 0, "30": 30, "90": 90}


class AddressForm(forms.Form):
    address = forms.CharField(
        label=_("Your e-mail address"),
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_address(self) -> str:
        return normalise(self.cleaned_data["address"])


@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, notice: str = "", form: AddressForm | None = None) -> HttpResponse:
    customer = current_customer(request)
    language = get_language() or "en"
    is_theirs = customer is not None and customer.user_id is not None and customer.user_id == request.user.pk
    account_address = request.user.email if is_theirs else ""  # type: ignore[union-attr]
    context = {
        "mail": presenting.mail_page(customer.id if customer else None, language),
        "form": form or AddressForm(initial={"address": account_address}),
        "is_known": customer is not None,
        "notice": notice or " ".join([str(each) for each in messages.get_messages(request)][-1:]),  # what came last
    }
    return render(request, "preferences/mail/page.html", context, status=422 if form and form.errors else 200)


def _answer(request: HttpRequest, text: str) -> HttpResponse:
    """After a change: the page anew for htmx, a redirect to it otherwise."""
    if getattr(request, "htmx", False):
        return _page(request, text)
    messages.success(request, text)
    return redirect("preferences:mail")


@require_POST
def topic(request: HttpRequest, key: str) -> HttpResponse:
    """Switches a topic on, under the words that the page showed, or off."""
    if request.POST.get("to") != "on":
        require_customer(request)
        services.leave_topic(topic_key=key, source="center")
        return _answer(request, gettext("That is off. Nothing more of it comes."))
    version = request.POST.get("notice", "")
    customer = begin_customer(request)
    try:
        services.choose_topic(
            topic_key=key,
            notice_version=int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else 0,
            language=get_language() or "en",
            source="center",
        )
    except services.NoticeChanged:
        return _answer(request, gettext("These words have just changed. Please read them again, then choose."))
    except services.BelowAge:
        return _answer(request, gettext("You told us that you are too young for this, so it stays off."))
    services.guess_time_zone(customer_id=customer.id, name=request.POST.get("time_zone", ""))
    if selectors.mail_address(customer.id).takes_mail:
        return _answer(request, gettext("That is on."))
    return _answer(request, gettext("Noted. It begins once you have confirmed where to write to."))


@require_POST
def how(request: HttpRequest, key: str) -> HttpResponse:
    """How often a topic comes, and where it is to be read."""
    require_customer(request)
    frequency, channel = request.POST.get("frequency", ""), request.POST.get("channel", "")
    if frequency not in Frequency.values or channel not in Channel.values:
        raise Http404
    try:
        services.set_topic(topic_key=key, frequency=frequency, channel=channel, source="center")
    except services.BelowAge:
        return _answer(request, gettext("You told us that you are too young for this, so it stays off."))
    return _answer(request, gettext("Saved."))


@require_POST
def snooze(request: HttpRequest, key: str) -> HttpResponse:
    """Quiet for a while, or no longer."""
    require_customer(request)
    days = SNOOZES.get(request.POST.get("days", ""))
    if days is None:
        return _answer(request, gettext("Choose 30 or 90 days."))
    services.snooze_topic(topic_key=key, days=days)
    return _answer(request, gettext("Quiet for {days} days.").format(days=days) if days else gettext("It comes again."))


@require_POST
def address(request: HttpRequest) -> HttpResponse:
    """Asks that address, by a link. The answer is the same whoever's it is, and whether a link goes there or not."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    if not ratelimit.consume(request, action="mail_address"):
        return _too_many(request, form)
    customer = begin_customer(request)
    services.guess_time_zone(customer_id=customer.id, name=request.POST.get("time_zone", ""))
    try:
        services.ask_address(address=form.cleaned_data["address"], language=get_language() or "en")
    except services.TooManyAddresses:
        return _too_many(request, form)
    tasks.send_confirmations.delay_on_commit()
    return _answer(request, gettext("A link is on its way to that address. Letters begin once it is pressed."))


def _too_many(request: HttpRequest, form: AddressForm) -> HttpResponse:
    form.add_error("address", ValidationError(gettext("That is enough for today. Please try again tomorrow.")))
    return _page(request, form=form)


@require_POST
def forget_address(request: HttpRequest) -> HttpResponse:
    require_customer(request)
    services.forget_address()
    return _answer(request, gettext("The address is deleted."))


@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: HttpRequest) -> HttpResponse:
    """Where they are, for letters that wait for the day."""
    customer = require_customer(request)
    chosen, of_brand = selectors.time_zones(customer.id)
    if request.method == "POST":
        if services.set_time_zone(customer_id=customer.id, name=request.POST.get("time_zone", "")):
            return _answer(request, gettext("Saved."))
        raise Http404
    context = {"chosen": chosen, "brand_place": time_zones.place_in(of_brand), "regions": time_zones.by_region()}
    return render(request, "preferences/mail/clock.html", context)


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    require_customer(request)
    services.stop_all_mail(source="center")
    return _answer(request, gettext("Everything is off. You hear nothing more from us."))


@require_safe
def letter(request: HttpRequest, sending_id: int) -> HttpResponse:
    """One letter that came, or was laid out here."""
    customer = require_customer(request)
    language = get_language() or "en"
    sent = selectors.letter(customer.id, sending_id)
    old = () if sent.letter else presenting.still_right(customer.id, language)
    context = {"words": presenting.letter_to_read(sent, language), "old": old}
    return render(request, "preferences/mail/read.html", context)
