"""`python -m config.launcher`: starts everything, says where it is, keeps it running until Ctrl-C."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from types import FrameType

from config import env
from config.data_folder import PROJECT
from config.database.prepare import prepare_broker
from config.database.roles import PrepareError
from config.embedded.binaries import EmbeddedError
from config.embedded.server import EmbeddedServer
from config.launcher.children import Child, die_with_parent, stop_all
from config.launcher.installation import DATABASE_URLS, Installation, LaunchError
from config.launcher.processes import make_children, settings_to_keep, shared_environment

READY_SECONDS = 60


class Interrupted(Exception):
    """Somebody asked us to stop."""


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Running:
    """What has been started so far, and so what has to be stopped."""

    installation: Installation | None = None  # kept: it holds the lock on the data folder
    server: EmbeddedServer | None = None
    children: list[Child] = field(default_factory=list)


def main() -> int:
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    running = Running()
    try:
        env.read_file(PROJECT / ".env")
        launch(running)
        while True:
            time.sleep(0.5)
            watch(running)
    except Interrupted:
        say("\nStopping …")
        return 0
    except (LaunchError, EmbeddedError, PrepareError, env.SettingError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # once is enough: stopping takes a moment and must finish
        stop_all(running.children)
        if running.server is not None:
            running.server.stop()


def launch(running: Running) -> None:
    """Start everything in order, wait until it works, say where it is."""
    started_at = time.monotonic()
    host, port = env.text("HOST", "127.0.0.1"), env.integer("PORT", 8000)
    check_port(host, port)
    installation = running.installation = Installation()
    urls = databases(installation, running)
    settings = shared_environment(installation) | {"BROKER_URL": broker(installation, running.server)}
    settings.setdefault("PUBLIC_URL", address(host, port))
    installation.write_settings(settings_to_keep(settings) | urls)
    make_ready(installation, settings | urls)
    running.children = make_children(installation, settings, urls, host=host, port=port)
    say("Starting the site and its workers …")
    for child in running.children:
        child.start()
    wait_until_ready(address(host, port), running)
    say(welcome(installation, address(host, port), time.monotonic() - started_at))


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupted


def check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise LaunchError(
                f"Port {port} on {host} cannot be used: {error.strerror}. Choose another: make run PORT={port + 1}"
            ) from error


def databases(installation: Installation, running: Running) -> dict[str, str]:
    """The four URLs: the settings' own, or those of the embedded server, which is started for it."""
    given = {name: env.text(name, "") for name in DATABASE_URLS}
    missing = [name for name, url in given.items() if not url]
    if not missing:
        return given
    if len(missing) < len(given):
        raise LaunchError(f"Of the four database URLs, {', '.join(missing)} are missing. Set all four, or none.")
    say("Starting the embedded PostgreSQL …")
    running.server = installation.embedded_server()
    start_server(running.server)
    return installation.embedded_urls(running.server)


def start_server(server: EmbeddedServer) -> None:
    server.start(start_new_session=True, preexec_fn=die_with_parent(signal.SIGINT))


def broker(installation: Installation, server: EmbeddedServer | None) -> str:
    given = env.text("BROKER_URL", "")
    if given:
        return given
    if server is None:
        raise LaunchError("With databases of your own, set BROKER_URL too: redis://… or amqp://…")
    url = installation.embedded_broker(server)
    prepare_broker(server.url(), url)
    return url


def make_ready(installation: Installation, settings: dict[str, str]) -> None:
    """Migrations, grants, static files, the demo brand and the first member of staff, in a process of its own."""
    say("Preparing the database …")
    environment = settings | {"PROFFER_PROCESS": "owner", "STAFF_FILE": str(installation.staff_file)}
    environment["STAFF_PASSWORD"] = installation.secrets["staff"]
    done = subprocess.run(
        [sys.executable, "manage.py", "make_ready"],
        cwd=PROJECT,
        env=environment,
        start_new_session=True,  # Ctrl-C is for us; we end it
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    if done.returncode:
        raise LaunchError("The database could not be prepared; the lines above say why.")


def wait_until_ready(url: str, running: Running) -> None:
    deadline = time.monotonic() + READY_SECONDS
    answer = "nothing"
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            answer = error.read().decode()
        except OSError:
            pass
        watch(running)
        time.sleep(0.1)
    raise LaunchError(
        f"The site is not ready after {READY_SECONDS} s; /readyz says: {answer}\n{running.children[0].tail(20)}"
    )


def watch(running: Running) -> None:
    """Start again what has ended by itself, and say so."""
    server = running.server
    if server is not None and server.process is not None and server.process.poll() is not None:
        say("The embedded PostgreSQL ended unexpectedly; starting it again.")
        start_server(server)
    for child in running.children:
        news = child.tend()
        if news:
            say(news)


def address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 — compared with, not bound to
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def welcome(installation: Installation, url: str, seconds: float) -> str:
    name, password = installation.staff_file.read_text().split("\n")[:2]
    return (
        f"\nProffer is running at {url}/   (started in {seconds:.1f} s)\n"
        f"  preference center  {url}/preferences/\n"
        f"  sent mail          {url}/_mail/\n"
        f"  staff              {url}/admin/   user {name}, password {password}\n"
        f"                     (kept in {installation.staff_file})\n"
        f"  data and logs      {installation.folder}\n"
        "Ctrl-C stops everything.\n"
    )


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
