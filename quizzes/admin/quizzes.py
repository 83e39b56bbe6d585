"""The list of quizzes: how each stands, publishing and closing several, and the way into the builder."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from preferences.admin.base import ProfferAdmin
from preferences.translated import pick

from ..builder.checking.findings import problems_in_words
from ..builder.publishing.standing import standing
from ..builder.questions.editing import note_change
from ..builder.questions.showing import build_url
from ..builder.urls import build_urls
from ..errors import NotPublishableError
from ..models import Quiz, QuizVersion
from ..problems import Problem
from ..services.drafting import definition_of, definitions_of
from ..services.publishing import content_hash, problems_of, publish, unpublish

MAY_PUBLISH = "quizzes.publish_quiz"
SHOWN_PROBLEMS = 12


@admin.register(Quiz)
class QuizAdmin(ProfferAdmin):
    list_display = ("shown_title", "slug", "shown_state", "profile_kind", "questions_count", "updated_at")
    list_filter = ("profile_kind",)
    search_fields = ("slug", "title")
    ordering_field = "position"
    hide_ordering_field = True
    actions = ("publish_selected", "close_selected")
    actions_row = ("open_builder",)
    actions_detail = ("open_builder",)
    in_use_message = _("A published quiz stays, because results belong to its versions. Close it instead.")
    fieldsets = (
        (None, {"fields": ("shown_problems", "slug", "title", "tagline", "profile_kind")}),
        (_("What is exchanged"), {"fields": ("exchange_get", "exchange_ask", "exchange_use", "minutes")}),
        (_("Cover and languages"), {"fields": ("cover", "cover_alt", "languages", "hidden")}),
    )  # fmt: skip
    # Of which only this is not written in the builder, or also here.
    WRITTEN_HERE = ((None, {"fields": ("shown_problems", "slug", "profile_kind", "languages", "hidden")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quiz]:
        found = super().get_queryset(request).select_related("live_version", "tally")
        return found.annotate(
            count_of_questions=Count("questions"),
            was_published=Exists(QuizVersion.objects.filter(quiz=OuterRef("pk"))),
        )

    def get_urls(self) -> list[URLPattern]:
        return build_urls(self) + super().get_urls()

    def get_fieldsets(self, request: HttpRequest, obj: Quiz | None = None) -> Any:
        may_change = self.has_change_permission(request, obj)
        return self.WRITTEN_HERE if may_change else super().get_fieldsets(request, obj)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        """Whose titles lead into the builder, for those who may build. All drafts are compared with what is live."""
        leads_in = self.has_change_permission(request)

        class Quizzes(super().get_changelist(request, **options)):  # type: ignore[misc]
            def url_for_result(self, result: Quiz) -> str:
                return build_url(result) if leads_in else str(super().url_for_result(result))

            def get_results(self, request: HttpRequest) -> None:
                super().get_results(request)
                drafts = definitions_of(self.result_list)
                for quiz in self.result_list:
                    live = quiz.live_version
                    quiz.is_changed = live is not None and content_hash(drafts[quiz.pk]) != live.content_hash

        return Quizzes

    @action(description=_("Build"), permissions=["change"], url_path="builder", icon="construction")
    def open_builder(self, _request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:quizzes_quiz_build", object_id)

    def only_shown(self, request: HttpRequest, obj: Quiz | None = None) -> tuple[str, ...]:
        is_fixed = obj is not None and obj.versions.exists()
        return ("shown_problems", "slug") if is_fixed else ("shown_problems",)

    def has_delete_permission(self, request: HttpRequest, obj: Quiz | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.versions.exists())

    def save_model(self, request: HttpRequest, obj: Quiz, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        note_change(obj, request.user.get_username())

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

    @display(
        description=_("state"), label={"open": "success", "changed": "warning", "scheduled": "info", "full": "info"}
    )
    def shown_state(self, quiz: Quiz) -> tuple[str, str]:
        was_published, is_changed = quiz.was_published, quiz.is_changed  # type: ignore[attr-defined]
        found = standing(quiz, timezone.now(), was_published=was_published, is_changed=is_changed)
        return found.code, found.in_a_line

    @display(description=_("questions"))
    def questions_count(self, quiz: Quiz) -> int:
        return quiz.count_of_questions  # type: ignore[attr-defined,no-any-return]

    @display(description=_("ready to publish?"))
    def shown_problems(self, quiz: Quiz) -> str:
        problems = problems_of(definition_of(quiz)) if quiz.pk else ()
        if problems:
            return _listed(quiz, problems)
        return gettext("Yes.") if quiz.pk else gettext("Not before it is saved.")


def _not_yet(quiz: Quiz, problems: tuple[Problem, ...]) -> str:
    return format_html(gettext("“{}” can't be published yet: {}"), quiz.slug, _listed(quiz, problems))


def _listed(quiz: Quiz, problems: tuple[Problem, ...]) -> str:
    """Said as the builder's check says it, each with the way to its place."""
    found = problems_in_words(quiz, definition_of(quiz), problems)
    said = ((each.url, each.about, each.language or get_language(), each.says) for each in found[:SHOWN_PROBLEMS])
    lines = format_html_join("", '<li><a href="{}">{}</a>: <span lang="{}">{}</span></li>', said)
    more = len(found) - SHOWN_PROBLEMS
    rest = format_html("<li>{}</li>", gettext("and %(count)s more") % {"count": more}) if more > 0 else ""
    return format_html("<ul>{}{}</ul>", lines, rest)
