"""The first step of `make run` and `make test`: a virtual environment with what requirements*.txt name.

Runs with any Python 3.11 or newer and nothing but its standard library; installs only when the requirements changed.
Usage: python3 config/bootstrap.py [--dev] [-- module arguments …]   (then runs `python -m module arguments …` in it)
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)


def main() -> None:
    arguments = sys.argv[1:]
    dev = "--dev" in arguments
    then = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    check_python()
    python = make_environment(PROJECT / ".venv")
    install(python, PROJECT / ".venv", ["requirements.txt", "requirements-dev.txt"] if dev else ["requirements.txt"])
    if then:
        os.chdir(PROJECT)
        os.execv(str(python), [str(python), "-m", *then])  # noqa: S606


def check_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        stop(
            f"Proffer needs Python 3.11 or newer; this one ({sys.executable}) is {found}.\n"
            "Install a newer Python and name it: make run PYTHON=python3.11"
        )
    try:
        import ensurepip
        import venv  # noqa: F401

        ensurepip.version()
    except ImportError:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        stop(
            "This Python cannot make virtual environments: its modules venv and ensurepip are missing.\n"
            f"On Debian and Ubuntu: apt-get install python{version}-venv"
        )


def make_environment(folder: Path) -> Path:
    python = folder / "bin" / "python"
    works = python.exists() and subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0
    if not works:  # none yet, an interrupted one, or one whose Python has been removed
        say("Making a virtual environment in .venv …")
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)])
        if made.returncode:
            stop("The virtual environment could not be made; the lines above say why.")
    return python


def install(python: Path, environment: Path, files: list[str]) -> None:
    """Install what the files name, unless that was done already: a stamp keeps the hash of what was installed."""
    stamp = environment / f".installed-{files[-1]}"
    wanted = hashlib.sha256(b"".join((PROJECT / name).read_bytes() for name in files)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Installing what {' and '.join(files)} name (a minute or two the first time) …")
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "on"]
    for name in files:
        command += ["-r", str(PROJECT / name)]
    if subprocess.run(command, stdout=None if sys.stdout.isatty() else subprocess.DEVNULL).returncode:
        stop("The packages could not be installed; the lines above say why. Is the network there?")
    stamp.write_text(wanted)


def say(text: str) -> None:
    print(text, flush=True)


def stop(text: str) -> None:
    print(text, file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
