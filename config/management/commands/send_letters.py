"""`manage.py send_letters`: what the worker does each minute, now; or, while developing, as if days had passed."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from preferences.letters import sending


class Command(BaseCommand):
    help = "Send the links and letters that are due, as the worker does every minute."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=0, help="as if so many days had passed; not in production")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        if days and settings.ENVIRONMENT == "production":
            raise CommandError("--days pretends that time has passed, which would be recorded. Not in production.")
        now = timezone.now() + timedelta(days=days)
        links, letters = sending.send_confirmations(now), sending.send_due(now)
        self.stdout.write(f"{links} links to confirm an address, {letters} letters.")
