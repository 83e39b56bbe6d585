"""Where the apps above say what they know about a customer, without being imported from here.

An app registers a provider in its `ready()`. The preference center asks all of them: what would a change take away,
what is held elsewhere, what is it used for; export and erasure ask too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a customer considers. None stands for all: of a customer's profiles, purposes, attributes."""

    kind: str  # withdraw | exclude | forget | erase
    customer_id: int
    profile_id: int | None = None
    purpose: str | None = None
    attribute: str | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """What a change would take away, or would leave although one might fear for it, in words."""

    text: str
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A value that an app holds outside the preferences, such as an answer kept only for a quiz's result."""

    label: str
    value: str
    why: str
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """Something the customer said they do not want, until when (None: for good), and where to take that back: a POST of
    these fields."""

    label: str
    until_at: datetime | None
    url: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Something that goes with one customer's letter, such as an offer: the same words that its page has, no answer."""

    id: int
    title: str
    gain: str
    until: str


@dataclass(frozen=True, slots=True)
class Made:
    """Something an app made for one profile under a purpose, such as an offer: what it is called, where it is seen,
    and which features speak for it, most first. `slug` tells it apart among all that were made for the profile."""

    slug: str
    title: str
    url: str
    profile_id: int
    purpose: str
    features: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What one app says of a customer at once: what each change they consider takes away, what it holds and made."""

    losses: Sequence[Sequence[Loss]]
    held: Sequence[Held] = ()
    made: Sequence[Made] = ()
    declined: Sequence[Declined] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One table of an export. `columns` maps a column's name to what it holds, in words; `rows` gives JSON objects with
    these names, read a few at a time, since there may be a hundred thousand."""

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Callable[[], Iterable[Mapping[str, object]]]


def _none(*_arguments: object) -> tuple[()]:
    return ()


def _nothing(*_arguments: object) -> str:
    return ""


def _no_products(_language: str) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Provider:
    """What one app answers. `losses` is asked about several changes by one customer at once, and answers for each in
    its place; `uses` maps attribute keys to what uses them, in the words a marketer reads. `about` answers for a whole
    page, for an app that can do it with fewer queries than one by one; only there it says what it made.

    `asked` gives the words of the question that a profile's value answered, by the question's key.

    `enclosing` is a word in braces that stands for something of the app's in a letter, `enclose` finds it for a claimed
    letter (the worker's own role asks), `take_back` says that the letter was not sent; `enclosed_url` names where it is
    seen on our pages.

    `products` maps the slug of everything that can be recommended to its name in a language.
    """

    name: str
    losses: Callable[[Sequence[Change]], Iterable[Iterable[Loss]]] = _none
    held: Callable[[int, str], Iterable[Held]] = _none
    about: Callable[[int, str, Sequence[Change]], About] | None = None
    asked: Callable[[int, int, str, str], str] = _nothing
    uses: Callable[[], Mapping[str, Iterable[str]]] = field(default=dict)
    export: Callable[[int], Iterable[Section]] = _none
    products: Callable[[str], Mapping[str, str]] = _no_products
    enclosing: str = ""
    enclose: Callable[[int, str], Sequence[Enclosed]] = _none
    take_back: Callable[[int, Sequence[Enclosed]], object] = _none
    enclosed_url: Callable[[], str] = _nothing


_providers: dict[str, Provider] = {}


def register(provider: Provider) -> None:
    """Adds a provider; an app has one, so registering again replaces it."""
    _providers[provider.name] = provider


def losses(change: Change) -> list[Loss]:
    """What the change would take away, asked of every app."""
    return all_losses([change])[0]


def all_losses(changes: Sequence[Change]) -> list[list[Loss]]:
    """What each of these changes by one customer would take away, were it the only one."""
    found: list[list[Loss]] = [[] for _change in changes]
    for provider in _providers.values():
        for losses_of_one, more in zip(found, provider.losses(changes), strict=False):
            losses_of_one.extend(more)
    return found


def held(customer_id: int, language: str) -> list[Held]:
    return [each for provider in _providers.values() for each in provider.held(customer_id, language)]


def about(customer_id: int, language: str, changes: Sequence[Change]) -> About:
    """What all apps say of the customer, for a page that shows all of it."""
    losses: list[list[Loss]] = [[] for _change in changes]
    held: list[Held] = []
    made: list[Made] = []
    declined: list[Declined] = []
    for provider in _providers.values():
        if provider.about is not None:
            one = provider.about(customer_id, language, changes)
        else:
            one = About([list(each) for each in provider.losses(changes)], list(provider.held(customer_id, language)))
        for losses_of_one, more in zip(losses, one.losses, strict=False):
            losses_of_one.extend(more)
        held.extend(one.held)
        made.extend(one.made)
        declined.extend(one.declined)
    return About(losses, held, made, declined)


def asked(customer_id: int, profile_id: int, question_key: str, language: str) -> str:
    """The question that a value answered, in words; empty where nobody knows it any more."""
    for provider in _providers.values():
        if words := provider.asked(customer_id, profile_id, question_key, language):
            return words
    return ""


def enclosing(text: str) -> Provider | None:
    """Whose word this paragraph of a letter is: `{offers}`, say; None for ordinary words."""
    return next((each for each in _providers.values() if each.enclosing and text == f"{{{each.enclosing}}}"), None)


def words_for_letters() -> list[str]:
    """The words that stand for something in a letter, as they are written there."""
    return [f"{{{each.enclosing}}}" for each in _providers.values() if each.enclosing]


def uses() -> dict[str, list[str]]:
    """Attribute key → everything that uses it."""
    found: dict[str, list[str]] = {}
    for provider in _providers.values():
        for attribute, names in provider.uses().items():
            found.setdefault(attribute, []).extend(names)
    return found


def products(language: str) -> dict[str, str]:
    """Slug → name of what outcomes may name."""
    return {slug: name for provider in _providers.values() for slug, name in provider.products(language).items()}


def export(customer_id: int) -> list[Section]:
    """What the apps hold of the customer, beside what is in the preferences themselves."""
    return [section for provider in _providers.values() for section in provider.export(customer_id)]
