"""How much processor time a tree of processes has used, the ended ones included."""

import psutil


def cpu_seconds(root: int) -> float:
    """User and system time of the process, its descendants, and the children that any of them has outlived."""
    top = psutil.Process(root)
    total = 0.0
    for process in [top, *top.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue  # it ended this moment: its time is among its parent's from now on
        total += times.user + times.system + times.children_user + times.children_system
    return total


def postmaster_of(backend: int) -> int | None:
    """The server process that a backend on this machine belongs to; None when it runs elsewhere."""
    try:
        parent = psutil.Process(backend).parent()
    except psutil.NoSuchProcess:
        return None
    return parent.pid if parent is not None and parent.name().startswith("postgres") else None
