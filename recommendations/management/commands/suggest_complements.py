"""`manage.py suggest_complements`: what is bought together becomes suggestions for marketers, now, not tonight."""

from typing import Any

from django.core.management.base import BaseCommand

from recommendations.orders.suggesting import suggest_complements


class Command(BaseCommand):
    help = (
        "Suggest which products go together, from the purchases whose use is allowed now, of at least 20 people a "
        "pair. A suggestion counts once a marketer switches it on; one that was deleted is not made again."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        found, new = suggest_complements()
        self.stdout.write(f"{len(found)} suggestions, {new} of them new.")
