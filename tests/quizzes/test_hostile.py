"""What a stranger tries on the pages of a quiz."""

import re
from typing import Any

import psycopg
import pytest

from preferences import catalogue
from preferences.models import Purpose

from .taking import Taker

pytestmark = pytest.mark.usefixtures("care_quiz")

WHOLE_PAGE = ({"HX-History-Restore-Request": "true"}, {"HX-Boosted": "true"})


@pytest.mark.parametrize("headers", WHOLE_PAGE)
def test_nothing_of_whoever_came_first_is_kept_for_the_next(ada: Taker, bo: Taker, headers: Any) -> None:
    """A step is rendered once for everybody: headers that ask for the whole page must not end up in it."""
    ada.start()
    first = ada.client.post(ada.url, {"answer": "oily"}, headers={"HX-Request": "true"} | headers)
    assert first.status_code == 303
    bo.start()
    page = bo.client.post(bo.url, {"answer": "oily"}, headers={"HX-Request": "true"}).content.decode()
    assert "<!doctype" not in page
    assert ada.run not in page
    assert f'action="{bo.run}' in page


def publish_anew(slug: str) -> None:
    """A newer text for a purpose, as a marketer does while somebody reads the old one."""
    purpose, words = Purpose.objects.get(slug=slug), {"en": "All of it"}
    catalogue.publish_notice(purpose=purpose, title=words, sentence=words, benefit=words, details=words)


def test_nobody_agrees_to_words_they_were_not_shown(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    ada.take(skin="oily", allergy={"decline": "1"}, order=["price", "scent", "feel"], words="none")
    shown = re.findall(r'name="notice" value="([^"]+)"', ada.page.content.decode())
    assert shown
    publish_anew("offers")
    response = ada.client.post(ada.url, {"purpose": "offers", "notice": shown})
    assert response.status_code == 422
    assert "These words have just changed" in response.content.decode()
    granted = "SELECT count(*) FROM preferences_grant"
    assert owner_connection.execute(granted).fetchone() == (0,)
    now = re.findall(r'name="notice" value="([^"]+)"', response.content.decode())
    assert ada.client.post(ada.url, {"purpose": "offers", "notice": now}).status_code == 303
    assert owner_connection.execute(granted).fetchone() == (1,)
