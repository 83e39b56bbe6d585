"""One thing that was told: all about it, changing and deleting it; or a pet with all its values."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from .. import registry, selectors, services
from ..access import require_customer
from ..coding import PURCHASES
from ..forms import ValueForm
from .pages import answer, thing_page


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, profile_id: int, attribute_key: str) -> HttpResponse:
    """All about one thing, with a form to change it; what may be entered is what the attribute allows."""
    customer = require_customer(request)
    if request.method != "POST":
        return thing_page(request, (profile_id, attribute_key))
    item = selectors.told_item(customer.id, profile_id, attribute_key, get_language() or "en")
    form = ValueForm(item.attribute, item.value, request.POST)
    if not form.is_valid():
        return thing_page(request, (profile_id, attribute_key), form=form)
    if attribute_key == PURCHASES and not form.told():
        services.forget(profile_id=profile_id, attribute_key=attribute_key)
    else:
        services.correct(profile_id=profile_id, attribute_key=attribute_key, value=form.told())
    return answer(request, gettext("“{item}” is changed.").format(item=item.attribute.label))


@require_POST
def still_right(request: HttpRequest, profile_id: int, attribute_key: str) -> HttpResponse:
    """Says that a value has not changed, so that it is fresh again."""
    customer = require_customer(request)
    item = selectors.told_item(customer.id, profile_id, attribute_key, get_language() or "en")
    services.correct(profile_id=profile_id, attribute_key=attribute_key, value=item.value)
    text = gettext("Good: “{item}” counts again.").format(item=item.attribute.label)
    return answer(request, text, thing=(profile_id, attribute_key))


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest, profile_id: int, attribute_key: str) -> HttpResponse:
    """Says what deleting the value takes along, then does it."""
    customer = require_customer(request)
    item = selectors.told_item(customer.id, profile_id, attribute_key, get_language() or "en")
    if request.method == "POST":
        services.forget(profile_id=profile_id, attribute_key=attribute_key)
        return answer(request, gettext("“{item}” is deleted.").format(item=item.attribute.label))
    change = registry.Change("forget", customer.id, profile_id=profile_id, attribute=attribute_key)
    title = gettext("Delete “{item}”").format(item=item.attribute.label)
    return _ask(request, title, gettext("We forget it and its earlier values."), change)


@require_http_methods(["GET", "HEAD", "POST"])
def forget_profile(request: HttpRequest, profile_id: int) -> HttpResponse:
    """Says what deleting a pet takes along, then does it."""
    customer = require_customer(request)
    profile = next((each for each in selectors.profiles(customer.id) if each.id == profile_id), None)
    if profile is None or profile.kind == "self":
        raise Http404
    name = profile.name or gettext("this pet")
    if request.method == "POST":
        services.forget_profile(profile_id=profile_id)
        return answer(request, gettext("Everything about {name} is deleted.").format(name=name))
    change = registry.Change("forget", customer.id, profile_id=profile_id)
    title = gettext("Delete everything about {name}").format(name=name)
    return _ask(request, title, gettext("All you told about {name} goes.").format(name=name), change)


def _ask(request: HttpRequest, title: str, text: str, change: registry.Change) -> HttpResponse:
    context = {"title": title, "text": text, "losses": registry.losses(change)}
    return render(request, "preferences/forget.html", {**context, "action": request.path})
