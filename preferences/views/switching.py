"""Switching uses on and off, whole or for single things, and taking it back."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from .. import selectors, services
from ..access import objects_to_sharing, require_customer
from ..services import undo_token
from .pages import answer, sent_thing


@require_POST
def switch_use(request: HttpRequest, slug: str) -> HttpResponse:
    """Switches a purpose on or off: what it fed is gone when the answer is sent.

    On only under the text that the page showed.
    """
    customer = require_customer(request)
    language = get_language() or "en"
    use = selectors.switch(slug, language)
    control = f"switch-{slug}"
    if request.POST.get("to") == "on":
        if use.is_shared and objects_to_sharing(request):
            text = gettext("Your browser asks us not to share, so “{use}” stays off.")
            return answer(request, text.format(use=use.title), control=control)
        if request.POST.get("notice", str(use.version)) != str(use.version):
            text = gettext("These words have just changed. Please read them again, then choose.")
            return answer(request, text, control=control)
        try:
            services.grant(purpose_slug=slug, language=language, source="center")
        except services.BelowAge:
            text = gettext("You told us that you are too young for us to ask. So “{use}” stays off.")
            return answer(request, text.format(use=use.title), control=control)
        return answer(request, _is_on(customer.id, use.title), undo=undo_token(), control=control)
    services.withdraw(purpose_slug=slug, source="center")
    text = gettext("“{use}” is off. What was made from it is gone.").format(use=use.title)
    return answer(request, text, undo=undo_token(), control=control)


def _is_on(customer_id: int, title: str) -> str:
    """What switching a use on does; while everything is stopped, nothing yet."""
    standing = selectors.standing(customer_id)
    if standing.is_restricted:
        text = gettext("“{use}” is on. It stays unused until you let us use your answers again.")
    elif standing.paused_until:
        text = gettext("“{use}” is on. It stays unused until your pause is over.")
    else:
        text = gettext("“{use}” is on.")
    return text.format(use=title)


@require_POST
def object_to_use(request: HttpRequest, slug: str) -> HttpResponse:
    """Switches a purpose off for good: no quiz asks about it again, until it is switched on here."""
    require_customer(request)
    use = selectors.switch(slug, get_language() or "en")
    services.object_to(purpose_slug=slug, source="center")
    text = gettext("“{use}” is off, and we don't ask again.").format(use=use.title)
    undo = undo_token() if use.granted_version else ""
    return answer(request, text, undo=undo, control=f"switch-{slug}")


@require_POST
def switch_item(request: HttpRequest, profile_id: int, attribute_key: str, slug: str) -> HttpResponse:
    """Takes one item out of a purpose, or puts it back."""
    customer = require_customer(request)
    language = get_language() or "en"
    title = selectors.switch(slug, language).title
    item = selectors.told_item(customer.id, profile_id, attribute_key, language)
    facts = {"item": item.attribute.label, "use": title}
    change = {"profile_id": profile_id, "purpose_slug": slug, "attribute_key": attribute_key, "source": "center"}
    if request.POST.get("to") == "on":
        services.include(**change)
        text = gettext("“{item}” may be used for “{use}”.").format(**facts)
    else:
        services.exclude(**change)
        text = gettext("“{item}” is no longer used for “{use}”.").format(**facts)
    control = f"switch-{profile_id}-{attribute_key}-{slug}"
    undo = undo_token(profile_id=profile_id)
    return answer(request, text, undo=undo, control=control, thing=(profile_id, attribute_key))


@require_POST
def switch_item_for_all(request: HttpRequest, profile_id: int, attribute_key: str) -> HttpResponse:
    """Takes one item out of every purpose that is on, or puts it back into all of them."""
    customer = require_customer(request)
    language = get_language() or "en"
    item = selectors.told_item(customer.id, profile_id, attribute_key, language)
    uses = [each.slug for each in selectors.purposes(customer.id, language) if attribute_key in each.allowed]
    is_on = request.POST.get("to") == "on"
    for slug in uses:
        change = {"profile_id": profile_id, "purpose_slug": slug, "attribute_key": attribute_key, "source": "center"}
        if is_on and slug in item.excluded_from:
            services.include(**change)
        elif not is_on and slug not in item.excluded_from:
            services.exclude(**change)
    text = gettext("“{item}” may be used again.") if is_on else gettext("“{item}” is not used for anything now.")
    return answer(
        request,
        text.format(item=item.attribute.label),
        undo=undo_token(profile_id=profile_id),
        control=f"all-{profile_id}-{attribute_key}",
        thing=(profile_id, attribute_key),
    )


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Puts everything back as it was before the last change, while that can be undone."""
    require_customer(request)
    if services.undo(token=request.POST.get("token", "")):
        text = gettext("Undone: everything is as it was.")
    else:
        text = gettext("It is too late to undo this, but you can switch it back by hand.")
    thing = sent_thing(request.POST.get("thing", ""))
    return answer(request, text, control=request.POST.get("control", "")[:150], thing=thing)
