"""Requests of people as the privacy staff handle them in the admin: Paula is one of them, Ada the one who asks."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import now

from preferences import services
from preferences.models import Customer, Jurisdiction
from preferences.services import Told
from tests.support.people import make_catalogue

LIST = "/admin/preferences/privacyrequest/"
ADA = "ada@example.com"


def member(group: str, name: str = "", **options: Any) -> User:
    user = User.objects.create_user(name or group, password="only-for-tests", is_staff=True, **options)
    user.groups.add(Group.objects.get(name=group))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def account(email: str = ADA, *, verified: bool = True, told: dict[str, object] | None = None) -> Customer:
    """A customer with an account, who told this and allows offers and letters."""
    user = User.objects.create_user(email.partition("@")[0], email=email)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT begin_customer(%s, 'en', %s)", [email.encode(), user.pk])
        (customer,) = cursor.fetchone()
        cursor.execute("SELECT id FROM preferences_profile")
        (profile,) = cursor.fetchone()
        items = [Told(key, value) for key, value in (told or {"skin": "dry"}).items()]
        services.remember(profile_id=profile, items=items)
        for slug in ("offers", "letters"):
            services.grant(purpose_slug=slug, language="en", source="quiz")
    return Customer(pk=customer, user=user)


def form(kind: str = "access", law: str = "gdpr", **changes: Any) -> dict[str, Any]:
    at = now() - timedelta(hours=1)
    return {
        "kind": kind,
        "channel": "letter",
        "received_at_0": f"{at:%Y-%m-%d}",
        "received_at_1": f"{at:%H:%M:%S}",
        "jurisdiction": Jurisdiction.objects.get(code=law).pk,
        "email": ADA,
        "description": "",
        **changes,
    }


def enter(desk: Client, kind: str = "access", **changes: Any) -> int:
    answer = desk.post(f"{LIST}add/", form(kind, **changes))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    return int(answer.headers["Location"].split("/")[-3])


def press(desk: Client, number: int, page: str, **fields: Any) -> Any:
    return desk.post(f"{LIST}{number}/{page}/", fields)


def ready(desk: Client, kind: str = "access", **changes: Any) -> int:
    """Entered, checked who they are, and found."""
    number = enter(desk, kind, **changes)
    press(desk, number, "identity", how="address")
    press(desk, number, "find")
    return number


def row(owner: psycopg.Connection, number: int, columns: str) -> Any:
    query = f"SELECT {columns} FROM preferences_privacyrequest WHERE id = %s"
    return owner.execute(query, [number]).fetchone()


def steps(owner: psycopg.Connection, number: int) -> list[str]:
    query = "SELECT kind FROM preferences_requeststep WHERE request_id = %s ORDER BY id"
    return [kind for (kind,) in owner.execute(query, [number]).fetchall()]


def later(owner: psycopg.Connection, number: int, **by: int) -> None:
    """Lets time pass for one request, unnoticed by its trail."""
    moved = ("received_at", "entered_at", "first_due_at", "due_at", "remind_at", "closed_at", "extended_at")
    changes = ", ".join(f"{name} = {name} - %(by)s" for name in moved)
    query = f"UPDATE preferences_privacyrequest SET {changes} WHERE id = %(id)s"
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        owner.execute(query, {"by": timedelta(**by), "id": number})


def said(answer: Any) -> str:
    """What the next page tells."""
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


@pytest.fixture
def paula(db: object) -> User:
    return member("privacy", "paula", email="paula@shop.example")


@pytest.fixture
def desk(paula: User) -> Client:
    return signed_in(paula)


@pytest.fixture
def ada(db: object) -> Customer:
    make_catalogue()
    return account()
