"""The project itself as an app: management commands, checks, and the Celery app that `shared_task` finds."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Proffer"

    def ready(self) -> None:
        from config.celery import app

        app.set_default()  # for every thread of the web server, not only the one that imports it first
