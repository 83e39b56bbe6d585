"""The race of tests/recommendations, twenty thousand changes long."""

import pytest

from tests.recommendations.races import race
from tests.recommendations.test_races import check
from tests.support.database import Database


@pytest.mark.soak
def test_no_offers_survive_twenty_thousand_changes_of_mind(database: Database):
    check(race(database.urls, database.administrator, changes=20_000, seed=7), changes=20_000)
