"""What a stranger sends to sign in, and requests that cannot be read."""

import re
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client

from config.logs import ImpersonalRequests
from config.static_files import FoldedStaticFilesStorage
from tests.config.test_logs import record

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


def reader() -> Client:
    """A browser that has a page of ours open."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/accounts/login/")
    return client


@pytest.mark.parametrize("path", ["/accounts/login/", "/q/skin/", "/admin/login/"])
@pytest.mark.parametrize(
    ("body", "status"), [(b"a=" + b"x" * 3_000_000, 413), (b"&".join([b"a=1"] * 6100), 413)], ids=["long", "many"]
)
def test_more_than_we_read_gets_a_page_that_says_so(path: str, body: bytes, status: int) -> None:
    response = reader().post(path, body, content_type=FORM)
    assert response.status_code == status
    assert b"more than we can take in" in response.content


@pytest.mark.parametrize("charset", ["rot13", "utf-16", "latin-1"])
def test_a_form_in_no_encoding_of_ours_gets_a_page_too(charset: str) -> None:
    response = reader().generic("POST", "/accounts/login/", b"email=x", content_type=f"{FORM}; charset={charset}")
    assert response.status_code == 400
    assert b"could not read that" in response.content
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_another_host_name_gets_a_page_too() -> None:
    response = Client().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"evil" not in response.content


def test_an_address_longer_than_any_is_refused_not_a_failure(client: Client) -> None:
    response = client.post("/accounts/login/", {"email": "a" * 280 + "@shop.example"})
    assert response.status_code == 200
    assert not User.objects.exists()


def test_pressing_twice_at_once_makes_one_account(mailoutbox: list[Any], owner_connection: psycopg.Connection) -> None:
    cache.clear()
    barrier = threading.Barrier(3)

    def press() -> None:
        barrier.wait()
        Client().post("/accounts/login/", {"email": "ada@shop.example"})
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for table in ("auth_user", "account_emailaddress"):
        assert owner_connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)


def test_a_strange_address_is_not_logged_either() -> None:
    path = "/continue/secret/ü\n/"
    request = type("Request", (), {"path": path, "resolver_match": None})()
    logged = record("Not Found: %s", path.encode("unicode_escape").decode(), request=request)
    ImpersonalRequests().filter(logged)
    assert "secret" not in logged.getMessage()


def test_a_picture_that_is_not_there_takes_no_page_down(tmp_path: Path) -> None:
    storage = FoldedStaticFilesStorage(location=tmp_path, base_url="/static/")
    for path in ("art/none.svg", "art/../css/proffer.css", "https://evil.example/x.svg", ""):
        assert storage.url(path).startswith("/static/")


def test_a_code_by_mail_opens_no_admin(client: Client, mailoutbox: list[Any]) -> None:
    """Whoever reads an owner's mail is no owner: the admin wants the password."""
    owner = User.objects.create_user("bo", email="bo@shop.example", password="correct horse", is_staff=True)
    EmailAddress.objects.create(user=owner, email=owner.email, primary=True, verified=True)
    client.post("/accounts/login/", {"email": owner.email})
    code = re.search(r"^\s*(\w{4}-\w{4})\s*$", mailoutbox[-1].body, re.MULTILINE)
    client.post("/accounts/login/code/confirm/", {"code": code and code[1]})
    assert client.session["_auth_user_id"] == str(owner.pk)
    assert client.get("/admin/").status_code == 302
    client.post("/admin/login/", {"username": "bo", "password": "correct horse"})
    assert client.get("/admin/").status_code == 200
