"""Signing in by a mailed code: ten minutes, once, three tries; and a fresh one before what cannot be undone."""

import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from preferences import accounts
from tests.support.people import make_catalogue

pytestmark = pytest.mark.django_db
ADDRESS = "ada@shop.example"
CODE = re.compile(r"^\s*([A-Z0-9]{4,6}-?[A-Z0-9]{2,6})\s*$", re.MULTILINE)


def asks(client: Client) -> str:
    client.post("/accounts/login/", {"email": ADDRESS})
    found = CODE.search(mail.outbox[-1].body)
    assert found
    return found[1]


def enters(client: Client, code: str) -> bool:
    client.post("/accounts/login/code/confirm/", {"code": code})
    return "_auth_user_id" in client.session


def test_a_code_signs_in_once(db: None) -> None:
    client = Client()
    code = asks(client)
    assert enters(client, code)
    other = Client()
    other.post("/accounts/login/", {"email": ADDRESS})
    assert not enters(other, code)
    client.post("/accounts/logout/")
    assert not enters(client, code)


def test_a_code_is_of_the_browser_that_asked(db: None) -> None:
    code = asks(Client())
    assert not enters(Client(), code)


def test_a_code_works_for_ten_minutes(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    client = Client()
    code = asks(client)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 601)
    assert not enters(client, code)


def test_a_code_may_be_tried_three_times(db: None) -> None:
    client = Client()
    code = asks(client)
    for _again in range(3):
        assert not enters(client, "WRONGX")
    assert not enters(client, code)
    assert not EmailAddress.objects.filter(verified=True).exists()


@pytest.fixture
def signed_in(db: None) -> Client:
    make_catalogue()
    client = Client()
    assert enters(client, asks(client))
    return client


def grows_old(client: Client) -> None:
    session = client.session
    session[accounts.SIGNED_IN_AT] = time.time() - accounts.FRESH_SECONDS - 1
    session.save()


@pytest.mark.parametrize("path", ["/preferences/download/", "/preferences/delete-everything/"])
def test_long_after_signing_in_a_fresh_code_is_asked_for(path: str, signed_in: Client) -> None:
    now = signed_in.get(path)
    assert now.status_code == 200
    now.close()
    grows_old(signed_in)
    for method in ("get", "post") if "delete" in path else ("get",):
        response: Any = getattr(signed_in, method)(path)
        assert response.status_code == 403
        assert "fresh code" in response.content.decode()
    assert signed_in.get("/preferences/").status_code == 200


def test_after_a_fresh_code_it_goes_on_where_it_was(signed_in: Client) -> None:
    grows_old(signed_in)
    page = signed_in.get("/preferences/download/").content.decode()
    onward = re.search(r'value="(/accounts/login/[^"]+)"', page)
    assert onward
    response = signed_in.post("/accounts/logout/", {"next": onward[1].replace("&amp;", "&")})
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/preferences/download/"
    assert enters(signed_in, asks(signed_in))
    archive = signed_in.get("/preferences/download/")
    assert archive.status_code == 200
    archive.close()
