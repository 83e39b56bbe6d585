"""A quiz's own colours are readable or refused, with one that would do; its stylesheet comes by an address for good."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.look import (
    colours,
    contrast,
    contrasts,
    digest,
    faults,
    is_dark,
    look_named,
    name_of,
    stylesheet,
)
from quizzes.models import QuizVersion
from quizzes.parts import Look
from quizzes.services.drafting import import_definition
from quizzes.services.publishing import problems_of, publish

from .builders import quiz

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
GREEN = Look("#1f4d3a", "#f4efe4", "sharp", "serif")
PINK = Look("#d6006e", "#fff0f6", "round", "sans")
HTMX = {"HX-Request": "true"}


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#ffe45c", "#FFE45C") == 1


@pytest.mark.parametrize(
    "look",
    [
        GREEN,
        PINK,
        Look("#0b1a13"),
        Look("#000000"),
        Look("#777777"),
        Look("#ffd84d", "#10261c"),
        Look("#ffffff", "#000000"),
        Look("", "#fdf6ec"),
        Look("", "#10261c"),
        Look("#1f4d3a", "#ffffff"),
        Look(corners="round"),
    ],
    ids=str,
)
def test_looks_that_people_can_read_are_taken(look: Look) -> None:
    assert faults(look) == []


@pytest.mark.parametrize(
    ("look", "fields"),
    [
        (Look("#ffe45c"), ("accent",)),
        (Look("#ffffff"), ("accent",)),
        (Look("#ffe45c", "#ffffff"), ("accent", "ground")),
        (Look("#e0e0e0", "#f4efe4"), ("accent", "ground")),
        (Look("#1f4d3a", "#10261c"), ("accent", "ground")),
        (Look("#1f4d3a", "#777777"), ("ground",)),
        (Look("", "#777777"), ("ground",)),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused_and_what_is_proposed_can(look: Look, fields: tuple[str, ...]) -> None:
    found = faults(look)
    assert {each.field for each in found} == set(fields)
    for each in found:
        assert each.contrast.ratio < each.contrast.needed
        better = Look(**{"accent": look.accent, "ground": look.ground, each.field: each.instead})
        assert faults(better) == []


@settings(max_examples=60, deadline=None)
@given(COLOUR, st.one_of(st.just(""), COLOUR))
def test_everything_shown_stands_off_what_it_is_shown_on_or_is_refused(accent: str, ground: str) -> None:
    look = Look(accent, ground)
    wrong = {(each.front, each.scheme) for each in contrasts(look) if not each.is_enough}
    assert wrong or not faults(look)
    if not ground:
        assert {front for front, _scheme in wrong} <= {"accent"}, "all else is derived, so it is right"
        assert not any(scheme == "dark" for _front, scheme in wrong)


@settings(max_examples=50, deadline=None)
@given(COLOUR, COLOUR)
def test_what_was_chosen_is_what_is_shown(accent: str, ground: str) -> None:
    shades = colours(accent, ground)
    assert (shades["light"]["accent"], shades["light"]["paper"]) == (accent, ground)
    assert (shades["light"] == shades["dark"]) == is_dark(ground), "a dark ground is dark by day too"
    assert is_dark(shades["dark"]["paper"])


@settings(max_examples=25, deadline=None)
@given(COLOUR, COLOUR)
def test_a_proposal_is_the_same_colour_only_lighter_or_darker(accent: str, ground: str) -> None:
    for each in faults(Look(accent, ground)):
        if each.instead and each.field == "accent":
            assert faults(Look(each.instead, ground)) == []


def test_the_address_says_everything() -> None:
    for look in (GREEN, PINK, Look("#000000"), Look(corners="soft"), Look(letters="sans"), Look("", "#ffffff")):
        assert look_named(name_of(look)) == look
    assert stylesheet(GREEN) != stylesheet(PINK)
    assert digest(GREEN) != digest(PINK)


# ── On the pages ───────────────────────────────────────────────────────────────────────────────────────────────────


def dressed(look: Look, **fields: Any) -> dict[str, Any]:
    chosen = {"accent": look.accent, "ground": look.ground, "corners": look.corners, "letters": look.letters}
    return quiz(look={name: value for name, value in chosen.items() if value}, **fields)


def link(look: Look) -> str:
    return f'href="/looks/{name_of(look)}.css?{digest(look)}" id="look"'


def test_every_page_of_the_quiz_wears_it_and_no_other(published: Callable[..., QuizVersion], client: Client) -> None:
    published(dressed(GREEN))
    wanted = link(GREEN)
    intro = client.get("/q/skin/").content.decode()
    assert wanted in intro
    assert "style=" not in intro
    first = client.post("/q/skin/")["Location"]
    assert wanted in client.get(first).content.decode()
    second = client.post(first, {"answer": "a"})["Location"]
    result = client.post(second, {"answer": "a"})["Location"]
    assert wanted in client.get(result).content.decode()
    for other in ("/", "/preferences/", "/accounts/login/"):
        assert "looks/" not in client.get(other).content.decode()


def test_a_swapped_page_says_which_look_it_is_to_be_seen_in(
    published: Callable[..., QuizVersion], client: Client
) -> None:
    """A run stays on its version, and so in its look, while the quiz starts in another."""
    version = published(dressed(GREEN))
    first = client.post("/q/skin/")["Location"]
    publish(quiz=import_definition(dressed(PINK)))
    for _twice in range(2):
        page = client.post(first, {"answer": "a"}, headers=HTMX).content.decode()
        assert f'data-look="/looks/{name_of(GREEN)}.css?{digest(GREEN)}"' in page
    assert link(PINK) in client.get("/q/skin/").content.decode()
    assert "data-look" not in client.get("/", headers=HTMX).content.decode()
    assert version.definition["look"]["accent"] == GREEN.accent


def test_a_quiz_in_the_brands_look_links_none(published: Callable[..., QuizVersion], client: Client) -> None:
    published(quiz())
    assert "looks/" not in client.get("/q/skin/").content.decode()


def test_the_stylesheet_is_kept_for_good(client: Client, db: object) -> None:
    response = client.get(f"/looks/{name_of(GREEN)}.css?{digest(GREEN)}")
    assert response["Content-Type"].startswith("text/css")
    assert "immutable" in response["Cache-Control"]
    assert GREEN.accent in response.content.decode()
    again = client.get(f"/looks/{name_of(GREEN)}.css", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["x", "0-0-0-0x", "1f4d3a-0-0-0}*{color:red", "ffffff", "gggggg-0-0-0", "0-0-huge-0"])
def test_no_other_stylesheet_is_made(name: str, client: Client, db: object) -> None:
    assert client.get(f"/looks/{name}.css").status_code == 404


def test_an_unreadable_look_is_not_published_and_a_better_one_is_named(db: object) -> None:
    found = problems_of(dressed(Look("#ffe45c")))
    assert [(each.path, each.kind) for each in found] == [("look.accent", "unreadable")]
    assert "would do" in found[0].message
    assert problems_of(dressed(PINK)) == ()
