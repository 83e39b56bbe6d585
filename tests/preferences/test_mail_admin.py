"""Marketers make topics and write letters; what was released stays."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from preferences.models import Letter, Purpose, Topic
from tests.support.letters import AsRole, Worker, make_topics, subscribed
from tests.support.people import someone

pytestmark = pytest.mark.django_db
LETTERS = "/admin/preferences/letter/"


@pytest.fixture
def topics(db: None) -> dict[str, Topic]:
    return make_topics()


@pytest.fixture
def mira(topics: dict[str, Topic]) -> Client:
    user = User.objects.create_user("mira", is_staff=True)
    user.groups.add(Group.objects.get(name="marketer"))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_topic_is_made_on_a_purpose_that_sends_mail(mira: Client) -> None:
    letters, offers = (Purpose.objects.get(slug=slug) for slug in ("letters", "offers"))
    form = {
        "key": "rain", "kind": "letter", "position": "5", "is_active": "on", "title_en": "Rain",
        "sentence_en": "When it rains.", "frequencies": ["always", "yearly"],
    }  # fmt: skip
    assert mira.get("/admin/preferences/topic/add/").status_code == 200
    assert mira.post("/admin/preferences/topic/add/", form | {"purpose": offers.pk}).status_code == 200
    response = mira.post("/admin/preferences/topic/add/", form | {"purpose": letters.pk})
    assert response.status_code == 302, response.context["adminform"].form.errors
    made = Topic.objects.get(key="rain")
    assert (made.purpose, made.frequencies) == (letters, ["always", "yearly"])
    assert mira.get("/admin/preferences/topic/").status_code == 200
    assert mira.get(f"/admin/preferences/topic/{made.pk}/change/").status_code == 200


def test_a_letter_is_written_released_and_sent(mira: Client, topics: dict[str, Topic], as_role: AsRole) -> None:
    worker = Worker(as_role)
    subscribed(worker, someone(), "ada@example.org", "season")
    form = {"topic": topics["season"].pk, "subject_en": "Rain again", "body_en": "Take a coat."}
    assert mira.post(f"{LETTERS}add/", form).status_code == 302
    letter = Letter.objects.get()
    assert worker.sends() == []
    mira.post(LETTERS, {"action": "release", "_selected_action": [letter.pk]})
    assert [each.subject for each in worker.sends()] == ["Rain again"]
    mira.post(f"{LETTERS}{letter.pk}/change/", form | {"subject_en": "Other words"})
    mira.post(f"{LETTERS}{letter.pk}/delete/", {"post": "yes"})
    assert Letter.objects.get().subject["en"] == "Rain again"
    assert "Rain again" in mira.get(LETTERS).content.decode()
    assert mira.get(f"{LETTERS}send-now/").status_code == 302


def test_the_admin_shows_no_address(mira: Client) -> None:
    for model in ("mailaddress", "mailconfirmation", "sending", "topicchoice", "maillink"):
        assert mira.get(f"/admin/preferences/{model}/").status_code == 404
