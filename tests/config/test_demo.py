"""The demo brand loads as the site's own role; twice is once; what marketers changed stays."""

import json
import random
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone

from config.demo_loader import FOLDER, load_demo
from preferences.models import (
    Attribute,
    AttributeValue,
    Brand,
    Feature,
    Letter,
    Purpose,
    PurposeNotice,
    Topic,
)
from quizzes.models import Quiz, QuizVersion
from recommendations import catalogue
from recommendations.models import Offer, OfferWeight, Product, Trait, TraitWeight
from recommendations.scoring import Profiles
from recommendations.sensitivity import Sensitive, keys_for_offer, keys_for_traits

pytestmark = pytest.mark.django_db
LOADED: tuple[type[models.Model], ...] = (
    Attribute, AttributeValue, Brand, Feature, Letter, Offer, OfferWeight, Product, Purpose, PurposeNotice, Quiz,
    QuizVersion, Topic, Trait, TraitWeight,
)  # fmt: skip


def everything() -> dict[str, list[object]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in LOADED}


def test_a_second_run_changes_nothing() -> None:
    loaded = load_demo()
    assert loaded["quizzes"] == 3
    assert loaded["products"] >= 40
    assert loaded["offers"] >= 15
    before = everything()
    assert load_demo() == {}
    assert everything() == before


def test_a_partly_loaded_one_is_completed_and_changes_stay(tmp_path: Path) -> None:
    part = copy_of_the_demo(tmp_path)
    (part / "quizzes" / "pet.json").unlink()
    offers = json.loads((part / "offers.json").read_text())
    (part / "offers.json").write_text(json.dumps(offers[:3]))
    load_demo(part)
    AttributeValue.objects.filter(attribute__key="skin_type", value="oily").delete()
    Attribute.objects.filter(key="skin_type").update(label={"en": "Ours"})
    Quiz.objects.filter(slug="skin").update(live_version=None)

    loaded = load_demo()
    assert (loaded["quizzes"], loaded["offers"], loaded["values"]) == (1, len(offers) - 3, 1)
    assert load_demo() == {}
    assert Quiz.objects.get(slug="pet").live_version is not None
    assert Attribute.objects.get(key="skin_type").label == {"en": "Ours"}
    assert Quiz.objects.get(slug="skin").live_version is None  # taken down on purpose


def copy_of_the_demo(folder: Path) -> Path:
    for file in FOLDER.rglob("*.json"):
        copy = folder / file.relative_to(FOLDER)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(file.read_text())
    return folder


def test_it_loads_all_of_it_or_nothing(tmp_path: Path) -> None:
    copy_of_the_demo(tmp_path)
    broken = json.loads((tmp_path / "quizzes" / "skin.json").read_text())
    del broken["outcomes"]
    (tmp_path / "quizzes" / "skin.json").write_text(json.dumps(broken))
    with pytest.raises(Exception, match="outcome"):
        load_demo(tmp_path)
    assert not any(model.objects.exists() for model in LOADED)


def test_what_is_loaded_would_pass_the_marketers_own_forms() -> None:
    call_command("load_demo", verbosity=0)
    for model in (Attribute, Brand, Letter, Offer, Product, Purpose, Topic, Trait, TraitWeight):
        for row in model.objects.all():
            row.full_clean()
    for attribute in Attribute.objects.prefetch_related("values"):
        assert len(attribute.values.all()) >= 2 or attribute.kind == "text", attribute


def test_it_is_the_sites_own_role_that_loads() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("proffer_web",)


GROUPS = ("skin", "pet", "outer")  # what the three quizzes ask of one person


def test_whoever_answers_a_quiz_gets_offers_with_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four hundred made-up people a quiz, each with an answer to everything it asks."""
    load_demo()
    monkeypatch.setattr(catalogue, "_loaded", None)
    purpose = Purpose.objects.get(slug="offers")
    engine = catalogue.current().engines[purpose.pk]
    asked = Attribute.objects.exclude(features=None).filter(is_sensitive=False).prefetch_related("features")
    for group in GROUPS:
        own = [each for each in asked if each.key.startswith(group) or (group == "outer" and each.key == "climate")]
        chance = random.Random(group)
        people = [[chance.choice(list(each.features.all())).pk for each in own] for _person in range(400)]
        fits = engine.fit(Profiles.of(people), timezone.now())
        assert ((fits.offers > 0).sum(axis=1) >= 3).all(), group
        assert (fits.reasons[:, 0, 0] > 0).all(), f"the first offer has a reason, {group}"


def test_traits_tell_people_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rich cream is for dry skin, and not for whom it shines: by its traits more than by its own weights."""
    load_demo()
    features = {str(each): each.pk for each in Feature.objects.select_related("attribute")}
    offer = Offer.objects.get(slug="long-evening")

    def score(*told: str) -> float:
        monkeypatch.setattr(catalogue, "_loaded", None)
        engine = catalogue.current().engines[offer.purpose_id]
        return sum(engine.contributions([features[each] for each in told], offer.pk).values())

    dry, oily = score("skin_type=dry", "climate=cold_dry"), score("skin_type=oily", "climate=hot_wet")
    Trait.objects.all().delete()
    assert dry > score("skin_type=dry", "climate=cold_dry")
    assert oily < score("skin_type=oily", "climate=hot_wet")


def test_no_offer_of_it_reveals_a_sensitive_answer() -> None:
    load_demo()
    sensitive = Sensitive.now()
    for offer in Offer.objects.select_related("product"):
        traits = offer.product.traits.values_list("pk", flat=True) if offer.product else ()
        spoken = keys_for_offer(offer.pk) | keys_for_traits(traits)
        assert (sensitive.fault(offer), sensitive.revealed_by(offer, spoken)) == ("", frozenset()), offer.slug
