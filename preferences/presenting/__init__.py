"""The preference center in words: what its pages show."""

from .center import Center, center
from .history import event
from .items import sentence

__all__ = ["Center", "center", "event", "sentence"]
