"""The tree of categories for marketers: read from the top, and without a circle."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from preferences.admin.base import ProfferAdmin
from preferences.translated import pick
from recommendations import tasks
from recommendations.admin import discreet
from recommendations.models import Category, Offer
from recommendations.sensitivity import Sensitive

ARROW = " › "


class Tree:
    """All categories, each with its way from the top in words."""

    def __init__(self) -> None:
        language = get_language() or "en"
        self._all = {each.pk: each for each in Category.objects.all()}
        self._name = {pk: pick(each.name, language) or each.slug for pk, each in self._all.items()}

    def above(self, category: Category) -> list[Category]:
        """Those it belongs to, from the top."""
        way: list[Category] = []
        at = category.parent_id
        while at is not None and len(way) <= len(self._all):
            way.insert(0, self._all[at])
            at = self._all[at].parent_id
        return way

    def below(self, category: Category) -> set[int]:
        children: dict[int | None, list[int]] = defaultdict(list)
        for each in self._all.values():
            children[each.parent_id].append(each.pk)
        found: set[int] = set()
        waiting = [category.pk]
        while waiting:
            for pk in children[waiting.pop()]:
                if pk not in found:
                    found.add(pk)
                    waiting.append(pk)
        return found

    def name(self, category: Category) -> str:
        return self._name.get(category.pk) or category.slug

    def path(self, category: Category) -> tuple[str, ...]:
        return tuple(map(self.name, (*self.above(category), category)))

    def choices(self, *, without: set[int] = frozenset()) -> list[tuple[Any, str]]:  # type: ignore[assignment]
        paths = sorted((self.path(each), pk) for pk, each in self._all.items() if pk not in without)
        return [(pk, ARROW.join(path)) for path, pk in paths]


class CategoryForm(forms.ModelForm):
    class Meta:
        model = Category
        fields = ("slug", "name", "parent", "is_sensitive")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "parent" in self.fields:
            tree = Tree()
            own = {self.instance.pk, *tree.below(self.instance)} if self.instance.pk else set()
            self.fields["parent"].widget.choices = [("", "–"), *tree.choices(without=own)]

    def clean_parent(self) -> Category | None:
        """What the list leaves out may be sent all the same, or may have moved meanwhile."""
        parent: Category | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and parent.pk in {self.instance.pk, *Tree().below(self.instance)}:
            raise forms.ValidationError(_("That one belongs to this category itself. Choose one outside of it."))
        return parent


@admin.register(Category)
class CategoryAdmin(ProfferAdmin):
    form = CategoryForm
    list_display = ("shown_name", "path", "slug", "products_count", "sensitive")
    search_fields = ("slug", "name")
    list_filter = ("is_sensitive",)
    list_per_page = 500
    sortable_by = ()
    in_use_message = _("It cannot be deleted: products or other categories belong to it. Move them first.")

    class Media:
        css = {"all": ("admin-proffer/catalogue.css",)}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(count_of_products=Count("products"))

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        """Each below the one it belongs to. Beyond a page of 500 only what stands on the same page is in that order."""

        class Branches(super().get_changelist(request, **options)):  # type: ignore[misc]
            def get_results(self, request: HttpRequest) -> None:
                super().get_results(request)
                tree, sensitive = Tree(), Sensitive.now()
                self.result_list = sorted(self.result_list, key=tree.path)
                for each in self.result_list:
                    each.way = tree.path(each)
                    each.sensitive_by = next(
                        (tree.name(one) for one in (each, *tree.above(each)) if one.is_sensitive), ""
                    ) if each.pk in sensitive.categories else ""  # fmt: skip

        return Branches

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        sensitive = Sensitive.now()
        below = {form.instance.pk, *Tree().below(form.instance)}
        offers = Offer.objects.filter(product__category__in=below, is_active=True).select_related("product")
        held = [each for each in offers if sensitive.fault(each)]
        if held:
            words = ngettext(
                "Nobody gets %(offers)s now: it is for people who said so themselves, and its “only for” does not ask "
                "for that.",
                "Nobody gets %(offers)s now: they are for people who said so themselves, and their “only for” does not "
                "ask for that.",
                len(held),
            )
            messages.warning(request, words % {"offers": discreet.titles_of(held)})
        tasks.sweep_due.delay_on_commit()

    @display(description=_("category"))
    def shown_name(self, category: Category) -> str:
        way = getattr(category, "way", (category.slug,))
        return format_html('<span class="branch" data-depth="{}">{}</span>', min(len(way) - 1, 6), way[-1])

    @display(description=_("path"))
    def path(self, category: Category) -> str:
        return ARROW.join(category.way) if len(category.way) > 1 else "–"  # type: ignore[attr-defined]

    @display(description=_("products"))
    def products_count(self, category: Category) -> int | str:
        return category.count_of_products or "–"  # type: ignore[attr-defined]

    @display(description=_("sensitive"))
    def sensitive(self, category: Category) -> str:
        if category.is_sensitive:
            return gettext("yes")
        by = category.sensitive_by  # type: ignore[attr-defined]
        return gettext("yes, by “%(category)s”") % {"category": by} if by else "–"
