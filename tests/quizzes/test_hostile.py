"""What a stranger tries on the pages of a quiz."""

from typing import Any

import pytest

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
