"""Ada, who consented to everything, her answers to be filled in too."""

import pytest

from preferences.models import Purpose
from tests.support.people import Person, make_catalogue, someone


@pytest.fixture(autouse=True)
def features(db: None) -> dict[str, int]:
    return make_catalogue()


@pytest.fixture
def ada(features: dict[str, int]) -> Person:
    Purpose.objects.filter(slug="letters").update(answers_once=True)
    return someone({"skin": "dry", "goal": ["calm"]}, ("offers", "letters"))
