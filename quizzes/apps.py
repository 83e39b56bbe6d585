from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "quizzes"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Quizzes")

    def ready(self) -> None:
        from . import held, receivers

        held.register()
        receivers.connect()
