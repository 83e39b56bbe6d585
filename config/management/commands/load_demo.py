"""`manage.py load_demo`: the demo brand. A second run changes nothing, a partly loaded one is completed."""

from typing import Any

from django.core.management.base import BaseCommand

from config.demo_loader import load_demo


class Command(BaseCommand):
    help = "Load the demo brand: attributes, purposes, products, offers and quizzes. Keeps what is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_demo()
        if options["verbosity"]:
            added = ", ".join(f"{count} {noun}" for noun, count in loaded.items())
            self.stdout.write(f"Added {added}." if added else "The demo brand is loaded already.")
