"""Staff and their groups in the admin. Customers' accounts are not there: not as users, not as e-mail addresses."""

from typing import Any

import allauth.account.admin  # noqa: F401  (registers addresses, which we take out again)
from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from config.groups import GROUPS
from config.staff import may_enter
from preferences.admin.base import ProfferAdmin

admin.site.has_permission = may_enter  # type: ignore[method-assign]
admin.site.index_title = _("What would you like to do?")

for model in (User, Group, EmailAddress, EmailConfirmation):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class StaffAdmin(UserAdmin, ProfferAdmin):
    """Members of staff. Nobody is made a superuser here, so nobody can give themselves more than an owner has."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "shown_name", "email", "shown_groups", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Who"), {"fields": ("first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("is_active", "groups")}),
        (_("When"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "email", "usable_password", "password1", "password2", "groups")}),)

    def only_shown(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("last_login", "date_joined")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """A few groups: boxes to tick, without the way to make another on the side."""
        return db_field.formfield(
            widget=UnfoldAdminCheckboxSelectMultipleWidget, help_text=_("Each group adds its rights.")
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        staff = super().get_queryset(request).filter(is_staff=True).prefetch_related("groups")
        return staff if request.user.is_superuser else staff.filter(is_superuser=False)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """What they did stays in the history under their name; who leaves is made inactive."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = True
        super().save_model(request, obj, form, change)

    @display(description=_("name"), ordering="first_name")
    def shown_name(self, user: User) -> str:
        return user.get_full_name()

    @display(description=_("groups"))
    def shown_groups(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())


@admin.register(Group)
class StaffGroupAdmin(GroupAdmin, ProfferAdmin):
    """The four groups of config/groups.py are shown as they are; others may be made beside them."""

    list_display = ("name", "members")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(count_of_members=Count("user", filter=Q(user__is_staff=True)))

    def get_fieldsets(self, request: HttpRequest, obj: Group | None = None) -> Any:
        may_change = obj is None or self.has_change_permission(request, obj)
        return [(None, {"fields": ["name", "permissions" if may_change else "rights"]})]

    def only_shown(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        return ("rights",)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.name in GROUPS)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.name in GROUPS)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Only permissions on what the admin shows at all."""
        field = super().formfield_for_manytomany(db_field, request, **options)
        if db_field.name == "permissions":
            shown = Q()
            for each in admin.site._registry:
                shown |= Q(content_type__app_label=each._meta.app_label, content_type__model=each._meta.model_name)
            field.queryset = Permission.objects.filter(shown).select_related("content_type")
        return field

    @display(description=_("what they may do"))
    def rights(self, group: Group) -> str:
        """By kind of thing: “offer: add, change, delete, view”."""
        actions: dict[str, list[str]] = {}
        for each in group.permissions.select_related("content_type").order_by("content_type__model", "codename"):
            actions.setdefault(each.content_type.name, []).append(each.codename.partition("_")[0])
        return format_html_join("", "<p>{}: {}</p>", ((thing, ", ".join(may)) for thing, may in actions.items()))

    @display(description=_("members"))
    def members(self, group: Group) -> int:
        return group.count_of_members  # type: ignore[attr-defined,no-any-return]
