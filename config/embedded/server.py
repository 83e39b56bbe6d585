"""One embedded PostgreSQL server: made once, started and stopped with the project, found again next time.

It listens on 127.0.0.1 only, at a port of its own that it keeps, and asks everyone for a password (scram-sha-256).
"""

import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg

from config.data_folder import SYSTEM_FOLDER, is_root
from config.embedded.binaries import EmbeddedError, Programs, can_be_reached, find_programs, make_system_folder

START_SECONDS = 60
STOP_SECONDS = 30
ADMINISTRATOR = "postgres"


class EmbeddedServer:
    """A server whose files are in `folder`. `password` is the administrator's, set when the server is made.

    `is_durable=False` leaves out everything that protects data from a power cut: for tests.
    """

    def __init__(self, folder: Path, password: str, *, is_durable: bool = True) -> None:
        self.folder = folder
        self.password = password
        self.is_durable = is_durable
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._programs: Programs | None = None

    @property
    def programs(self) -> Programs:
        if self._programs is None:
            self._programs = find_programs()
        return self._programs

    def url(self, user: str = ADMINISTRATOR, password: str = "", database: str = "postgres") -> str:
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def log_file(self) -> Path:
        return self.folder / "postgresql.log"

    @property
    def cluster(self) -> Path:
        """The database files. Below our folder, unless root keeps that where the server's user cannot go."""
        note = self.folder / "cluster-is-at"
        if note.exists():
            return Path(note.read_text().strip())
        if is_root() and not can_be_reached(self.folder / "postgresql"):
            make_system_folder()
            elsewhere = SYSTEM_FOLDER / f"cluster-{secrets.token_hex(6)}"
            note.write_text(f"{elsewhere}\n")
            return elsewhere
        return self.folder / "postgresql"

    def start(self, **popen: Any) -> None:
        """Make the server if there is none, start it and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._end_leftover()
        if not (self.cluster / "PG_VERSION").exists():
            self._initialise()
        for _ in range(3):  # between finding a free port and listening, somebody else may take it
            self.port = self._choose_port()
            self._launch(popen)
            if self._answers():
                return
        raise EmbeddedError(f"The embedded PostgreSQL did not start. Its log: {self.log_file}\n{self._log_end()}")

    def stop(self) -> None:
        """Ask it to shut down now (open connections are ended), and wait."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(STOP_SECONDS)

    def remove(self) -> None:
        """Delete the database files, wherever they are."""
        self.stop()
        shutil.rmtree(self.cluster, ignore_errors=True)

    def _initialise(self) -> None:
        cluster = self.cluster
        if cluster.exists():  # an earlier attempt was interrupted: without PG_VERSION it holds no data
            shutil.rmtree(cluster)
        cluster.mkdir(parents=True, mode=0o700)
        self.programs.own(cluster)
        password_file = cluster.with_name(f".{cluster.name}-{secrets.token_hex(4)}")
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        self.programs.own(password_file)
        command = [
            self.programs.path("initdb"), "--pgdata", str(cluster), "--username", ADMINISTRATOR,
            "--pwfile", str(password_file), "--auth", "scram-sha-256", "--encoding", "UTF8",
            "--locale-provider", "builtin", "--locale", "C.UTF-8", "--data-checksums",
        ]  # fmt: skip
        if not self.is_durable:
            command.append("--no-sync")
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, **self.programs.run_as())
        except subprocess.CalledProcessError as error:
            shutil.rmtree(cluster, ignore_errors=True)
            raise EmbeddedError(f"The embedded PostgreSQL could not be made in {cluster}:\n{error.stderr}") from error
        finally:
            password_file.unlink()

    def _choose_port(self) -> int:
        """The port it had before, if that is free: after a crash of the server, others still use its address."""
        note = self.folder / "port"
        known = note.read_text().strip() if note.exists() else ""
        port = _free_port(int(known) if known.isdigit() else 0) or _free_port(0)
        note.write_text(f"{port}\n")
        return port

    def _launch(self, popen: dict[str, Any]) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 60,
            "shared_buffers": "128MB",
            "timezone": "UTC",
            # The log names no values: neither statements nor the details of errors.
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
        }
        if not self.is_durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
        command = [self.programs.path("postgres"), "-D", str(self.cluster)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.programs.run_as(), **popen
            )

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                return False
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    self.stop()
                    raise EmbeddedError(
                        f"The database in {self.cluster} was made with another password than the one kept beside it in "
                        f"{self.folder}. Put that file back, or delete the database's folder to start anew."
                    ) from None
                time.sleep(0.05)
            else:
                return True
        self.stop()
        return False

    def _end_leftover(self) -> None:
        """After a crash of ours the server may still run, or only its pid file be left, naming a stranger by now."""
        pid_file = self.cluster / "postmaster.pid"
        try:
            process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
            is_ours = str(self.cluster) in process.cmdline()
        except (OSError, ValueError, psutil.Error):
            return  # none, or no such process: PostgreSQL itself copes with a stale file
        if not is_ours:
            pid_file.unlink(missing_ok=True)
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except psutil.TimeoutExpired as error:
            raise EmbeddedError(f"An earlier embedded PostgreSQL (process {process.pid}) does not stop.") from error

    def _log_end(self) -> str:
        try:
            return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-10:])
        except OSError:
            return ""


def _free_port(wanted: int) -> int:
    """The wanted port if it is free, any free one for 0; 0 if it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
