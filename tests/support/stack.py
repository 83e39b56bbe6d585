"""The whole thing as `make run` starts it, on a free port, with a temporary data folder and the demo brand."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.data_folder import PROJECT
from config.launcher.children import die_with_parent

START_SECONDS = 180


@dataclass(frozen=True)
class Stack:
    """A running Proffer: where its pages are, where its mail, logs and settings are kept."""

    url: str
    folder: Path

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def settings(self) -> dict[str, str]:
        """What the launcher generated: database URLs by role, the broker …"""
        lines = (self.folder / "settings.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))

    @property
    def staff(self) -> tuple[str, str]:
        """User name and password of the first member of staff."""
        name, password = (self.folder / "staff.txt").read_text().split("\n")[:2]
        return name, password


@pytest.fixture(scope="session")
def live_stack() -> Iterator[Stack]:
    with running_stack() as stack:
        yield stack


@contextmanager
def running_stack(**settings: str) -> Iterator[Stack]:
    """Start it with these settings, wait until it is ready, stop it and leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="proffer-stack-"))
    folder.chmod(0o711)  # as root, the database server runs as another user
    port = _free_port()
    log = folder / "launcher.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.launcher"],
            cwd=PROJECT,
            env=_environment(folder, port) | settings,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, log)
        yield Stack(url, folder)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Only what any shell has: no setting of whoever runs the tests leaks in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"PROFFER_DATA": str(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1"}


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2):
                if "is running at" in log.read_text():
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.2)
    pytest.fail(f"The stack did not start:\n{log.read_text()[-4000:]}", pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
