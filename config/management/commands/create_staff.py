"""`manage.py create_staff ada --group marketer`: a member of staff, whose password is shown this once."""

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from config.groups import GROUPS


class Command(BaseCommand):
    help = "Make an account for a member of staff and print its generated password, which is not kept anywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument("--group", required=True, choices=sorted(GROUPS), help="what they may do")
        parser.add_argument("--email", default="")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        users, name = get_user_model().objects, options["name"]
        if users.filter(username__iexact=name).exists():
            raise CommandError(f"There is a “{name}” already. Their password can be changed in the admin.")
        group = Group.objects.filter(name=options["group"]).first()
        if group is None:
            raise CommandError("The groups have not been made yet: run manage.py prepare_database first.")
        password = secrets.token_urlsafe(15)
        user = users.create_user(name, email=options["email"], password=password, is_staff=True)
        user.groups.add(group)
        self.stdout.write(f"{name} may sign in at /admin/ as {group.name}. Password: {password}")
