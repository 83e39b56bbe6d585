"""What was published, to read. Nobody changes it."""

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from preferences.admin.base import ProfferAdmin

from ..models import QuizVersion


@admin.register(QuizVersion)
class QuizVersionAdmin(ProfferAdmin):
    list_display = ("quiz", "number", "published_at", "published_by", "content_hash")
    list_filter = ("quiz",)
    fields = ("quiz", "number", "published_at", "published_by", "content_hash", "shown_definition")
    list_select_related = ("quiz",)

    def only_shown(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("definition"))
    def shown_definition(self, version: QuizVersion) -> str:
        return format_html("<pre>{}</pre>", json.dumps(version.definition, indent=2, ensure_ascii=False))
