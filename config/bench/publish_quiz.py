"""Publishes the quiz on standard input, as the owner of a benchmark's database."""

import json
import sys

import django


def main() -> None:
    django.setup()
    from quizzes.services.drafting import import_definition
    from quizzes.services.publishing import publish

    publish(quiz=import_definition(json.load(sys.stdin)))


if __name__ == "__main__":
    main()
