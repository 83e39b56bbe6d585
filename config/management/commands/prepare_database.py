"""`manage.py prepare_database`: roles, database, migrations and grants, at first start and at every deployment."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import env
from config.database.prepare import prepare
from config.database.privileges import GrantsError
from config.database.roles import PrepareError


class Command(BaseCommand):
    help = "Make the database ready: roles, migrations, grants. Connects as OWNER_DATABASE_URL; safe to run again."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        quiet = options["verbosity"] == 0
        login_urls = {
            "proffer_web": env.text("DATABASE_URL"),
            "proffer_worker": env.text("WORKER_DATABASE_URL"),
            "proffer_offers": env.text("OFFERS_DATABASE_URL"),
        }
        try:
            prepare(
                env.text("OWNER_DATABASE_URL"),
                login_urls,
                migrate=lambda: call_command("migrate", interactive=False, verbosity=0 if quiet else 1),
            )
        except (PrepareError, GrantsError) as error:
            raise CommandError(str(error)) from error
        if not quiet:
            self.stdout.write("The database is ready.")
