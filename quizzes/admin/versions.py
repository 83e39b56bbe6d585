"""What was published, to read. Nobody changes it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from preferences.admin.base import ProfferAdmin

from ..builder.publishing.outline import outline
from ..models import QuizVersion


@admin.register(QuizVersion)
class QuizVersionAdmin(ProfferAdmin):
    list_display = ("quiz", "number", "published_at", "published_by", "content_hash")
    list_filter = ("quiz",)
    fields = ("quiz", "number", "published_at", "published_by", "content_hash", "shown_definition")
    list_select_related = ("quiz",)

    class Media:
        css = {"all": ("builder/builder.css", "builder/publish.css")}

    def only_shown(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("what it says"))
    def shown_definition(self, version: QuizVersion) -> str:
        language = get_language() or "en"
        context = {"outline": outline(version.definition, language), "language": language}
        read = render_to_string("admin/quizzes/build/_reading.html", context)
        return format_html('<div class="build reading-alone">{}</div>', read)
