"""Quizzes in a real database, taken as the site's own role."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from quizzes.models import QuizVersion
from quizzes.services.drafting import import_definition
from quizzes.services.publishing import publish
from tests.quizzes.taking import Taker
from tests.support.database import arranged_once
from tests.support.people import make_catalogue

from .builders import care, pet

Publish = Callable[[dict[str, Any]], QuizVersion]


@pytest.fixture
def published(db: object) -> Publish:
    """`published(definition)` imports and publishes it through the same step as the admin."""
    make_catalogue()
    return lambda raw: publish(quiz=import_definition(raw))


@pytest.fixture
def care_quiz(published: Publish) -> QuizVersion:
    return QuizVersion.objects.get(pk=publish_care())


@arranged_once
def publish_care() -> int:
    return publish(quiz=import_definition(care())).pk


@pytest.fixture
def pet_quiz(published: Publish) -> QuizVersion:
    from preferences.models import Attribute

    Attribute.objects.filter(key__in=["weight", "note"]).update(profile_kind="pet")
    return published(pet())


@pytest.fixture
def ada(client: Client) -> Taker:
    """A browser without JavaScript."""
    return Taker(client)


@pytest.fixture
def bo() -> Taker:
    """Somebody else's browser."""
    return Taker(Client())
