"""Topics to hear about, a browser on the page where they are chosen, and the worker that sends."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from preferences.letters import sending
from preferences.models import Letter, Purpose, PurposeNotice, Topic
from tests.support.people import Person, make_catalogue

AsRole = Callable[[str], AbstractContextManager[None]]
PAGE = "/preferences/mail/"


def make_topics() -> dict[str, Topic]:
    """Topics season and news, resting on letters, and fresh (asks whether answers are still right), on its own."""
    make_catalogue()
    Purpose.objects.filter(slug="letters").update(sends_mail=True)
    fresh = Purpose.objects.create(slug="fresh", position=9, sends_mail=True)
    words = {"en": "Fresh"}
    PurposeNotice.objects.create(
        purpose=fresh, version=1, title=words, sentence=words, benefit=words, published_at=timezone.now()
    )
    letters = Purpose.objects.get(slug="letters")
    made = (("season", letters, "letter"), ("news", letters, "letter"), ("fresh", fresh, "reask"))
    return {
        key: Topic.objects.create(
            key=key, purpose=purpose, kind=kind, position=place,
            title={"en": f"The {key}", "id": f"Si {key}"}, sentence={"en": "Now and then."},
        )
        for place, (key, purpose, kind) in enumerate(made)
    }  # fmt: skip


def browser_of(person: Person | None = None) -> Client:
    client = Client()
    if person:
        client.cookies["proffer"] = person.token
    return client


def switch(client: Client, key: str, to: str = "on") -> None:
    response = client.post(f"{PAGE}topics/{key}/", {"to": to, "notice": "1"})
    assert response.status_code == 302, response.content[:500]


def give_address(client: Client, address: str) -> None:
    response = client.post(f"{PAGE}address/", {"address": address})
    assert response.status_code == 302, response.content[:500]


def release(topic: Topic, subject: str = "Autumn is here") -> Letter:
    words = {"en": subject, "id": f"{subject} (id)"}
    body = {"en": "Wear a hat.\n\nAnd a scarf."}
    return Letter.objects.create(topic=topic, subject=words, body=body, released_at=timezone.now())


class Worker:
    """Does what the worker's process does, as its role; gives back the messages that went out meanwhile."""

    def __init__(self, as_role: AsRole) -> None:
        self.as_role = as_role

    def sends(self, *, days: float = 0, now: datetime | None = None) -> list[EmailMultiAlternatives]:
        """Everything that is due in so many days."""
        now = (now or timezone.now()) + timedelta(days=days)
        before = len(mail.outbox)
        with self.as_role("worker"):
            sending.send_confirmations(now)
            sending.send_due(now)
        return mail.outbox[before:]  # type: ignore[return-value]

    def tidies(self, *, days: float) -> None:
        with self.as_role("worker"):
            sending.tidy(timezone.now() + timedelta(days=days))


def path_in(message: EmailMultiAlternatives) -> str:
    """Where the link in a message leads on our site: of a letter, the one that makes it less."""
    paths = re.findall(r"https?://[^/\s]+(/mail/\S+)", message.body)
    assert len(paths) == 1, message.body
    return paths[0]


def confirm(message: EmailMultiAlternatives) -> None:
    """On another device than the one that asked, as people read mail."""
    assert Client().post(path_in(message)).status_code == 200


def subscribed(worker: Worker, person: Person, address: str, *topics: str) -> Client:
    """A browser whose customer hears about these topics, at a confirmed address."""
    client = browser_of(person)
    for each in topics:
        switch(client, each)
    give_address(client, address)
    [asked] = worker.sends()
    confirm(asked)
    return client
