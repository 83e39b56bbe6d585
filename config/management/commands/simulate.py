"""`manage.py simulate`: a made-up brand with a million customers and a thousand offers, in a database of its own."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg.sql import SQL, Identifier

from config import env
from config.data_folder import PROJECT
from config.database.prepare import connect_to_maintenance, with_database
from config.launcher.installation import DATABASE_URLS
from config.simulation import people, shop
from config.simulation.people import SimulationError


class Command(BaseCommand):
    help = "Fill a separate database with made-up customers and offers, always the same ones, to measure with."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", type=int, default=1_000_000)
        parser.add_argument("--offers", type=int, default=1000)
        parser.add_argument("--database", default="proffer_simulated", help="Its name, on the same server.")
        parser.add_argument("--again", action="store_true", help="Write it anew where there is one already.")

    def handle(self, *args: Any, customers: int, offers: int, database: str, again: bool, **options: Any) -> None:
        if customers < 1 or offers < 1:
            raise CommandError("At least one customer and one offer.")
        urls = {name: env.text(name) for name in DATABASE_URLS}
        mine = {name: with_database(url, database) for name, url in urls.items()}
        if mine == urls:
            raise CommandError("That is the database in use. Choose another name with --database.")
        self._make_room(mine["OWNER_DATABASE_URL"], database, is_again=again)
        self._make_ready(mine)
        try:
            with psycopg.connect(mine["OWNER_DATABASE_URL"], autocommit=True) as connection:
                rows = self._fill(connection, customers, offers)
        except SimulationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{count:,} {what}" for what, count in rows.items()))
        self.stdout.write(f"They are in the database {database}: put its name at the end of the four *_DATABASE_URL.")

    def _make_room(self, url: str, database: str, *, is_again: bool) -> None:
        with connect_to_maintenance(url) as server:
            if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
                return
            if not is_again:
                raise CommandError(f"There is a database {database} already. Add --again to write it anew.")
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(database)))

    def _make_ready(self, urls: dict[str, str]) -> None:
        """Schema, grants and the demo brand, whose uses the made-up people allow."""
        environment = os.environ | urls | {"PROFFER_PROCESS": "owner"}
        for command in ("prepare_database", "load_demo"):
            process = {"PROFFER_PROCESS": "web"} if command == "load_demo" else {}
            done = subprocess.run([sys.executable, "manage.py", command], cwd=PROJECT, env=environment | process)
            if done.returncode:
                raise CommandError("The database could not be prepared; the lines above say why.")

    def _fill(self, connection: psycopg.Connection, customers: int, count: int) -> dict[str, int]:
        people.prepare(connection)
        rows = people.fill(connection, 1, customers, wanting=10, given=0)
        shop.fill(connection, count)
        people.settle(connection)
        people.check(connection, 1, customers)
        return rows | {"offers": count}
