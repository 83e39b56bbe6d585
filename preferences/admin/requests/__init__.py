"""Requests of people, for the privacy group alone: a list by when they are due, a page for each; the laws' clocks."""

from . import desk, laws

__all__ = ["desk", "laws"]
