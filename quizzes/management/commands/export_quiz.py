"""`manage.py export_quiz SLUG > skin.json`: a quiz as a definition file."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes.models import Quiz
from quizzes.services.drafting import definition_of
from quizzes.services.files import written


class Command(BaseCommand):
    help = "Write a quiz as a definition file: its draft, or a published version."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Django has a --version of its own; here it means the quiz's.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--version", type=int, metavar="N", help="a published version instead of the draft")

    def handle(self, *args: Any, **options: Any) -> None:
        quiz = Quiz.objects.filter(slug=options["slug"]).first()
        if quiz is None:
            raise CommandError(f"There is no quiz “{options['slug']}”.")
        if options["version"] is None:
            raw = definition_of(quiz)
        else:
            version = quiz.versions.filter(number=options["version"]).first()
            if version is None:
                raise CommandError(f"“{quiz.slug}” has no version {options['version']}.")
            raw = version.definition
        self.stdout.write(written(raw), ending="")
