"""The look and the sidebar of the marketers' admin. The settings import it, so what it needs is named, not imported."""

from typing import Any

from django.utils.translation import gettext_noop as _

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "config.unfold.site_title",
    "SITE_HEADER": "config.unfold.site_title",
    "SITE_SUBHEADER": "Proffer",
    "SITE_SYMBOL": "spa",
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "ENVIRONMENT": "config.unfold.environment",
    "BORDER_RADIUS": "8px",
    "COLORS": "config.unfold.colors",
    "STYLES": ["config.unfold.stylesheet"],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "config.unfold.icon"}],
    "DASHBOARD_CALLBACK": "config.unfold.dashboard",
    "LOGIN": {"form": "config.staff.SignInForm"},
    "COMMAND": {"search_models": True},
    "SIDEBAR": {"command_search": True, "navigation": "config.unfold.navigation"},
}

# Lightness in % and part of the brand's chroma, for each of Unfold's steps. Text on 600 is white: at least 5:1 there.
PRIMARY = {
    50: (97.5, 0.12), 100: (94.5, 0.25), 200: (89.5, 0.45), 300: (81, 0.7), 400: (71, 0.95), 500: (60, 1),
    600: (49, 1), 700: (42, 0.95), 800: (36, 0.85), 900: (30, 0.7), 950: (23, 0.55),
}  # fmt: skip
BASE = {
    50: (98.4, 0.03), 100: (96.4, 0.04), 200: (92.4, 0.06), 300: (87, 0.08), 400: (70.5, 0.12), 500: (53.5, 0.14),
    600: (44, 0.15), 700: (36.5, 0.16), 800: (27.5, 0.16), 900: (20.5, 0.16), 950: (13, 0.14),
}  # fmt: skip
FONT = {
    "subtle-light": "var(--color-base-500)",
    "subtle-dark": "var(--color-base-400)",
    "default-light": "var(--color-base-600)",
    "default-dark": "var(--color-base-300)",
    "important-light": "var(--color-base-900)",
    "important-dark": "var(--color-base-100)",
}

# What marketers do, in the order they do it: (heading, [(words, model, symbol, what it is for)]). The model's list, or
# after a colon another page of its admin.
TASKS: list[tuple[str, list[tuple[str, str, str, str]]]] = [
    (_("Ask"), [
        (_("Quizzes"), "quizzes.quiz", "quiz", _("Write questions and outcomes, publish, take down.")),
        (_("Published versions"), "quizzes.quizversion", "history", _("What customers were asked, and when.")),
        (_("Attributes"), "preferences.attribute", "category", _("What customers can tell you, and in which values.")),
    ]),
    (_("Give back"), [
        (_("Offers"), "recommendations.offer", "redeem", _("What customers get, and whom it suits.")),
        (_("Fit"), "recommendations.trait:fit", "grid_on", _("How much each answer speaks for traits and offers.")),
        (_("Products"), "recommendations.product", "inventory_2", _("What outcomes and offers point to.")),
        (_("After a purchase"), "recommendations.afterpurchase", "shopping_bag", _("What it speaks for and against.")),
        (_("Traits"), "recommendations.trait", "sell", _("What is true of several products at once.")),
        (_("Categories"), "recommendations.category", "account_tree", _("The tree that products stand in.")),
        (_("Complements"), "recommendations.complement", "add_link", _("What goes with what was bought.")),
        (_("Restraint"), "recommendations.restraint", "do_not_disturb_on", _("Quiet hours, what stays away.")),
        (_("Caps"), "recommendations.cap", "speed", _("How often is enough.")),
        (_("Letters"), "preferences.letter", "mail", _("Write to those who want to hear from you.")),
        (_("Topics"), "preferences.topic", "topic", _("What customers can choose to hear about.")),
    ]),
    (_("Keep your word"), [
        (_("Purposes"), "preferences.purpose", "verified_user", _("What you may use answers for, and how you say it.")),
        (_("Requests of people"), "preferences.privacyrequest", "contact_mail", _("By letter, phone or in person.")),
        (_("Laws and their clocks"), "preferences.jurisdiction", "balance", _("By when a request must be answered.")),
    ]),
    (_("Set up"), [
        (_("Brand"), "preferences.brand", "palette", _("Name, colours, type and pictures.")),
        (_("Staff"), "auth.user", "badge", _("Who may sign in here.")),
        (_("Groups"), "auth.group", "group", _("What each of them may do.")),
    ]),
]  # fmt: skip


def _brand() -> Any:
    from django.core.cache import cache

    from preferences.models import Brand

    brand = cache.get("brand")  # as the pages' frame keeps it
    return brand if isinstance(brand, Brand) else Brand.objects.filter(pk=1).first() or Brand(name="Proffer")


def site_title(_request: Any) -> str:
    return str(_brand().name)


def stylesheet(_request: Any) -> str:
    from django.templatetags.static import static

    return static("admin-proffer/admin.css")


def icon(_request: Any) -> str:
    from django.templatetags.static import static

    return static("icons/mark.svg")


def environment(_request: Any) -> tuple[str, str] | None:
    """A label beside the title everywhere but in production, so that nobody publishes in the wrong place."""
    from django.conf import settings
    from django.utils.translation import gettext

    labels = {"development": (gettext("Development"), "info"), "test": (gettext("Test"), "warning")}
    return labels.get(settings.ENVIRONMENT)


def colors(_request: Any) -> dict[str, dict[str, str]]:
    """Unfold's palette from the brand's hue; lightness is ours, so that contrast holds whatever the hue."""
    brand = _brand()
    chroma = min(max(brand.chroma, 0.05), 0.16)

    def scale(steps: dict[int, tuple[float, float]]) -> dict[str, str]:
        return {str(k): f"oklch({light}% {chroma * part:.4f} {brand.hue:g})" for k, (light, part) in steps.items()}

    return {"base": scale(BASE), "primary": scale(PRIMARY), "font": dict(FONT)}


def navigation(request: Any) -> list[dict[str, Any]]:
    """The sidebar: tasks that this member of staff may at least look at."""
    from django.apps import apps
    from django.contrib import admin
    from django.urls import reverse
    from django.utils.translation import gettext

    groups = []
    for heading, tasks in TASKS:
        items = []
        for words, label, symbol, purpose in tasks:
            name, _colon, page = label.partition(":")
            app, model = name.split(".")
            shown = admin.site._registry.get(apps.get_model(app, model))
            if shown and shown.has_view_or_change_permission(request):
                link = reverse(f"admin:{app}_{model}_{page or 'changelist'}")
                items.append({"title": gettext(words), "icon": symbol, "link": link, "purpose": gettext(purpose)})
        if items:
            groups.append({"title": gettext(heading), "separator": False, "items": items})
    # One page may stand below another's address: only the nearest is where one is.
    links = [item["link"] for group in groups for item in group["items"] if request.path.startswith(item["link"])]
    for group in groups:
        for item in group["items"]:
            item["active"] = bool(links) and item["link"] == max(links, key=len)
    return groups


def dashboard(request: Any, context: dict[str, Any]) -> dict[str, Any]:
    """The start page shows the same tasks, with what each is for."""
    return context | {"tasks": [{"title": each["title"], "tasks": each["items"]} for each in navigation(request)]}
