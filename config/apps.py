"""The project itself as an app: management commands, checks, and the Celery app that `shared_task` finds."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Proffer"

    def ready(self) -> None:
        from django.apps import apps
        from django.db.models.signals import post_migrate

        from config import groups
        from config.celery import app

        post_migrate.connect(groups.apply_after_migrate, sender=apps.get_app_config("auth"))

        app.set_default()  # for every thread of the web server, not only the one that imports it first
