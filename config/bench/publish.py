"""Publishes tasks as the site does: a line `task number` on the way in, the time at which it began on the way out."""

import sys
import time

import django


def main() -> None:
    django.setup()
    from config.celery import app

    app.loader.import_default_modules()
    for line in sys.stdin:
        name, argument = line.split()
        started_at = time.time()
        app.tasks[name].apply_async([int(argument)], queue="offers")
        print(started_at, flush=True)


if __name__ == "__main__":
    main()
