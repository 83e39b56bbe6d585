"""A customer's no always wins: six hundred changes of mind against computations that never stop."""

from tests.recommendations.races import WEIGHTS, Outcome, race
from tests.support.database import Database


def check(outcome: Outcome, *, changes: int) -> None:
    assert outcome.failures == []
    assert outcome.deadlocks == []
    assert outcome.leaks == [], "something was computed or served after the service had returned"
    assert outcome.looks > changes
    assert outcome.orphans == 0, "offers without the permit they were computed under"
    assert outcome.unallowed == 0, "a reason that the permit does not allow"
    assert outcome.left_due == 0
    assert sum(outcome.changes.values()) == changes
    assert all(outcome.changes[kind] for kind in WEIGHTS)
    assert outcome.computed["single"] > changes / 100
    assert outcome.computed["chunk"] > changes / 100


def test_no_offers_survive_six_hundred_changes_of_mind(database: Database):
    check(race(database.urls, database.administrator, changes=600), changes=600)
