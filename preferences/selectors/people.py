"""Who is acting, and whom preferences are about."""

from dataclasses import dataclass

from django.db import connection

from ..models import (
    Profile,
)


@dataclass(frozen=True, slots=True)
class ProfileRef:
    id: int
    kind: str
    name: str


def profiles(customer_id: int) -> list[ProfileRef]:
    """The customer's profiles, themselves first."""
    rows = Profile.objects.filter(customer_id=customer_id).values_list("id", "kind", "name")
    return sorted((ProfileRef(*row) for row in rows), key=selves_first)


def selves_first(profile: ProfileRef) -> tuple[bool, int]:
    return profile.kind != "self", profile.id


def current_customer_id() -> int | None:
    """Whom the current transaction acts for, as the database sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_customer()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]
