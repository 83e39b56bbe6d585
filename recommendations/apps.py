from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    name = "recommendations"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Products and offers")

    def ready(self) -> None:
        from preferences import registry
        from recommendations import receivers  # noqa: F401  (connects)
        from recommendations.stakes import PROVIDER

        registry.register(PROVIDER)
