"""Marketers learn how many people, never who: conditions counted in the database mean what they mean everywhere else,
few are never told, and no two counts can be subtracted to find one person."""

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preferences.conditions import All, AnyOf, Condition, Not, Test, holds, to_json
from recommendations import audience
from recommendations.audience import Question, canonical
from tests.recommendations.shop import ATTRIBUTES, Shop

CODES = {key: values for key, (_kind, values, _sensitive) in ATTRIBUTES.items()}
EVERYBODY = Question(None, None)
dry = Test("attribute", "skin", "is", "dry")
calm = Test("attribute", "goals", "includes", "calm")

keys = st.sampled_from([*CODES, "unheard_of"])
codes = st.sampled_from(["dry", "oily", "calm", "glow", "nuts", "none", "purple", "o'neil", 5, True])
tests = st.one_of(
    st.builds(lambda k, o, v: Test("attribute", k, o, v), keys, st.sampled_from(["is", "is_not", "includes"]), codes),
    st.builds(
        lambda k, o, v: Test("attribute", k, o, tuple(v)),
        keys,
        st.sampled_from(["in", "not_in", "includes", "excludes"]),
        st.lists(codes, min_size=1, max_size=3),
    ),
    st.builds(lambda k, v: Test("attribute", k, "answered", v), keys, st.booleans()),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
people = st.dictionaries(st.sampled_from([(k, v) for k, values in CODES.items() for v in values]), st.just(1)).map(set)


@pytest.fixture
def mia(shop: Shop) -> User:
    group, _made = Group.objects.get_or_create(name="makers of offers")
    group.permissions.add(Permission.objects.get(codename="change_offer"))
    user = User.objects.create_user("mia", is_staff=True)
    user.groups.add(group)
    return user


@pytest.fixture
def crowd(shop: Shop, owner_connection: psycopg.Connection) -> Callable[..., None]:
    """`crowd(60, "skin=dry")`: so many customers with a live permit for exactly these features."""

    def come(count: int, *features: str, first: int = 1000, lasts: str = "1 day") -> None:
        ids = sorted(shop.features[each] for each in features)
        owner_connection.execute(
            """WITH came AS (
                   INSERT INTO preferences_customer (id, language, created_at)
                   SELECT n, 'en', now() FROM generate_series(%(first)s::bigint, %(last)s::bigint) n RETURNING id
               ), profiled AS (
                   INSERT INTO preferences_profile (id, customer_id, kind, name, created_at)
                   SELECT id, id, 'self', '', now() FROM came RETURNING id)
               INSERT INTO preferences_permit (
                   profile_id, purpose_id, customer_id, serial, features, attributes, expires_at, issued_at)
               SELECT id, %(purpose)s, id, nextval('preferences_permit_serial'), %(features)s, '{}',
                      now() + %(lasts)s::interval, now() FROM profiled""",
            {"first": first, "last": first + count - 1, "purpose": shop.purpose.pk, "features": ids, "lasts": lasts},
        )

    return come


def counted(user: User, shop: Shop, *questions: Question) -> list[int | None]:
    found = audience.audiences(user_id=user.pk, purpose_id=shop.purpose.pk, questions=questions)
    return [each.customers for each in found]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(condition=conditions, facts=people)
def test_the_database_means_by_a_condition_what_the_engine_means(
    condition: Condition, facts: set[tuple[str, str]], shop: Shop, owner_connection: psycopg.Connection
):
    features = [shop.features[f"{key}={code}"] for key, code in facts]
    known: dict[str, frozenset[str]] = {}
    for key, code in facts:
        known[key] = known.get(key, frozenset()) | {code}
    (sql,) = owner_connection.execute("SELECT condition_sql(%s, 1)", [json.dumps(to_json(condition))]).fetchone()  # type: ignore[misc]
    (verdict,) = owner_connection.execute(
        f"SELECT {sql} FROM (SELECT %s::integer[] AS features) AS permit", [features]
    ).fetchone()  # type: ignore[misc]
    assert verdict is holds(condition, known)


@given(conditions, people)
def test_one_way_to_put_a_condition_means_the_same(condition: Condition, facts: set[tuple[str, str]]):
    known = {key: frozenset(code for other, code in facts if other == key) for key, _code in facts}
    assert holds(canonical(condition), known) is holds(condition, known)


def test_a_condition_put_another_way_is_the_same_question():
    assert canonical(All((dry, All((calm, dry))))) == canonical(All((calm, dry)))
    assert canonical(Not(Not(AnyOf((dry,))))) == dry


def test_who_may_have_it_is_counted_but_not_exactly(mia: User, shop: Shop, crowd: Callable[..., None]):
    crowd(150, "skin=dry", "goals=calm")
    crowd(100, "skin=oily", first=2000)
    crowd(50, "skin=dry", first=3000, lasts="-1 hour")  # whose permit is over
    everybody, of_dry, not_calm, nobody = counted(
        mia, shop, EVERYBODY, Question(dry, None), Question(None, calm), Question(dry, calm)
    )
    assert 230 <= everybody <= 270
    assert 130 <= of_dry <= 170
    assert 80 <= not_calm <= 120
    assert nobody is None
    assert all(number % 10 == 0 for number in (everybody, of_dry, not_calm))


def test_a_customer_with_two_profiles_is_one(
    mia: User, shop: Shop, crowd: Callable[..., None], owner_connection: psycopg.Connection
):
    crowd(60, "skin=dry")
    owner_connection.execute(
        """WITH pets AS (
               INSERT INTO preferences_profile (customer_id, kind, name, created_at)
               SELECT id, 'pet', '', now() FROM preferences_customer RETURNING id, customer_id)
           INSERT INTO preferences_permit (
               profile_id, purpose_id, customer_id, serial, features, attributes, expires_at, issued_at)
           SELECT id, %s, customer_id, nextval('preferences_permit_serial'), %s, '{}', now() + '1 day', now()
           FROM pets""",
        [shop.purpose.pk, [shop.features["skin=dry"]]],
    )
    (number,) = counted(mia, shop, Question(dry, None))
    assert number <= 80


@pytest.mark.parametrize("count", [0, 1, 5, 19])
def test_fewer_than_twenty_are_never_told(count: int, mia: User, shop: Shop, crowd: Callable[..., None]):
    crowd(count, "skin=dry")
    crowd(200, "skin=oily", first=5000)
    others = [Test("attribute", "goals", "excludes", ("calm", f"nothing {n}")) for n in range(30)]
    asked = [Question(AnyOf((dry, each)), None) for each in others]  # thirty ways to ask the same
    assert counted(mia, shop, *asked) == [None] * 30


def test_two_counts_say_nothing_of_the_one_person_between_them(mia: User, shop: Shop, crowd: Callable[..., None]):
    """With Ada and without her: the difference goes either way about as often as it would if she were not there."""
    crowd(200, "skin=dry")
    crowd(1, "skin=dry", "goals=calm", first=9000)
    without = [Question(All((dry, Test("attribute", "goals", "answered", False), each)), None) for each in _true(40)]
    with_her = [Question(All((dry, each)), None) for each in _true(40)]
    differences = [a - b for a, b in zip(counted(mia, shop, *with_her), counted(mia, shop, *without), strict=True)]
    assert min(differences) < 0 < max(differences)
    assert len(set(counted(mia, shop, *with_her[:1] * 10))) == 1  # asking again says nothing new


def _true(count: int) -> list[Condition]:
    return [AnyOf((dry, Test("attribute", "skin", "is", f"nothing {n}"))) for n in range(count)]


def test_who_has_it_now_and_who_took_it_are_counted_by_the_same_rule(
    mia: User, shop: Shop, crowd: Callable[..., None], owner_connection: psycopg.Connection
):
    crowd(100, "skin=dry")
    cream, gel, card = shop.offers["cream"], shop.offers["gel"], shop.offers["card"]
    owner_connection.execute(
        """INSERT INTO recommendations_tailoredoffers (
               profile_id, purpose_id, permit_serial, customer_id, offers, scores, reasons, catalogue, computed_at)
           SELECT profile_id, purpose_id, serial, customer_id,
                  CASE WHEN profile_id < 1015 THEN ARRAY[%s, %s] ELSE ARRAY[%s] END,
                  CASE WHEN profile_id < 1015 THEN '{1,1}'::real[] ELSE '{1}' END,
                  CASE WHEN profile_id < 1015 THEN '{0,0,0,0,0,0}'::int[] ELSE '{0,0,0}' END, 1, now()
           FROM preferences_permit""",
        [cream, gel, cream],
    )
    found = audience.holders(user_id=mia.pk, offer_ids=[cream, gel, card])
    assert 80 <= found[cream] <= 120
    assert found[gel] is None
    assert found[card] is None
    owner_connection.execute(
        """INSERT INTO recommendations_claim (customer_id, offer_id, code, claimed_at)
           SELECT id, %s, 'C', now() - CASE WHEN id %% 2 = 0 THEN '2 days'::interval ELSE '20 days' END
           FROM preferences_customer UNION ALL
           SELECT id, %s, 'G', now() - '2 days'::interval FROM preferences_customer WHERE id < 1019""",
        [cream, gel],
    )
    found = audience.claims(user_id=mia.pk, offer_ids=[cream, gel])
    assert 30 <= found[cream] <= 70
    assert found[gel] is None


@pytest.mark.parametrize("who", ["nobody", "support", "dismissed", "no such user"])
def test_only_who_may_change_offers_may_count(who: str, mia: User, shop: Shop):
    asking = mia.pk
    if who == "no such user":
        asking = 10**6
    elif who == "dismissed":
        User.objects.filter(pk=mia.pk).update(is_active=False)
    else:
        other = User.objects.create_user(who, is_staff=True)
        if who == "support":
            other.user_permissions.add(Permission.objects.get(codename="view_offer"))
        asking = other.pk
    for count in (
        lambda: audience.audiences(user_id=asking, purpose_id=shop.purpose.pk, questions=[EVERYBODY]),
        lambda: audience.holders(user_id=asking, offer_ids=[1]),
        lambda: audience.claims(user_id=asking, offer_ids=[1]),
    ):
        with pytest.raises(ProgrammingError, match="only who may change offers"), transaction.atomic():
            count()


@pytest.mark.parametrize(
    "question",
    [
        {"attribute": "skin", "op": "near", "value": "dry"},
        {"attribute": "skin"},
        {"all": []},
        {"all": "x"},
        {"any": {"attribute": "skin"}},
        {"not": 5},
        {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"attribute": "s", "op": "answered"}}}}}}}}},
    ],
)
def test_what_is_no_condition_is_refused(question: Any, mia: User, shop: Shop):
    with (
        pytest.raises(Exception, match="this is no condition"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT * FROM audiences(%s, %s, %s)", [mia.pk, shop.purpose.pk, json.dumps([{"only": question}])]
        )


def test_a_forged_value_is_only_a_value(mia: User, shop: Shop, crowd: Callable[..., None]):
    crowd(60, "skin=dry")
    for forged in ("') OR true --", "{1}", "\\", "$1", "%s"):
        assert counted(mia, shop, Question(Test("attribute", "skin", "is", forged), None)) == [None]
        assert counted(mia, shop, Question(Test("attribute", forged, "includes", "dry"), None)) == [None]


def test_the_site_cannot_ask_around_the_rule(role_connection: Callable[[str], psycopg.Connection], shop: Shop):
    for call in ("condition_sql('{}', 1)", "sample_seed()", "blurred(5, '', 1)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role_connection("web").execute(f"SELECT {call}")
