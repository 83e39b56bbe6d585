"""The consent step: what may the answers be used for? Only what a use switched on covers becomes a preference."""

from __future__ import annotations

from dataclasses import replace

from preferences import selectors as preferences
from preferences import services as consent
from preferences.selectors import PurposeView

from ..selectors import RunState
from .running import SOURCE, finish, mark_remembered, name_profile, take_back_abandoned, told_by


def uses_asked(run: RunState, language: str, *, objects: bool) -> list[PurposeView]:
    """The uses this quiz asks about, in its order, with whether the customer has them on.

    `objects`: the browser objects to sharing, so uses that share are not asked about. Nor is what the customer objects
    to, nor anything of who is too young for it.
    """
    known = {
        each.slug: each
        for each in preferences.purposes(run.customer_id, language)
        if each.may_be_asked and not (objects and each.is_shared)
    }
    return [known[slug] for slug in run.definition.purposes if slug in known]


def needs_consent(run: RunState, uses: list[PurposeView]) -> bool:
    """Whether a finished run has answers that a use already on covers, but that the customer wasn't shown with it."""
    allowed = frozenset[str]().union(*(use.allowed for use in uses))
    return bool(_covered(run, allowed) - run.remembered)


def settle_uses(*, run: RunState, wanted: frozenset[str], language: str, uses: list[PurposeView]) -> RunState:
    """Switches the asked uses on or off as the customer wants, remembers what they cover, and finishes the run.

    Granting comes first: nothing is remembered that nothing may use. A pet or child gets its profile here, when there
    is something to remember about it. Doing it twice changes nothing more. A use that is on under an earlier notice is
    shown unticked, for what it covers since: leaving it so leaves it on as it is.
    """
    for use in uses:
        if use.slug in wanted and (not use.is_granted or use.is_outdated):
            consent.grant(purpose_slug=use.slug, language=language, source=SOURCE)
        elif use.slug not in wanted and use.is_granted and not use.is_outdated:
            consent.withdraw(purpose_slug=use.slug, source=SOURCE)
    kept = (
        use.attributes if use.slug in wanted else use.allowed for use in uses if use.slug in wanted or use.is_outdated
    )
    covered = _covered(run, frozenset[str]().union(*kept))
    told = told_by(run, covered)
    if told and run.profile_id is None:
        run = replace(run, profile_id=consent.add_profile(kind=run.definition.profile, name=_name(run)))
    elif run.definition.naming_question:
        name_profile(run=run, changed=run.definition.naming_question)
    if told and run.profile_id is not None:
        label = dict(run.definition.title)
        consent.remember(profile_id=run.profile_id, items=told, source=SOURCE, source_label=label)
    mark_remembered(run=run, keys=run.remembered | covered)
    run = take_back_abandoned(run=replace(run, remembered=run.remembered | covered))
    return finish(run=run, profile_id=run.profile_id)


def _covered(run: RunState, attributes: frozenset[str]) -> frozenset[str]:
    """The questions on the path whose given answers tell one of these attributes."""
    return frozenset(
        key
        for key in run.path.keys
        if run.answers[key].state == "given" and run.definition.question(key).attribute in attributes
    )


def _name(run: RunState) -> str:
    answer = run.answers.get(run.definition.naming_question or "")
    return str(answer.value)[:80] if answer and answer.state == "given" else ""
