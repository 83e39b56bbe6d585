"""Signing in is one door: an address, a code, an account if there was none."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


def ask_for_code(client: Client, address: str, mailoutbox: list) -> str:
    response = client.post("/accounts/login/", {"email": address})
    assert response.status_code == 302, response.content[:2000]
    assert mailoutbox, "no mail was sent"
    assert mailoutbox[-1].to == [address]
    return re.search(r"^\s*([A-Z0-9]{4,6}-?[A-Z0-9]{2,6})\s*$", mailoutbox[-1].body, re.MULTILINE)[1]


def test_a_new_address_gets_an_account_without_a_password(client: Client, mailoutbox: list) -> None:
    code = ask_for_code(client, "ada@shop.example", mailoutbox)
    response = client.post("/accounts/login/code/confirm/", {"code": code})
    assert response.status_code == 302
    user = User.objects.get()
    assert not user.has_usable_password()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get().verified


def test_coming_back_makes_no_second_account(client: Client, mailoutbox: list) -> None:
    for _ in range(2):
        code = ask_for_code(client, "ada@shop.example", mailoutbox)
        client.post("/accounts/login/code/confirm/", {"code": code})
        client.logout()
    assert User.objects.count() == 1


def test_a_wrong_code_signs_nobody_in(client: Client, mailoutbox: list) -> None:
    ask_for_code(client, "ada@shop.example", mailoutbox)
    client.post("/accounts/login/code/confirm/", {"code": "WRONGX"})
    assert "_auth_user_id" not in client.session


def test_a_closed_account_gets_no_code(client: Client, mailoutbox: list) -> None:
    User.objects.create_user("cy", email="cy@shop.example", is_active=False)
    client.post("/accounts/login/", {"email": "cy@shop.example"})
    assert User.objects.count() == 1
    assert not any(re.search(r"^[A-Z0-9]{6}$", mail.body, re.MULTILINE) for mail in mailoutbox)


def test_codes_are_not_sent_without_end(mailoutbox: list) -> None:
    for _ in range(6):
        Client().post("/accounts/login/", {"email": "ada@shop.example"})
    assert len(mailoutbox) == 3


@pytest.mark.parametrize("path", ["password/reset/", "password/change/", "password/set/", "email/x/"])
def test_customers_have_no_password_pages(path: str, client: Client) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404
