"""A quiz: what it exchanges, its questions and outcomes in order, publishing and closing."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from preferences.admin.base import ProfferAdmin, ProfferTabularInline
from preferences.translated import pick

from ..builder.urls import build_urls
from ..errors import NotPublishableError
from ..models import Outcome, Question, Quiz, QuizPurpose
from ..problems import Problem
from ..services.drafting import definition_of
from ..services.publishing import content_hash, problems_of, publish, unpublish

MAY_PUBLISH = "quizzes.publish_quiz"
SHOWN_PROBLEMS = 12


class PurposeInline(ProfferTabularInline):
    model = QuizPurpose
    fields = ("purpose", "position")
    ordering_field = "position"
    hide_ordering_field = True
    verbose_name_plural = _("Uses asked about at the end, in this order")


class QuestionInline(ProfferTabularInline):
    model = Question
    fields = ("key", "kind", "title", "position")
    ordering_field = "position"
    hide_ordering_field = True
    show_change_link = True
    verbose_name_plural = _("Questions, in this order: open one for its choices and rules")


class OutcomeInline(ProfferTabularInline):
    model = Outcome
    fields = ("key", "title", "summary", "position")
    ordering_field = "position"
    hide_ordering_field = True
    show_change_link = True
    verbose_name_plural = _("Outcomes: of two with as many points the upper one wins")


@admin.register(Quiz)
class QuizAdmin(ProfferAdmin):
    inlines = (PurposeInline, QuestionInline, OutcomeInline)
    list_display = ("shown_title", "slug", "shown_state", "profile_kind", "questions_count", "updated_at")
    list_filter = ("profile_kind",)
    search_fields = ("slug", "title")
    ordering_field = "position"
    hide_ordering_field = True
    actions = ("publish_selected", "close_selected")
    actions_row = ("open_builder",)
    actions_detail = ("open_builder",)
    actions_submit_line = ("save_and_publish", "save_and_close")
    in_use_message = _("A published quiz stays, because results belong to its versions. Close it instead.")
    fieldsets = (
        (None, {"fields": ("shown_problems", "slug", "title", "tagline", "profile_kind")}),
        (_("What is exchanged"), {"fields": ("exchange_get", "exchange_ask", "exchange_use", "minutes")}),
        (_("Cover and languages"), {"fields": ("cover", "cover_alt", "languages", "hidden")}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quiz]:
        found = super().get_queryset(request).select_related("live_version")
        return found.annotate(count_of_questions=Count("questions", distinct=True))

    def get_urls(self) -> list[URLPattern]:
        return build_urls(self) + super().get_urls()

    @action(description=_("Build"), permissions=["change"], url_path="builder", icon="construction")
    def open_builder(self, _request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:quizzes_quiz_build", object_id)

    def only_shown(self, request: HttpRequest, obj: Quiz | None = None) -> tuple[str, ...]:
        is_fixed = obj is not None and obj.versions.exists()
        return ("shown_problems", "slug") if is_fixed else ("shown_problems",)

    def has_delete_permission(self, request: HttpRequest, obj: Quiz | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.versions.exists())

    def has_publish_permission(self, request: HttpRequest, _obj: object = None) -> bool:
        return request.user.has_perm(MAY_PUBLISH)

    @action(description=_("Publish"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, chosen: QuerySet[Quiz]) -> None:
        for quiz in chosen:
            self._publish(request, quiz)

    @action(description=_("Close"), permissions=["publish"])
    def close_selected(self, request: HttpRequest, chosen: QuerySet[Quiz]) -> None:
        for quiz in chosen:
            self._close(request, quiz)

    @action(description=_("Save and publish"), permissions=["publish"])
    def save_and_publish(self, request: HttpRequest, _quiz: Quiz) -> None:
        """Called before the questions are saved, so it only notes what is to happen after."""
        request.afterwards = self._publish  # type: ignore[attr-defined]

    @action(description=_("Save and close"), permissions=["publish"])
    def save_and_close(self, request: HttpRequest, _quiz: Quiz) -> None:
        request.afterwards = self._close  # type: ignore[attr-defined]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        afterwards = getattr(request, "afterwards", None)
        if afterwards:
            afterwards(request, form.instance)

    def _publish(self, request: HttpRequest, quiz: Quiz) -> None:
        try:
            version = publish(quiz=quiz, by=request.user.get_username())
        except NotPublishableError as error:
            messages.error(request, _not_yet(quiz, error.problems))
            return
        self.log_change(request, quiz, gettext("Published as version %(number)s.") % {"number": version.number})
        words = {"quiz": quiz.slug, "number": version.number}
        messages.success(request, gettext("Customers now see version %(number)s of “%(quiz)s”.") % words)

    def _close(self, request: HttpRequest, quiz: Quiz) -> None:
        unpublish(quiz=quiz)
        self.log_change(request, quiz, gettext("Closed."))
        messages.success(
            request, gettext("“%(quiz)s” is closed. Whoever is taking it can finish.") % {"quiz": quiz.slug}
        )

    @display(description=_("quiz"), ordering="slug")
    def shown_title(self, quiz: Quiz) -> str:
        return pick(quiz.title, get_language() or "en") or quiz.slug

    @display(description=_("state"), label={"open": "success", "changed": "warning", "closed": "info"})
    def shown_state(self, quiz: Quiz) -> tuple[str, str]:
        live = quiz.live_version
        if live is None:
            return "closed", gettext("closed")
        if content_hash(definition_of(quiz)) != live.content_hash:
            return "changed", gettext("open, version %(number)s; changed since") % {"number": live.number}
        return "open", gettext("open, version %(number)s") % {"number": live.number}

    @display(description=_("questions"))
    def questions_count(self, quiz: Quiz) -> int:
        return quiz.count_of_questions  # type: ignore[attr-defined,no-any-return]

    @display(description=_("ready to publish?"))
    def shown_problems(self, quiz: Quiz) -> str:
        problems = problems_of(definition_of(quiz)) if quiz.pk else ()
        return _listed(problems) if problems else gettext("Yes.") if quiz.pk else gettext("Not before it is saved.")


def _not_yet(quiz: Quiz, problems: tuple[Problem, ...]) -> str:
    return format_html(gettext("“{}” can't be published yet: {}"), quiz.slug, _listed(problems))


def _listed(problems: tuple[Problem, ...]) -> str:
    more = len(problems) - SHOWN_PROBLEMS
    lines = [str(problem) for problem in problems[:SHOWN_PROBLEMS]]
    if more > 0:
        lines.append(gettext("and %(count)s more") % {"count": more})
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in lines)))
