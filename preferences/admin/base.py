"""What the marketers' admin pages share: translated texts one can read, and deletion that explains its refusal."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from psycopg.errors import UniqueViolation
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget

from ..fields import TranslatedField

IN_USE = (ProtectedError, RestrictedError, IntegrityError)


def in_words(texts: Mapping[str, str] | None) -> str:
    """A translated text where it cannot be edited: one line a language."""
    lines = ((code, text) for code, text in (texts or {}).items() if text)
    return format_html_join("", '<p lang="{0}"><span class="proffer-language">{0}</span> {1}</p>', lines) or "–"


@cache
def _readers(model: type[models.Model]) -> dict[str, Callable[[models.Model], str]]:
    """For each translated field, a function that shows it in words."""

    def reader(field: TranslatedField) -> Callable[[models.Model], str]:
        def show(obj: models.Model) -> str:
            return in_words(getattr(obj, field.name))

        show.__name__ = field.name
        show.short_description = field.verbose_name  # type: ignore[attr-defined]
        return show

    return {each.name: reader(each) for each in model._meta.fields if isinstance(each, TranslatedField)}


class ReadableMixin:
    """Shows translated texts in words, not as JSON, where they are only shown. For admins and inlines.

    `only_shown` is what `get_readonly_fields` is elsewhere.
    """

    model: type[models.Model]

    def only_shown(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        return super().get_readonly_fields(request, obj)  # type: ignore[misc,no-any-return]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        readers = _readers(self.model)
        shown = [readers.get(each, each) for each in self.only_shown(request, obj)]
        if obj is not None and not self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            shown += [each for each in readers.values() if each not in shown]
        return shown

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        readers = _readers(self.model)
        if obj is None or self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            shown = set(self.only_shown(request, obj))
            readers = {name: reader for name, reader in readers.items() if name in shown}

        def place(name: Any) -> Any:
            return tuple(map(place, name)) if isinstance(name, list | tuple) else readers.get(name, name)

        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        return [
            (title, options | {"fields": [place(each) for each in options["fields"]]}) for title, options in fieldsets
        ]


class PlainJSONField(forms.JSONField):
    """JSON as one writes it: a list one item a line, and nothing where there is nothing."""

    def __init__(self, **options: Any) -> None:
        options["widget"] = UnfoldAdminTextareaWidget(attrs={"rows": 3, "class": "proffer-code", "spellcheck": "false"})
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        try:
            read = super().to_python(value)
            written = json.dumps(read, ensure_ascii=False).encode()  # ValueError when it holds half a character
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if b"\\u0000" in written:  # PostgreSQL's JSON has no such character
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return read

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            read = super().bound_data(data, initial)
            json.dumps(read, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return forms.fields.InvalidJSONInput(data)
        return read

    def prepare_value(self, value: Any) -> Any:
        if value is None or value == []:
            return ""
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return "[\n" + ",\n".join(f"  {json.dumps(each, ensure_ascii=False)}" for each in value) + "\n]"
        return value if isinstance(value, forms.fields.InvalidJSONInput) else json.dumps(value, ensure_ascii=False)


OVERRIDES = {models.JSONField: {"form_class": PlainJSONField}}


class ProfferTabularInline(ReadableMixin, TabularInline):
    extra = 0
    formfield_overrides = OVERRIDES

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """In a table the heading is the label, which a screen reader does not connect to the input."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field and not isinstance(field.widget, forms.MultiWidget):
            field.widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field


class ProfferStackedInline(ReadableMixin, StackedInline):
    extra = 0
    formfield_overrides = OVERRIDES


class ProfferAdmin(ReadableMixin, ModelAdmin):
    """A model admin whose deletions say why they are refused; subclasses say it in `in_use_message`.

    Checked at once and not at commit, when nobody could be told any more.
    """

    compressed_fields = True
    warn_unsaved_form = True
    list_fullwidth = True
    formfield_overrides = OVERRIDES
    in_use_message: str | Promise = _("It is in use, so it cannot be deleted.")
    taken_message: str | Promise = _("Somebody has just saved another under the same name or key. Choose another one.")

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        obj = self.get_object(request, object_id)
        if obj is not None and self.has_delete_permission(request, obj):
            *_shown, protected = self.get_deleted_objects([obj], request)
            if protected:
                return self._refuse(request, obj)
        return self._kindly(request, partial(super().delete_view, request, object_id, extra_context), obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        return self._kindly(request, partial(super().changeform_view, request, *args, **options))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if any("\0" in each for values in request.GET.lists() for each in values[1]):
            return HttpResponseRedirect(request.path)  # no text in the database has such a character
        return self._kindly(request, partial(super().changelist_view, request, extra_context))

    def _kindly(self, request: HttpRequest, view: Callable[[], Any], obj: models.Model | None = None) -> Any:
        if request.method != "POST":
            return view()
        try:
            with transaction.atomic():
                response = view()
                connection.check_constraints()
        except IN_USE as error:
            return self._refuse(request, obj, is_taken=isinstance(error.__cause__, UniqueViolation))
        return response

    def _refuse(self, request: HttpRequest, obj: models.Model | None, *, is_taken: bool = False) -> HttpResponse:
        messages.error(request, self.taken_message if is_taken else self.in_use_message)
        if obj is None:
            return HttpResponseRedirect(request.get_full_path())
        name = f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[obj.pk]))
