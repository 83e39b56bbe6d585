"""How a quiz begins: from a template, from nothing, or as a copy. (From a file: importing.py.)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.sites import site
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from preferences.fields import TranslatedFormField
from preferences.models import Attribute
from preferences.translated import pick

from ...models import Quiz
from ...reading import MAX_TITLE
from ...services.copying import copy_quiz, free_slug, placed_last
from ...services.gallery import Plan, Template, plan_for, templates, use_template
from ..changes import note_change
from ..frame import PAGES
from ..phone import asked_language
from ..publishing.outline import outline

MAY_ADD_ATTRIBUTES = ("preferences.add_attribute", "preferences.add_attributevalue")


@dataclass(frozen=True, slots=True)
class Card:
    slug: str
    name: str
    description: str
    cover: str
    question_count: int
    outcome_count: int


class BlankForm(forms.Form):
    """What a quiz needs before it can be built: a title in one of its languages."""

    title = TranslatedFormField(long=False, required=False, label=_("Title"))
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        title = {code: text for code, text in cleaned.get("title", {}).items() if code in cleaned.get("languages", ())}
        if "languages" in cleaned and "title" in cleaned and not title:
            self.add_error("title", _("Write a title; you can change it at any time."))
        if any(len(text) > MAX_TITLE for text in title.values()):
            words = {"limit": MAX_TITLE}
            self.add_error("title", forms.ValidationError(_("At most %(limit)s characters."), params=words))
        return cleaned | {"title": title}


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    return show(request)


def show(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    language = get_language() or "en"
    quizzes = [(each.pk, pick(each.title, language) or each.slug) for each in Quiz.objects.all()]
    context = {
        **site.each_context(request),
        "title": gettext("A new quiz"),
        "cards": [_card(each, language) for each in templates().values()],
        "form": BlankForm(initial={"languages": [code for code, _name in settings.LANGUAGES]}),
        "quizzes": quizzes,
        **more,
    }
    return render(request, "admin/quizzes/build/begin.html", context, status=status)


@require_POST
def begin_blank(request: HttpRequest) -> HttpResponse:
    form = BlankForm(request.POST)
    if not form.is_valid():
        return show(request, status=422, form=form)
    title, languages = form.cleaned_data["title"], form.cleaned_data["languages"]
    slug = free_slug(pick(title, languages[0]))
    return led_in(request, placed_last(Quiz.objects.create(slug=slug, title=title, languages=languages)))


@require_POST
def begin_copy(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("quiz", "")
    quiz = get_object_or_404(Quiz, pk=int(asked) if asked.isdecimal() and len(asked) < 19 else 0)
    return led_in(request, copy_quiz(quiz=quiz))


@require_http_methods(["GET", "POST"])
def begin_template(request: HttpRequest, slug: str) -> HttpResponse:
    template = templates().get(slug)
    if template is None:
        raise Http404
    plan = plan_for(template)
    if request.method == "POST" and _may_use(request, plan):
        return led_in(request, use_template(template))
    language = asked_language(request)
    context = {
        **site.each_context(request),
        "title": pick(template.name, language),
        "card": _card(template, language),
        "outline": outline(template.definition, language),
        "language": language,
        "missing": [(pick(each["label"], language), _told_by(each["values"], language)) for each in plan.missing],
        "lacking": _lacking(template, plan, language),
        "clashes": [(pick(each.label, language) or each.key, each.get_kind_display()) for each in plan.clashes],
        "uses": plan.uses,
        "lost_uses": plan.lost_uses,
        "may_use": _may_use(request, plan),
    }
    return render(
        request, "admin/quizzes/build/begin_template.html", context, status=200 if request.method == "GET" else 403
    )


def led_in(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """A new draft is noted, and its author led to the builder's first page."""
    note_change(quiz, request.user.get_username())
    site.get_model_admin(Quiz).log_addition(request, quiz, [{"added": {}}])
    words = {"slug": quiz.slug}
    messages.success(request, gettext("Here it is, for now to you alone. Its address will be /q/%(slug)s/.") % words)
    return redirect(f"admin:quizzes_quiz_{PAGES[0][0]}", quiz.pk)


def _may_use(request: HttpRequest, plan: Plan) -> bool:
    return not plan.adds_attributes or request.user.has_perms(MAY_ADD_ATTRIBUTES)


def _card(template: Template, language: str) -> Card:
    return Card(
        slug=template.slug,
        name=pick(template.name, language),
        description=pick(template.description, language),
        cover=static(template.cover) if template.cover else "",
        question_count=sum(each["kind"] != "section" for each in template.definition["questions"]),
        outcome_count=len(template.definition["outcomes"]),
    )


def _told_by(values: list[dict[str, Any]], language: str) -> str:
    return ", ".join(pick(each["label"], language) for each in values)


def _lacking(template: Template, plan: Plan, language: str) -> list[tuple[str, str]]:
    """Of each attribute that gets more values: its label here, and those."""
    labels = {each.key: each.label for each in Attribute.objects.filter(key__in=plan.lacking)}
    return [
        (
            pick(labels[each["key"]], language),
            _told_by([value for value in each["values"] if value["value"] in plan.lacking[each["key"]]], language),
        )
        for each in template.attributes
        if each["key"] in plan.lacking
    ]
