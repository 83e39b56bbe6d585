"""What quizzes do when something changes in what customers told or in who they are, in the same transaction."""

from typing import Any

from django.db import connection

from preferences.signals import forgotten, merging


def connect() -> None:
    forgotten.connect(forget_taken_back, dispatch_uid="quizzes")
    merging.connect(merge_runs, dispatch_uid="quizzes")


def forget_taken_back(**_signal: Any) -> None:
    """A value that was taken back goes from the answers too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_taken_back()")


def merge_runs(**_signal: Any) -> None:
    """The runs of the merged customers follow."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT merge_runs()")
