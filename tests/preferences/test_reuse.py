"""What may be filled in for a customer: what they told, about this profile, while they allow exactly that."""

from dataclasses import dataclass, field

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st

from preferences import selectors, services
from preferences.catalogue import publish_notice
from preferences.models import Attribute, Purpose
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db

KEYS = ("skin", "goal", "weight", "note", "allergy")
VALUES = {
    "skin": ("dry", "oily"),
    "goal": (["calm"], ["glow", "even"], []),
    "weight": (4, 17.5),
    "note": ("Soft, please", ""),
    "allergy": (True, False),
}
COVERED = ("skin", "goal", "weight", "note")
WORDS = {"en": "Ask me once"}


def publish(purpose: Purpose) -> None:
    publish_notice(purpose=purpose, title=WORDS, sentence=WORDS, benefit=WORDS, details={}, is_material=False)


def cover(purpose: Purpose, keys: tuple[str, ...]) -> None:
    purpose.attributes.set(Attribute.objects.filter(key__in=keys))


@pytest.fixture
def once(db: None) -> Purpose:
    make_catalogue()
    purpose = Purpose.objects.create(slug="once", answers_once=True, position=9)
    cover(purpose, COVERED)
    publish(purpose)
    return purpose


def reusable(person: Person, profile: int | None = None) -> dict[str, object]:
    with acting(person):
        found = selectors.answers_to_reuse(profile or person.profile, KEYS)
    return {key: each.value for key, each in found.items()}


def test_what_was_told_is_given_back_with_its_time_and_source(once: Purpose) -> None:
    ada = someone({"skin": "dry", "weight": 4.2}, ("once",))
    with acting(ada):
        found = selectors.answers_to_reuse(ada.profile, ["skin", "weight"])
        (told,) = [each for each in selectors.told(ada.id, "en") if each.attribute.key == "skin"]
    assert {key: each.value for key, each in found.items()} == {"skin": "dry", "weight": 4.2}
    assert (found["skin"].told_at, found["skin"].source) == (told.told_at, "quiz")


def test_it_is_one_query(once: Purpose, django_assert_num_queries: object) -> None:
    ada = someone({"skin": "dry", "weight": 4.2}, ("once",))
    with acting(ada), django_assert_num_queries(1):  # type: ignore[operator]
        selectors.answers_to_reuse(ada.profile, ["skin", "weight"])


def test_other_uses_fill_nothing_in(once: Purpose) -> None:
    assert reusable(someone({"skin": "dry"}, ("offers", "letters"))) == {}


def test_a_purpose_that_needs_no_consent_never_fills_in(once: Purpose) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Purpose.objects.create(slug="sly", basis=Purpose.Basis.NECESSITY, answers_once=True)


def test_a_sensitive_answer_waits_until_the_use_lists_it_and_the_customer_agrees(once: Purpose) -> None:
    ada = someone({"allergy": True}, ("once",))
    assert reusable(ada) == {}
    cover(once, KEYS)
    publish(once)
    assert reusable(ada) == {}
    with acting(ada):
        services.grant(purpose_slug="once", language="en", source="center")
    assert reusable(ada) == {"allergy": True}


def test_nobody_is_given_anothers_answers(once: Purpose) -> None:
    ada, bo = someone({"skin": "dry"}, ("once",)), someone({"skin": "oily"}, ("once",))
    assert reusable(bo, ada.profile) == {}
    with transaction.atomic():
        assert selectors.answers_to_reuse(ada.profile, KEYS) == {}


def test_one_pets_answers_are_not_anothers(once: Purpose) -> None:
    ada = someone({"note": "mine"}, ("once",))
    with acting(ada):
        bella, moro = (services.add_profile(kind="pet", name=name) for name in ("Bella", "Moro"))
        services.remember(profile_id=bella, items=[services.Told("weight", 4)])
    assert reusable(ada, bella) == {"weight": 4}
    assert reusable(ada, moro) == {}
    assert reusable(ada) == {"note": "mine"}


def test_the_customer_sees_that_it_was_used(once: Purpose) -> None:
    ada = someone({"skin": "dry", "goal": ["calm"]}, ("once",))
    with acting(ada):
        assert selectors.last_uses(ada.id, {once.pk: "Ask me once"}) == {}
        for _twice in range(2):
            selectors.answers_to_reuse(ada.profile, ["skin"])
        used = selectors.last_uses(ada.id, {once.pk: "Ask me once"})
    skin = Attribute.objects.get(key="skin").pk
    assert [(place, purpose) for place, (_day, purpose) in used.items()] == [((ada.profile, skin), "Ask me once")]


def test_nobody_notes_a_use_of_anothers_answers(once: Purpose, owner_connection: psycopg.Connection) -> None:
    ada, bo = someone({"skin": "dry"}, ("once",)), someone()
    skin = Attribute.objects.get(key="skin").pk
    with acting(bo), connection.cursor() as cursor:
        cursor.execute("SELECT note_use(%s, %s, %s)", [ada.profile, once.pk, skin])
    assert owner_connection.execute("SELECT count(*) FROM preferences_uselog").fetchone() == (0,)


@dataclass
class Model:
    """What a careful person would keep on paper."""

    told: dict[str, object] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    agreed: frozenset[str] | None = None  # what the notice said that they agreed to
    notice: frozenset[str] = frozenset(COVERED)
    covered: frozenset[str] = frozenset(COVERED)
    is_active: bool = True

    @property
    def may_be_filled_in(self) -> dict[str, object]:
        if self.agreed is None or not self.is_active:
            return {}
        allowed = (self.agreed & self.covered) - self.excluded
        return {key: value for key, value in self.told.items() if key in allowed}


ACTS = st.one_of(
    st.sampled_from(KEYS).flatmap(lambda key: st.tuples(st.just("tell"), st.just(key), st.sampled_from(VALUES[key]))),
    st.tuples(st.sampled_from(("forget", "expire")), st.sampled_from(KEYS)),
    st.tuples(st.sampled_from(("exclude", "include")), st.sampled_from(COVERED)),
    st.tuples(st.sampled_from(("grant", "withdraw", "close", "open", "publish"))),
    st.tuples(st.just("cover"), st.sets(st.sampled_from(KEYS), min_size=1)),
)


def do(act: tuple, ada: Person, paper: Model) -> None:
    match act:
        case "tell", key, value:
            services.remember(profile_id=ada.profile, items=[services.Told(key, value)])
            paper.told[key] = value
        case "forget", key:
            services.forget(profile_id=ada.profile, attribute_key=key)
            paper.told.pop(key, None)
        case ("exclude" | "include") as verb, key:
            if key in paper.covered:  # there is a switch for it only then
                place = {"profile_id": ada.profile, "purpose_slug": "once", "attribute_key": key, "source": "center"}
                getattr(services, verb)(**place)
                paper.excluded = paper.excluded | {key} if verb == "exclude" else paper.excluded - {key}
        case ("grant",):
            if paper.is_active:
                services.grant(purpose_slug="once", language="en", source="center")
                paper.agreed = paper.notice
        case ("withdraw",):
            services.withdraw(purpose_slug="once", source="center")
            paper.agreed = None


def arrange(act: tuple, once: Purpose, paper: Model) -> None:
    match act:
        case ("close" | "open",):
            once.is_active = paper.is_active = act[0] == "open"
            once.save()
        case "cover", keys:
            cover(once, tuple(keys))
            paper.covered = frozenset(keys)
        case ("publish",):
            publish(once)
            paper.notice = paper.covered


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_any(acts=st.lists(ACTS, max_size=12))
def test_never_more_and_never_less_than_is_allowed_right_now(
    acts: list[tuple], once: Purpose, owner_connection: psycopg.Connection
) -> None:
    paper, ada = Model(), someone()
    someone({"skin": "balanced", "goal": ["even"]}, ("offers",))  # whose answers must never turn up
    once.is_active = True
    once.save()
    cover(once, COVERED)
    publish(once)
    for act in acts:
        if act[0] == "expire":
            owner_connection.execute(
                "UPDATE preferences_preference SET expires_at = clock_timestamp() - interval '1 second'"
                " FROM preferences_attribute a WHERE a.id = attribute_id AND a.key = %s AND profile_id = %s",
                [act[1], ada.profile],
            )
            paper.told.pop(act[1], None)
        arrange(act, once, paper)
        with acting(ada):
            do(act, ada, paper)
        assert reusable(ada) == paper.may_be_filled_in, act
