from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PreferencesConfig(AppConfig):
    name = "preferences"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Customers' preferences")

    def ready(self) -> None:
        from . import accounts  # noqa: F401  (follows signing in and out)
        from .letters import bounces  # noqa: F401  (hears what came back)
