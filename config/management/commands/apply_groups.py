"""`manage.py apply_groups`: gives the four groups of config/groups.py their permissions. Migrating does it too."""

from typing import Any

from django.core.management.base import BaseCommand

from config.groups import apply_groups


class Command(BaseCommand):
    help = "Give the groups marketer, support, privacy and owner exactly the permissions of config/groups.py."

    def handle(self, *args: Any, **options: Any) -> None:
        apply_groups()
        self.stdout.write("The groups have their permissions.")
