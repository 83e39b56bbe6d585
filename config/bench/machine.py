"""What it was measured on."""

import os
import platform
from pathlib import Path

from config.bench.stand import Stand


def machine(stand: Stand) -> str:
    with stand.owner() as connection:
        row = connection.execute("SELECT current_setting('server_version'), current_setting('fsync')").fetchone()
    assert row is not None
    where = "embedded" if stand.running.server is not None else "given"
    return (
        f"{os.cpu_count()} cores ({_processor()}), Python {platform.python_version()}, "
        f"PostgreSQL {row[0].split(' ')[0]} ({where}, fsync {row[1]}), queue: {stand.broker_name}"
    )


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
