"""The processes that make up a running Proffer: each started in a session of its own, watched, restarted, stopped."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 15
STEADY_SECONDS = 30  # a child that lived this long before it died is restarted at once
LONGEST_PAUSE = 30.0
PR_SET_PDEATHSIG = 1


def die_with_parent(deadly_signal: int) -> Callable[[], None] | None:
    """For Popen's preexec_fn: the kernel ends the child if we are killed without a chance to (Linux only)."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, deadly_signal)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask


@dataclass
class Child:
    """One process: how it is started, and how it has been doing."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: Path
    log_file: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    pause: float = 0.0

    def start(self) -> None:
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        self.started_at = time.monotonic()

    def tend(self) -> str:
        """Restart it if it died, after a pause that grows while it keeps dying. Returns what there is to say, or ""."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.restart_at:
                self.start()
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        self.end_group(signal.SIGKILL)  # what it may have left behind
        steady = now - self.started_at > STEADY_SECONDS
        self.pause = 0.0 if steady else min(max(self.pause * 2, 1.0), LONGEST_PAUSE)
        self.restart_at = now + self.pause
        self.process = None
        return (
            f"{self.name} ended unexpectedly ({ending(code)}); starting it again in {self.pause:.0f} s.\n{self.tail()}"
        )

    def end_group(self, with_signal: int) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, with_signal)

    def tail(self, lines: int = 8) -> str:
        try:
            text = self.log_file.read_text(errors="replace").splitlines()[-lines:]
        except OSError:
            return ""
        return "\n".join(f"  {self.name} | {line}" for line in text)


def ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def stop_all(children: list[Child]) -> None:
    """Ask all at once, wait, then insist. Nothing of theirs is left afterwards."""
    running = [child for child in children if child.process is not None]
    for child in running:
        child.end_group(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for child in running:
        assert child.process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.1, deadline - time.monotonic()))
        child.end_group(signal.SIGKILL)
        child.process.wait()
        child.process = None
