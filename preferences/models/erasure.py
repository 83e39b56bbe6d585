"""What an erasure leaves, which is tied to nobody, and the sessions that it has to end."""

from django.db import models

from .consent import CoreRow
from .people import Customer


class Erasure(CoreRow):
    """That everything of a subject was erased. `seal` is a hash over the subject and a key that only the person has:
    who shows the key shows that the entries were theirs, and without it nobody can tell whose they were."""

    subject = models.UUIDField(primary_key=True)
    seal = models.CharField(max_length=64)
    at = models.DateTimeField()


class AccountSession(CoreRow):
    """A session in which a customer's account is signed in; it ends with the customer."""

    session_key = models.CharField(max_length=40, primary_key=True)
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
