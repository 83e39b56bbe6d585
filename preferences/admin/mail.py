"""What customers can hear about, and the letters they are sent. Who hears what is not here, on purpose."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from .. import registry, tasks
from ..models import Frequency, Letter, Purpose, Topic
from ..translated import pick
from .base import ProfferAdmin


class TopicForm(forms.ModelForm):
    frequencies = forms.TypedMultipleChoiceField(
        label=_("How often"),
        choices=Frequency.choices,
        initial=[Frequency.ALWAYS],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("What customers can choose from; the first one ticked is what they get unless they choose."),
    )


@admin.register(Topic)
class TopicAdmin(ProfferAdmin):
    form = TopicForm
    list_display = ("shown_title", "key", "kind", "purpose", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("purpose",)
    fieldsets = (
        (None, {"fields": ("key", "kind", "purpose", "is_active", "position")}),
        (_("What customers read"), {"fields": ("title", "sentence", "frequencies")}),
    )
    in_use_message = _("Letters or customers' choices belong to it. Make it inactive instead.")

    def only_shown(self, request: HttpRequest, obj: Topic | None = None) -> tuple[str, ...]:
        """What customers agreed to does not turn into something else."""
        return ("key", "kind", "purpose") if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        options["queryset"] = Purpose.objects.filter(sends_mail=True)
        return super().formfield_for_foreignkey(db_field, request, **options)

    @display(description=_("topic"))
    def shown_title(self, topic: Topic) -> str:
        return pick(topic.title, get_language() or "en") or topic.key


@admin.register(Letter)
class LetterAdmin(ProfferAdmin):
    """Written in peace, then released: from then on it goes to whoever wants its topic, and its words stay."""

    list_display = ("shown_subject", "topic", "released_at")
    list_filter = ("topic",)
    list_select_related = ("topic",)
    actions = ("release",)
    actions_list = ("send_now",)
    in_use_message = _("It was released, so it stays.")

    def get_fieldsets(self, request: HttpRequest, obj: Letter | None = None) -> Any:
        words = ", ".join(registry.words_for_letters())
        about = gettext(
            "A paragraph that says only %(words)s becomes what is chosen for whoever gets the letter: the best three "
            "that they may be sent. On pages it is a link. Where there is nothing to send, it is left out; a letter "
            "that says nothing else is not sent to them."
        )
        return (
            (
                None,
                {
                    "fields": ("topic", "subject", "body", "released_at"),
                    "description": about % {"words": words} if words else "",
                },
            ),
        )

    def only_shown(self, request: HttpRequest, obj: Letter | None = None) -> tuple[str, ...]:
        return ("released_at",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        options["queryset"] = Topic.objects.filter(kind=Topic.Kind.LETTER, is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def has_change_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.released_at)

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.released_at)

    @admin.action(description=_("Release: send to everyone who wants it"), permissions=["change"])
    def release(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        count = queryset.filter(released_at=None).update(released_at=timezone.now())
        tasks.send_letters.delay_on_commit()
        messages.success(request, gettext("%(count)s released. They go out within a minute.") % {"count": count})

    @action(description=_("Send what is due now"), permissions=["change"], url_path="send-now")
    def send_now(self, request: HttpRequest) -> Any:
        """Letters, and asking whether answers are still right, which otherwise happens every hour."""
        tasks.send_letters.delay_on_commit()
        tasks.ask_again.delay_on_commit()
        messages.success(request, gettext("The worker sends what is due."))
        return redirect(reverse("admin:preferences_letter_changelist"))

    @display(description=_("letter"))
    def shown_subject(self, letter: Letter) -> str:
        return pick(letter.subject, get_language() or "en")
