"""Four groups with exactly their permissions, and staff who cannot give themselves more."""

from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from config.groups import GROUPS, apply_groups, wanted

pytestmark = pytest.mark.django_db


def permissions(group: str) -> set[tuple[str, str]]:
    found = Permission.objects.filter(group__name=group).values_list("content_type__app_label", "codename")
    return set(found)


@pytest.mark.parametrize("group", GROUPS)
def test_migrating_gives_each_group_exactly_its_permissions(group: str) -> None:
    assert permissions(group) == wanted(GROUPS[group])


def test_applying_again_takes_back_what_was_added() -> None:
    Group.objects.get(name="support").permissions.add(Permission.objects.get(codename="change_offer"))
    apply_groups()
    assert permissions("support") == wanted(GROUPS["support"])


def test_no_group_names_a_table_with_personal_data() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relforcerowsecurity")
        personal = {name for (name,) in cursor.fetchall()}
    models = {(each._meta.app_label, each._meta.model_name): each for each in apps.get_models()}
    named = {models[app, code.partition("_")[2]]._meta.db_table for each in GROUPS for app, code in permissions(each)}
    assert personal
    assert named
    assert not personal & named


def test_who_may_what() -> None:
    assert ("recommendations", "delete_offer") in permissions("marketer")
    assert ("auth", "view_user") not in permissions("marketer")
    assert {code.partition("_")[0] for _app, code in permissions("support")} == {"view"}
    assert ("preferences", "change_attribute") in permissions("privacy")
    assert ("recommendations", "change_offer") not in permissions("privacy")
    assert permissions("marketer") < permissions("owner")
    assert ("auth", "add_user") in permissions("owner")


def test_create_staff_prints_the_password_once_and_it_works() -> None:
    out = StringIO()
    call_command("create_staff", "mia", group="marketer", stdout=out)
    password = out.getvalue().rpartition("Password: ")[2].strip()
    user = User.objects.get(username="mia")
    assert user.check_password(password)
    assert user.is_staff
    assert not user.is_superuser
    assert [group.name for group in user.groups.all()] == ["marketer"]
    with pytest.raises(CommandError, match="There is a “Mia” already"):
        call_command("create_staff", "Mia", group="marketer")


@pytest.fixture
def owner() -> Client:
    user = User.objects.create_user("olga", password="only-for-tests", is_staff=True)
    user.groups.add(Group.objects.get(name="owner"))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_owner_adds_staff_and_cannot_make_a_superuser(owner: Client) -> None:
    group = Group.objects.get(name="support").pk
    words = {"password1": "a-long-pass-phrase", "password2": "a-long-pass-phrase", "usable_password": "true"}
    answer = owner.post("/admin/auth/user/add/", {"username": "sam", "groups": [group], "is_superuser": "on", **words})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    sam = User.objects.get(username="sam")
    assert sam.is_staff
    assert not sam.is_superuser
    assert sam.groups.get().name == "support"
    page = f"/admin/auth/user/{sam.pk}/change/"
    owner.post(page, {"username": "sam", "groups": [group], "is_superuser": "on", "user_permissions": [1]})
    sam.refresh_from_db()
    assert not sam.is_superuser
    assert not sam.user_permissions.exists()
    assert not sam.is_active


def test_customers_accounts_and_superusers_are_not_among_the_staff(owner: Client) -> None:
    customer = User.objects.create_user("c" * 24, email="ada@example.com")
    root = User.objects.create_superuser("root")
    shown = owner.get("/admin/auth/user/").content.decode()
    assert "olga" in shown
    assert "ada@example.com" not in shown
    assert ">root<" not in shown
    for user in (customer, root):
        assert owner.get(f"/admin/auth/user/{user.pk}/change/").status_code == 302  # to the start page: no such user


def test_the_four_groups_are_shown_and_not_changed(owner: Client) -> None:
    group = Group.objects.get(name="marketer")
    page = f"/admin/auth/group/{group.pk}/change/"
    assert "offer: add, change, delete, view" in owner.get(page).content.decode()
    assert owner.post(page, {"name": "marketer", "permissions": []}).status_code == 403
    choices = owner.get("/admin/auth/group/add/").context["adminform"].form.fields["permissions"].queryset
    assert not choices.filter(content_type__model="customer").exists()


@pytest.mark.parametrize(("group", "sees"), [("support", False), ("marketer", False), ("owner", True)])
def test_the_sidebar_shows_only_what_one_may_look_at(owner: Client, group: str, sees: bool) -> None:
    User.objects.get(username="olga").groups.set([Group.objects.get(name=group)])
    start = owner.get("/admin/").content.decode()
    assert "/admin/preferences/purpose/" in start
    assert ("/admin/auth/user/" in start) is sees
