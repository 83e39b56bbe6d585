"""The demo brand loads as the site's own role; twice is once; what marketers changed stays."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, models

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
from recommendations.models import Offer, OfferWeight, Product

pytestmark = pytest.mark.django_db
LOADED: tuple[type[models.Model], ...] = (
    Attribute, AttributeValue, Brand, Feature, Letter, Offer, OfferWeight, Product, Purpose, PurposeNotice, Quiz,
    QuizVersion, Topic,
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
    for model in (Attribute, Brand, Letter, Offer, Product, Purpose, Topic):
        for row in model.objects.all():
            row.full_clean()
    for attribute in Attribute.objects.prefetch_related("values"):
        assert len(attribute.values.all()) >= 2 or attribute.kind == "text", attribute


def test_it_is_the_sites_own_role_that_loads() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("proffer_web",)
