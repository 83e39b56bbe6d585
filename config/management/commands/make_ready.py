"""`manage.py make_ready`: what `make run` does before it starts the processes. Does only what has not been done."""

import os
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import transaction

from config import env
from config.launcher.installation import write_private
from config.message_catalogues import compile_catalogues

FIRST_STAFF = "owner"


class Command(BaseCommand):
    help = "Prepare the database, translations, static files; at first also the demo brand and a member of staff."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("prepare_database", verbosity=0)
        compile_catalogues()
        call_command("collectstatic", interactive=False, verbosity=0)
        if env.boolean("PROFFER_DEMO", default=True) and "load_demo" in get_commands() and _has_no_quiz():
            self.stdout.write("Loading the demo brand …")
            self.stdout.flush()
            call_command("load_demo", verbosity=0)
        self._make_first_staff(Path(env.text("STAFF_FILE")))

    @transaction.atomic
    def _make_first_staff(self, file: Path) -> None:
        """An account for whoever installed this, once. Its password is theirs to change; ours is then only history."""
        users = get_user_model().objects
        if users.filter(is_staff=True).exists():
            return
        password = os.environ["STAFF_PASSWORD"]
        user = users.create_user(FIRST_STAFF, password=password, is_staff=True)
        user.groups.add(Group.objects.get(name="owner"))
        write_private(file, f"{FIRST_STAFF}\n{password}\n")


def _has_no_quiz() -> bool:
    return not apps.get_model("quizzes", "Quiz").objects.exists()
