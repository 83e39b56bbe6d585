"""What every response carries, and the small pages of the project itself."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from config import health, mail, urls


def directives(response: Any) -> dict[str, str]:
    policy = response["Content-Security-Policy"]
    return {part.split()[0]: part.split(maxsplit=1)[1] for part in policy.split("; ")}


@pytest.mark.django_db
def test_customers_pages_run_only_our_own_code(client: Client) -> None:
    policy = directives(client.get("/preferences/"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["img-src"] == "'self' data:"


@pytest.mark.django_db
def test_only_the_admin_may_evaluate(client: Client) -> None:
    assert "'unsafe-eval'" in directives(client.get("/admin/login/"))["script-src"]
    for path in ("/", "/preferences/", "/offers/", "/accounts/login/", "/not-there/"):
        assert "unsafe" not in client.get(path)["Content-Security-Policy"], path


@pytest.mark.django_db
def test_htmx_gets_a_fragment_and_history_the_whole_page(client: Client) -> None:
    assert b"<html" in client.get("/preferences/").content
    assert b"<html" not in client.get("/preferences/", headers={"hx-request": "true"}).content
    restored = client.get("/preferences/", headers={"hx-request": "true", "hx-history-restore-request": "true"})
    assert b"<html" in restored.content


@pytest.mark.django_db
def test_looking_around_sets_no_cookie_but_against_forgery(client: Client) -> None:
    for path in ("/", "/preferences/", "/offers/"):
        client.get(path)
    assert set(client.cookies) <= {"csrftoken"}


def test_liveness_needs_nothing(client: Client) -> None:
    response = client.get("/healthz", headers={"host": "probe.internal"})
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_choosing_a_language_changes_something_so_it_is_posted(client: Client) -> None:
    response = client.get("/i18n/setlang/?language=id&next=/offers/")
    assert (response.status_code, response["Allow"]) == (405, "POST")


@pytest.mark.django_db
def test_readiness_tells_each_part(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_broker", lambda: "ok")
    assert client.get("/readyz").json() == {"database": "ok", "migrations": "ok", "broker": "ok"}
    monkeypatch.setattr(health, "_broker", lambda: "unreachable")
    assert client.get("/readyz").status_code == 503


@pytest.mark.django_db
def test_well_known_documents(client: Client) -> None:
    assert json.loads(client.get("/.well-known/gpc.json").content)["gpc"] is True
    security = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:" in security
    assert "Expires: 20" in security


def test_mail_pages_are_not_there_unless_started_so() -> None:
    assert not [pattern for pattern in urls.urlpatterns if str(pattern.pattern).startswith("_mail")]


def test_kept_mail_can_be_read(tmp_path: Path) -> None:
    with override_settings(MAIL_FOLDER=str(tmp_path)):
        first = mail.DjangoMessage("Your code", "It is ABC123: https://shop.example/x", to=["ada@shop.example"])
        assert mail.FolderBackend().send_messages([first]) == 1
        (letter,) = mail.letters()
    assert (letter.subject, letter.to) == ("Your code", "ada@shop.example")
    assert "ABC123" in letter.text
