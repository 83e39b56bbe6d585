"""A quiz made from another, and addresses that are still free."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext, override

from ..models import Quiz
from ..reading import MAX_TITLE
from .drafting import definition_of, import_definition

LONGEST_SLUG = 50
SLUGS = (9, 1)  # the lock of whoever looks for a free address; two-part ones are a space apart from customers'


@transaction.atomic
def copy_quiz(*, quiz: Quiz) -> Quiz:
    """The draft again, under an address of its own, not published.

    What is live is not copied: neither versions nor opening times nor how often it was finished.
    """
    raw = definition_of(quiz)
    raw |= {"slug": free_slug(quiz.slug), "title": {code: _copy_of(code, text) for code, text in quiz.title.items()}}
    return placed_last(import_definition(raw))


def placed_last(quiz: Quiz) -> Quiz:
    """After all others, on the home page too."""
    quiz.position = (Quiz.objects.exclude(pk=quiz.pk).aggregate(last=Max("position"))["last"] or 0) + 1
    quiz.save(update_fields=["position"])
    return quiz


def free_slug(wanted: str) -> str:
    """`wanted` as an address that no quiz has: tea, tea-2, tea-3 …

    Two marketers who begin a quiz of one name at the same moment take turns, until the first one's is committed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", SLUGS)
    base = slugify(wanted)[:LONGEST_SLUG].strip("-_") or "quiz"
    taken = set(Quiz.objects.filter(slug__startswith=base[: LONGEST_SLUG - 6]).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug = f"{base[: LONGEST_SLUG - 6]}-{number}"
        number += 1
    return slug


def _copy_of(language: str, title: str) -> str:
    with override(language):
        return (gettext("Copy of %(title)s") % {"title": title})[:MAX_TITLE]
