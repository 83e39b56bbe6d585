#!/usr/bin/env python
"""Django's command line. Commands that change the schema connect as the tables' owner, those that do the worker's work
as that worker, everything else as the web."""

import os
import sys

OWNER_COMMANDS = {"migrate", "simulate", "prepare_database", "sqlmigrate", "showmigrations"}
WORKER_COMMANDS = {"send_letters", "import_orders"}
OFFERS_COMMANDS = {"compute_offers", "suggest_complements"}
OFFLINE_COMMANDS = {
    "makemigrations",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "check",
    "bench",
    "bench_quality",
    "help",
    "--version",
}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWNER_COMMANDS:
        os.environ.setdefault("PROFFER_PROCESS", "owner")
    elif command in WORKER_COMMANDS:
        os.environ.setdefault("PROFFER_PROCESS", "worker")
    elif command in OFFERS_COMMANDS:
        os.environ.setdefault("PROFFER_PROCESS", "offers")
    elif command in OFFLINE_COMMANDS:
        os.environ.setdefault("PROFFER_PROCESS", "offline")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
