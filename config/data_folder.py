"""Where this installation keeps what it makes: the embedded database, secrets, sent mail, logs. Standard library only.

PROFFER_DATA names the folder. Otherwise it is `.proffer` in the project, or, for root, a folder under /var/lib/proffer
named after the project: PostgreSQL will not run as root, and the user it runs as may not be able to look into root's
folders, which are not ours to open.
"""

import hashlib
import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SYSTEM_FOLDER = Path("/var/lib/proffer")


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def data_folder() -> Path:
    chosen = os.environ.get("PROFFER_DATA", "")
    if chosen:
        return Path(chosen).expanduser().resolve()
    if is_root():
        return SYSTEM_FOLDER / f"{PROJECT.name}-{hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]}"
    return PROJECT / ".proffer"


def settings_file() -> Path:
    """The settings that `make run` generated, so that manage.py in another terminal finds the same databases."""
    return data_folder() / "settings.env"
