"""Customers, the devices that know them, and whom preferences are about.

Foreign keys to rows of one customer are made in SQL, where they cascade: erasing is one DELETE.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Customer(models.Model):
    """A person who volunteers data; anonymous until they sign in."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, db_constraint=False)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=40, blank=True, default="")  # empty: nobody said, the brand's counts
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", on_delete=models.DO_NOTHING, null=True, db_constraint=False)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")

    def __str__(self) -> str:
        return f"customer {self.pk}"


class Device(models.Model):
    """A browser that may act for a customer. Only the SHA-256 of its cookie is stored."""

    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="devices", db_constraint=False)
    token_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return f"device {self.pk}"


class Profile(models.Model):
    """Whom preferences are about: the customer, a pet, or an own child; never another adult."""

    class Kind(models.TextChoices):
        SELF = "self", _("me")
        PET = "pet", _("a pet")
        CHILD = "child", _("a child")

    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, related_name="profiles", db_constraint=False)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [
            models.UniqueConstraint(fields=("customer",), condition=models.Q(kind="self"), name="one_self_a_customer"),
            models.UniqueConstraint(fields=("id", "customer"), name="profile_of_customer"),
        ]

    def __str__(self) -> str:
        return f"profile {self.pk}"
