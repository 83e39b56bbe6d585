"""What one installation keeps in its data folder: a lock, secrets, settings for every process, logs, mail."""

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import IO

from config.data_folder import data_folder, is_root, settings_file
from config.embedded.server import EmbeddedServer

DATABASE_URLS = ("DATABASE_URL", "WORKER_DATABASE_URL", "OFFERS_DATABASE_URL", "OWNER_DATABASE_URL")
URL_OF = dict(zip(("web", "worker", "offers", "owner"), DATABASE_URLS, strict=True))
SECRET_NAMES = ("secret_key", "postgres", "proffer_web", "proffer_worker", "proffer_offers", "proffer_broker", "staff")


class LaunchError(Exception):
    """Why it cannot be started, and what to do, in words for whoever typed `make run`."""


class Installation:
    """The data folder, locked for as long as this object lives."""

    def __init__(self) -> None:
        self.folder = data_folder()
        try:
            # Ours alone; as root, others may pass through it: the embedded server runs as a user of its own.
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o711 if is_root() else 0o700)
            self.log_folder.mkdir(exist_ok=True, mode=0o700)
            self._lock = self._take_lock()
            self.secrets = self._read_secrets()
        except OSError as error:
            raise LaunchError(
                f"The data folder {self.folder} cannot be used ({error.strerror}). "
                "Name another one by PROFFER_DATA, or mend this one's permissions."
            ) from error

    @property
    def log_folder(self) -> Path:
        return self.folder / "log"

    @property
    def mail_folder(self) -> Path:
        return self.folder / "mail"

    @property
    def staff_file(self) -> Path:
        return self.folder / "staff.txt"

    def _take_lock(self) -> IO[str]:
        lock = (self.folder / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise LaunchError(
                f"Proffer is running already with the data in {self.folder} (process {lock.read().strip()}). "
                "For a second one beside it, name another folder: make run PORT=8001 PROFFER_DATA=/some/folder"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return lock

    def _read_secrets(self) -> dict[str, str]:
        file = self.folder / "secrets.json"
        known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        missing = [name for name in SECRET_NAMES if name not in known]
        if missing:
            known |= {name: secrets.token_urlsafe(32 if name != "staff" else 12) for name in missing}
            write_private(file, json.dumps(known, indent=1))
        return known

    def embedded_server(self) -> EmbeddedServer:
        return EmbeddedServer(self.folder / "embedded", self.secrets["postgres"])

    def embedded_urls(self, server: EmbeddedServer) -> dict[str, str]:
        urls = {"OWNER_DATABASE_URL": server.url(database="proffer")}
        for process in ("web", "worker", "offers"):
            role = f"proffer_{process}"
            urls[URL_OF[process]] = server.url(role, self.secrets[role], "proffer")
        return urls

    def embedded_broker(self, server: EmbeddedServer) -> str:
        url = server.url("proffer_broker", self.secrets["proffer_broker"], "proffer_broker")
        return f"sqla+{url.replace('postgresql://', 'postgresql+psycopg://')}"

    def write_settings(self, settings: dict[str, str]) -> None:
        """For manage.py in another terminal."""
        lines = ["# Made by `make run`; it is made anew at every start.", *(f"{k}={v}" for k, v in settings.items())]
        write_private(settings_file(), "\n".join(lines) + "\n")


def write_private(file: Path, text: str) -> None:
    """Write a file that only we can read, whole or not at all."""
    draft = file.with_name(f".{file.name}-{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
    draft.replace(file)
