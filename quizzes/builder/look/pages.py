"""The Look page: a quiz's own colours, corners and letters, seen at once by day and by night, and refused when people
could not read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from unfold.widgets import UnfoldAdminTextInputWidget

from preferences.models import Brand

from ...definition import COLOR
from ...look import DARK, LIGHT, Contrast, Fault, colours, contrasts, faults, shade_of
from ...models import Quiz
from ...parts import Look
from ..autosave import differences, refusals_of, revision_seen, show_saved, token_for, who_changed
from ..changes import locked, note_change
from ..frame import framed, is_htmx
from ..phone import asked_language

SHOWN: Mapping[str, str | Promise] = {"start": _("Beginning"), "question": _("A question"), "result": _("Result")}
FRONTS: Mapping[str, str | Promise] = {
    "ink": _("Text"),
    "ink-soft": _("Small text"),
    "link": _("Links"),
    "bad": _("What went wrong"),
    "on-accent": _("Words on buttons"),
    "accent": _("Buttons and marks"),
    "edge": _("Outlines"),
}
SCHEMES: Mapping[str, str | Promise] = {LIGHT: _("by day"), DARK: _("at night")}
# Somewhere to start from: each passes the check.
PRESETS: Mapping[str, tuple[str | Promise, Look]] = {
    "apothecary": (_("Apothecary"), Look("#1f4d3a", "#f4efe4", "sharp", "serif")),
    "candy": (_("Candy"), Look("#d6006e", "#fff0f6", "round", "sans")),
    "ink": (_("Ink"), Look("#111111", "#ffffff", "sharp", "sans")),
    "clay": (_("Clay"), Look("#a8492a", "#fbf3ea", "soft", "serif")),
    "sea": (_("Sea"), Look("#0b5c7a", "#eef6f8", "round", "sans")),
    "night": (_("Night"), Look("#f2c94c", "#10261c", "soft", "serif")),
}
BRANDS = "none"


class LookForm(forms.Form):
    accent = forms.CharField(
        label=_("Accent"), required=False, max_length=20, help_text=_("Buttons, marks, the line that says how far.")
    )
    ground = forms.CharField(label=_("Ground"), required=False, max_length=20, help_text=_("What everything lies on."))
    corners = forms.ChoiceField(
        label=_("Corners"),
        required=False,
        choices=[("", _("The brand’s")), ("sharp", _("Sharp")), ("soft", _("Soft")), ("round", _("Round"))],
        widget=forms.RadioSelect,
    )
    letters = forms.ChoiceField(
        label=_("Headings"),
        required=False,
        choices=[("", _("The brand’s")), ("serif", _("Serif")), ("sans", _("Sans"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("accent", "ground"):
            attrs = {"maxlength": "7", "placeholder": "#rrggbb", "spellcheck": "false", "autocomplete": "off"}
            self.fields[name].widget = UnfoldAdminTextInputWidget(attrs=attrs)
        self.wanted: Look | None = None  # when it is one at all, readable or not
        self.faults: list[Fault] = []

    def clean_accent(self) -> str:
        return self._colour("accent")

    def clean_ground(self) -> str:
        return self._colour("ground")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            self.wanted = self.look()
            self.faults = faults(self.wanted)
            for each in self.faults[:1]:
                self.add_error(each.field, in_words(each.contrast))
        return cleaned

    def look(self) -> Look:
        return Look(**{name: self.cleaned_data.get(name, "") for name in ("accent", "ground", "corners", "letters")})

    def _colour(self, name: str) -> str:
        typed: str = self.cleaned_data[name].strip().lower()
        colour = f"#{typed}" if typed and not typed.startswith("#") else typed
        if len(colour) == 4:
            colour = "#" + "".join(2 * each for each in colour[1:])
        if colour and not COLOR.match(colour):
            raise forms.ValidationError(gettext("Write a colour as #rrggbb."), code="color")
        return colour


@dataclass(frozen=True, slots=True)
class Line:
    """One pair of colours as the page shows it."""

    words: str
    front: str
    back: str
    ratio: str
    needed: str
    is_enough: bool


def in_words(found: Contrast) -> str:
    return gettext("%(what)s can't be made out %(when)s: the contrast is %(ratio)s and needs to be %(needed)s.") % {
        "what": FRONTS[found.front],
        "when": SCHEMES[found.scheme],
        "ratio": number_format(found.ratio, 1),
        "needed": _needed(found.needed),
    }


@require_GET
def look(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    return _page(request, quiz, LookForm(initial=quiz.look))


@require_POST
def save(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    quiz = locked(quiz)
    token = token_for(quiz.look)
    form = LookForm(_chosen(request.POST))
    is_valid = form.is_valid()
    if not (request.POST.get("token") == token or request.POST.get("anyway") == token):
        return _said(
            request, quiz, form, state="conflict", status=409, stored_token=token, theirs_url=_url(quiz),
            differences=differences(form, LookForm(initial=quiz.look)), changed_by=who_changed(request, quiz),
            token=request.POST.get("token", ""),
        )  # fmt: skip
    if not is_valid:
        return _said(
            request, quiz, form, state="refused", status=422, refusals=refusals_of([form]),
            token=request.POST.get("token", ""),
        )  # fmt: skip
    seen = revision_seen(request, quiz)
    someone = who_changed(request, quiz) if seen < quiz.revision else ""
    wanted = {name: value for name, value in asdict(form.look()).items() if value}
    if wanted != quiz.look:
        quiz.look = wanted
        quiz.save(update_fields=["look"])
        note_change(quiz, request.user.get_username())
    if not is_htmx(request):
        return redirect(f"{_url(quiz)}?show={_asked(request)}")
    more = {"revision": seen, "others": someone} if someone else {}
    return _said(request, quiz, form, token=token_for(quiz.look), **more)


def _chosen(sent: QueryDict) -> QueryDict:
    """What was typed, or what a button beside it proposes."""
    field, _sep, colour = sent.get("use", "").partition(":")
    name = sent.get("preset", "")
    wanted = {field: colour} if field in ("accent", "ground") else {}
    if name in PRESETS or name == BRANDS:
        wanted = asdict(PRESETS[name][1] if name in PRESETS else Look())
    chosen = sent.copy()
    for each, value in wanted.items():
        chosen[each] = value
    return chosen


def _said(request: HttpRequest, quiz: Quiz, form: LookForm, **more: Any) -> HttpResponse:
    """What became of saving, and how well the colours can be read, whatever became of them."""
    more |= {"save_url": _save_url(quiz), "here_url": _url(quiz)}
    if not is_htmx(request):
        status = more.pop("status", 200)
        return _page(request, quiz, form, status=status, **more)
    response = show_saved(request, quiz, **more)
    context = _contrast(form) | {"is_swap": True}
    response.write(render_to_string("admin/quizzes/build/_look_contrast.html", context, request))
    return response


def _page(request: HttpRequest, quiz: Quiz, form: LookForm, *, status: int = 200, **more: Any) -> HttpResponse:
    shown, language = _asked(request), asked_language(request)
    context = framed(request, quiz, "build_look") | {
        "form": form,
        "token": token_for(quiz.look),
        "revision": quiz.revision,
        "save_url": _save_url(quiz),
        "here_url": _url(quiz),
        "pages": [(name, words, _preview_url(quiz, name, language), name == shown) for name, words in SHOWN.items()],
        "preview_url": _preview_url(quiz, shown, language),
        "presets": [(name, words, look) for name, (words, look) in PRESETS.items()],
        "sheet_url": reverse("quizzes:look", args=["NAME"]),
        "brand": _brand_shades(),
    }
    return render(request, "admin/quizzes/build/look.html", context | _contrast(form) | more, status=status)


def _needed(ratio: float) -> str:
    return number_format(ratio, 0 if float(ratio).is_integer() else 1)


def _contrast(form: LookForm) -> dict[str, Any]:
    """The lines of the contrast table, worst first, and what would do instead."""
    look = form.wanted if form.is_bound else Look(**form.initial)
    if look is None:
        return {"lines": [], "faults": []}
    shades = colours(look.accent, look.ground) if look.accent or look.ground else {}
    rows: dict[str, dict[str, Line]] = {}
    for each in contrasts(look):
        rows.setdefault(each.front, {})[each.scheme] = Line(
            str(FRONTS[each.front]),
            shades[each.scheme][each.front],
            shades[each.scheme][each.back],
            number_format(each.ratio, 1),
            _needed(each.needed),
            each.is_enough,
        )
    return {"lines": [(row[LIGHT], row[DARK]) for row in rows.values()], "faults": faults(look)}


def _brand_shades() -> dict[str, str]:
    """The brand's own, to start from."""
    brand = Brand.objects.filter(pk=1).first() or Brand()
    chroma = min(brand.chroma, 0.16)
    return {
        "accent": shade_of((0.43, chroma, brand.hue)),
        "ground": shade_of((0.984, chroma * 0.06, brand.hue)),
    }


def _asked(request: HttpRequest) -> str:
    shown = request.GET.get("show") or request.POST.get("show") or ""
    return shown if shown in SHOWN else "start"


def _preview_url(quiz: Quiz, shown: str, language: str) -> str:
    """The page of a draft that the frames show; the first one while there is no question or outcome."""
    question, outcome = quiz.questions.first(), quiz.outcomes.first()
    name, args = "build_start_preview", [quiz.pk]
    if shown == "question" and question:
        name, args = "build_preview", [quiz.pk, question.pk]
    elif shown == "result" and outcome:
        name, args = "build_outcome_preview", [quiz.pk, outcome.pk]
    return f"{reverse(f'admin:quizzes_quiz_{name}', args=args)}?language={language}"


def _url(quiz: Quiz) -> str:
    return reverse("admin:quizzes_quiz_build_look", args=[quiz.pk])


def _save_url(quiz: Quiz) -> str:
    return reverse("admin:quizzes_quiz_build_look_save", args=[quiz.pk])
