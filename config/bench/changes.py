"""Asks a process of the site's role (changing.py) to make changes of consent, and how long each took."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence

from config.bench.stand import BenchError, Stand
from config.data_folder import PROJECT
from config.launcher.installation import URL_OF

Seconds = Mapping[str, list[float]]


def drawn(among: Sequence[int], count: int, seed: int) -> list[int]:
    """Always the same of these customers."""
    return random.Random(seed).sample(among, count)  # noqa: S311 - no secret


def made(stand: Stand, asked: Mapping[str, Sequence[int]]) -> Seconds:
    """Seconds of each change; `asked` says for which customers each kind is made, in turn with the others."""
    environment = os.environ | stand.settings | {"PROFFER_PROCESS": "web", URL_OF["web"]: stand.urls["web"]}
    done = subprocess.run(
        [sys.executable, "-m", "config.bench.changing"],
        cwd=PROJECT,
        env=environment,
        input=json.dumps(asked),
        text=True,
        capture_output=True,
    )
    if done.returncode:
        raise BenchError(f"Consent could not be changed:\n{done.stderr[-2000:]}")
    found: Seconds = json.loads(done.stdout.splitlines()[-1])
    return found
