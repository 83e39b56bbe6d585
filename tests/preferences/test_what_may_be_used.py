"""Whatever customers, marketers and time do, in whatever order: what may be used is what a careful person has on paper.

Right after each act nothing more than that may be used; once the worker has swept, exactly that.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from preferences import services
from preferences.access import token_hash
from preferences.catalogue import publish_notice
from preferences.models import Attribute, Purpose
from preferences.services import BelowAge, ObjectedTo, Told
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db

VALUES = {"skin": ["dry", "oily"], "goal": [["calm"], ["calm", "glow"]], "weight": [4, 6]}
CODES = {4: ["light"], 6: ["heavy"]}
COVERED = {"offers": frozenset({"skin", "goal", "weight", "order", "note"}), "letters": frozenset({"skin"})}
WORDS = {"en": "Words"}
HOLDS = ("nothing", "pause", "restrict", "object", "minor", "withdraw")
SWEEPS = ("reissue_due", "expire_permits", "end_standings")


@dataclass
class Paper:
    told: dict[str, object] = field(default_factory=dict)
    excluded: set[tuple[str, str]] = field(default_factory=set)
    agreed: dict[str, tuple[int, frozenset[str]]] = field(default_factory=dict)  # version, what it covers
    objected: set[str] = field(default_factory=set)
    is_paused: bool = False
    is_restricted: bool = False
    is_minor: bool = False
    # The marketers' side.
    covered: dict[str, frozenset[str]] = field(default_factory=lambda: dict(COVERED))
    closed: set[str] = field(default_factory=set)
    version: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COVERED, 1))
    changed_in: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COVERED, 0))
    noticed: dict[str, frozenset[str]] = field(default_factory=lambda: dict(COVERED))

    def usable(self) -> set[tuple[str, str]]:
        if self.is_paused or self.is_restricted or self.is_minor:
            return set()
        return {
            (slug, f"{key}={code}")
            for slug, (version, covers) in self.agreed.items()
            if slug not in self.closed and version >= self.changed_in[slug]
            for key in covers & self.covered[slug] & self.told.keys()
            if (slug, key) not in self.excluded
            for code in _codes(self.told[key])
        }


def _codes(value: object) -> list[str]:
    return value if isinstance(value, list) else CODES.get(value, [value])  # type: ignore[call-overload,no-any-return]


slugs, keys = st.sampled_from(sorted(COVERED)), st.sampled_from(sorted(VALUES))
ACTS = st.one_of(
    keys.flatmap(lambda key: st.tuples(st.just("tell"), st.just(key), st.sampled_from(VALUES[key]))),
    st.tuples(st.sampled_from(("forget", "expire")), keys),
    st.tuples(st.sampled_from(("exclude", "include")), slugs, keys),
    st.tuples(st.sampled_from(("grant", "ask", "withdraw", "object")), slugs),
    st.tuples(st.sampled_from(("pause", "resume", "over", "restrict", "lift", "minor", "adult", "of age"))),
    st.tuples(st.just("publish"), slugs, st.booleans()),
    st.tuples(st.sampled_from(("close", "open")), slugs),
    st.tuples(st.just("cover"), slugs, st.sets(keys, min_size=1)),
    st.tuples(st.just("merge"), st.sampled_from(VALUES["skin"]), st.sampled_from(HOLDS)),
)


def customer_does(act: tuple, ada: Person, paper: Paper) -> None:
    match act:
        case "tell", key, value:
            services.remember(profile_id=ada.profile, items=[Told(key, value)])
            paper.told[key] = value
        case "forget", key:
            services.forget(profile_id=ada.profile, attribute_key=key)
            paper.told.pop(key, None)
        case ("exclude" | "include") as verb, slug, key:
            if key in paper.covered[slug]:  # there is a switch for it only then
                place = {"profile_id": ada.profile, "purpose_slug": slug, "attribute_key": key, "source": "center"}
                getattr(services, verb)(**place)
                (paper.excluded.add if verb == "exclude" else paper.excluded.discard)((slug, key))
        case ("grant" | "ask") as where, slug:
            source = "center" if where == "grant" else "quiz"
            refused = BelowAge if paper.is_minor else ObjectedTo
            is_refused = paper.is_minor or (where == "ask" and slug in paper.objected)
            if slug not in paper.closed:
                with pytest.raises(refused) if is_refused else contextlib.nullcontext():
                    services.grant(purpose_slug=slug, language="en", source=source)
                if not is_refused:
                    paper.agreed[slug] = paper.version[slug], paper.noticed[slug]
                    paper.objected.discard(slug)
        case "withdraw", slug:
            services.withdraw(purpose_slug=slug, source="center")
            paper.agreed.pop(slug, None)
        case "object", slug:
            services.object_to(purpose_slug=slug, source="center")
            paper.agreed.pop(slug, None)
            paper.objected.add(slug)
        case ("pause",):
            services.pause(days=7, source="center")
            paper.is_paused = True
        case ("resume",):
            services.resume(source="center")
            paper.is_paused = False
        case ("restrict",):
            services.restrict(source="center")
            paper.is_restricted = True
        case ("lift",):
            services.lift_restriction(source="center")
            paper.is_restricted = False
        case ("minor",):
            services.note_minor(is_minor=True, of_age_on=date(2099, 1, 1), source="quiz")
            paper.is_minor, paper.agreed = True, {}
        case ("adult",):
            services.note_minor(is_minor=False, source="quiz")
            paper.is_minor = False
        case "merge", skin, hold:
            merge(ada, paper, skin, hold)


def merge(ada: Person, paper: Paper, skin: str, hold: str) -> None:
    """Signs in on a device that told something later, and asked for something."""
    told_at = token_hash(ada.token)
    device = someone({"skin": skin}, ("offers",))
    device_does = {
        "nothing": lambda: None,
        "pause": lambda: services.pause(days=7, source="center"),
        "restrict": lambda: services.restrict(source="center"),
        "object": lambda: services.object_to(purpose_slug="letters", source="center"),
        "minor": lambda: services.note_minor(is_minor=True, source="quiz"),
        "withdraw": lambda: services.withdraw(purpose_slug="offers", source="center"),
    }
    device_does[hold]()
    with connection.cursor() as cursor:
        cursor.execute("SELECT identify(%s)", [told_at])
    assert services.merge_device(token_hash=token_hash(device.token))
    paper.told["skin"] = skin
    paper.is_paused |= hold == "pause"
    paper.is_restricted |= hold == "restrict"
    if hold == "object" and "letters" not in paper.objected:
        paper.objected.add("letters")
        paper.agreed.pop("letters", None)
    if hold == "minor":
        paper.is_minor, paper.agreed = True, {}
    if hold == "withdraw":
        paper.agreed.pop("offers", None)


def marketer_does(act: tuple, paper: Paper) -> None:
    match act:
        case ("close" | "open") as verb, slug:
            purpose = Purpose.objects.get(slug=slug)
            purpose.is_active = verb == "open"
            purpose.save()
            (paper.closed.discard if verb == "open" else paper.closed.add)(slug)
        case "cover", slug, covered:
            Purpose.objects.get(slug=slug).attributes.set(Attribute.objects.filter(key__in=covered))
            paper.covered[slug] = frozenset(covered)
        case "publish", slug, is_material:
            publish_notice(
                purpose=Purpose.objects.get(slug=slug),
                title=WORDS,
                sentence=WORDS,
                benefit=WORDS,
                details={},
                is_material=is_material,
            )
            paper.version[slug] += 1
            paper.noticed[slug] = paper.covered[slug]
            if is_material:
                paper.changed_in[slug] = paper.version[slug]


def time_does(act: tuple, ada: Person, paper: Paper, clock: psycopg.Connection) -> None:
    match act:
        case "expire", key:
            gone = clock.execute(
                "UPDATE preferences_preference SET expires_at = clock_timestamp() - interval '1 second'"
                " FROM preferences_attribute a WHERE a.id = attribute_id AND a.key = %s AND profile_id = %s"
                " AND ended_at IS NULL RETURNING 1",
                [key, ada.profile],
            ).fetchall()
            if gone:
                clock.execute(
                    "UPDATE preferences_permit permit SET expires_at = clock_timestamp() - interval '1 second'"
                    " FROM preferences_feature f JOIN preferences_attribute a ON a.id = f.attribute_id AND a.key = %s"
                    " WHERE permit.profile_id = %s AND f.id = ANY (permit.features)",
                    [key, ada.profile],
                )
            paper.told.pop(key, None)
        case ("over",):
            clock.execute("UPDATE preferences_standing SET paused_until = now() - interval '1 second'")
            paper.is_paused = False
        case ("of age",):
            clock.execute("UPDATE preferences_standing SET of_age_on = current_date WHERE of_age_on IS NOT NULL")
            (is_minor,) = clock.execute(
                "SELECT count(*) FROM preferences_standing WHERE of_age_on IS NULL AND is_minor"
            )
            paper.is_minor = bool(is_minor[0])


def usable(person: Person) -> set[tuple[str, str]]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute(
            "SELECT slug, a.key || '=' || f.code FROM preferences_permit permit"
            " JOIN preferences_purpose p ON p.id = purpose_id, unnest(features) used"
            " JOIN preferences_feature f ON f.id = used JOIN preferences_attribute a ON a.id = f.attribute_id"
        )
        return set(cursor.fetchall())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=4, max_size=16))
def test_never_more_at_once_and_exactly_that_after_the_sweep(
    acts: list[tuple],
    database: object,
    owner_connection: psycopg.Connection,
    role_connection: Callable[[str], psycopg.Connection],
) -> None:
    database.reset()  # type: ignore[attr-defined]
    make_catalogue()
    worker, paper = role_connection("worker"), Paper()
    ada = someone({"skin": "dry", "goal": ["calm"]}, ("offers",))
    someone({"skin": "oily"}, ("offers", "letters"))  # whose values must never turn up
    paper.told, paper.agreed["offers"] = {"skin": "dry", "goal": ["calm"]}, (1, COVERED["offers"])
    user = get_user_model().objects.create_user(username=ada.token[:20])
    with acting(ada), connection.cursor() as cursor:
        cursor.execute("SELECT attach_account(%s)", [user.pk])
    for act in acts:
        if act[0] == "merge" and "offers" in paper.closed:
            continue  # nothing a device could have switched on
        time_does(act, ada, paper, owner_connection)
        marketer_does(act, paper)
        with acting(ada):
            customer_does(act, ada, paper)
        assert usable(ada) <= paper.usable(), act
        for sweep in SWEEPS:
            worker.execute(f"SELECT FROM {sweep}(100)")
        assert usable(ada) == paper.usable(), act
    worker.close()
