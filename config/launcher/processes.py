"""Which processes there are, how each is started, and what it is told: no more than it needs."""

import os
import sys

from config.data_folder import PROJECT
from config.launcher.children import Child
from config.launcher.installation import DATABASE_URLS, URL_OF, Installation

NEVER_SHARED = {*DATABASE_URLS, *(f"{name}_FILE" for name in DATABASE_URLS), "PROFFER_PROCESS"}


def shared_environment(installation: Installation) -> dict[str, str]:
    """What every process may know: what we were told, without the databases, and what the data folder adds."""
    told = {name: value for name, value in os.environ.items() if name not in NEVER_SHARED}
    ours = {
        "PROFFER_ENV": "development",
        "PROFFER_DATA": str(installation.folder),
        "MAIL_FOLDER": str(installation.mail_folder),
        "PYTHONUNBUFFERED": "1",
    }
    defaults = {"ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]", "PROFFER_HTTPS": "no"}
    if "SECRET_KEY_FILE" not in told:
        defaults["SECRET_KEY"] = installation.secrets["secret_key"]
    return defaults | told | ours


def settings_to_keep(settings: dict[str, str]) -> dict[str, str]:
    """What manage.py in another terminal needs of these: not PATH and the like."""
    names = (
        "PROFFER_ENV",
        "SECRET_KEY",
        "SECRET_KEY_FILE",
        "ALLOWED_HOSTS",
        "PROFFER_HTTPS",
        "BROKER_URL",
        "MAIL_FOLDER",
        "PUBLIC_URL",
    )
    return {name: settings[name] for name in names if name in settings}


def make_children(
    installation: Installation, settings: dict[str, str], urls: dict[str, str], *, host: str, port: int
) -> list[Child]:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    celery = [sys.executable, "-m", "celery", "--app", "config.celery:app", "--quiet"]
    worker = [*celery, "worker", "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    sharing = int(settings.get("OFFERS_WORKERS", "1"))
    pool = ["--pool", "solo"] if sharing == 1 else ["--pool", "prefork", "--concurrency", str(sharing)]
    schedule = installation.folder / "beat-schedule"
    commands = {
        "web": [
            sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", bind, "--worker-class", "gthread",
            "--workers", settings.get("WEB_WORKERS", "1"), "--threads", settings.get("WEB_THREADS", "8"),
            "--graceful-timeout", "10", "--timeout", "60", "--log-level", "warning", "--no-control-socket",
        ],
        "offers": [*worker, "--queues", "offers,ranges", *pool, "--hostname", "offers@%h"],
        "worker": [*worker, "--queues", "work", "--pool", "solo", "--hostname", "work@%h"],
        "beat": [*celery, "beat", "--schedule", str(schedule), "--pidfile", "", "--loglevel", "WARNING"],
    }  # fmt: skip
    children = []
    for process, command in commands.items():
        environment = settings | {"PROFFER_PROCESS": process}
        if process in URL_OF:
            environment[URL_OF[process]] = urls[URL_OF[process]]
        log_file = installation.log_folder / f"{process}.log"
        if log_file.exists():
            log_file.replace(log_file.with_suffix(".log.old"))
        children.append(Child(process, command, environment, PROJECT, log_file))
    return children
