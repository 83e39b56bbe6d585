"""Who may do what in the admin: four groups with exactly these permissions.

They are ours: every migration sets them again. Whoever needs other rights gets another group. Nobody has customers,
what they told, answers, runs, tailored offers or claims: no group names them, and they are not registered in the admin.
Requests of people are handled by whoever is in the privacy group, by membership and not by a permission: see
preferences/admin/requests.
"""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

ALL = ("view", "add", "change", "delete")
VIEW = ("view",)

QUIZZES = ("quiz", "quizpurpose", "question", "choice", "rule", "outcome", "outcomestep")
OFFERS = ("category", "trait", "traitweight", "product", "complement", "afterpurchase", "offer", "offerweight", "cap")
TOLD = ("attribute", "attributevalue")
USES = ("purpose", "purposenotice")
MAIL = ("topic", "letter")
LAWS = ("jurisdiction", "requestclock")

Rights = dict[str, dict[tuple[str, ...], tuple[str, ...]]]  # app → models → actions

SUPPORT: Rights = {
    "quizzes": {QUIZZES: VIEW, ("quizversion",): VIEW},
    "recommendations": {OFFERS: VIEW, ("restraint",): VIEW},
    "preferences": {(*TOLD, *USES, *MAIL, "brand"): VIEW},
}
MARKETER: Rights = {
    "quizzes": {QUIZZES: ALL, ("quizversion",): VIEW, ("quiz",): ("publish",)},
    "recommendations": {OFFERS: ALL, ("restraint",): ("view", "change")},
    "preferences": {(*TOLD, *USES, *MAIL): ALL, ("brand",): ("view", "add", "change")},
}
# Who may change attributes but not add any gets only their sensitivity and shelf life to change; see AttributeAdmin.
PRIVACY: Rights = {
    "quizzes": SUPPORT["quizzes"],
    "recommendations": SUPPORT["recommendations"],
    "preferences": {USES: ALL, ("attribute",): ("view", "change"), ("attributevalue", "brand", *MAIL, *LAWS): VIEW},
}
OWNER: Rights = MARKETER | {
    "preferences": MARKETER["preferences"] | {LAWS: ALL},
    "auth": {("user",): ("view", "add", "change"), ("group",): ALL},
}

GROUPS: dict[str, Rights] = {"marketer": MARKETER, "support": SUPPORT, "privacy": PRIVACY, "owner": OWNER}


def wanted(rights: Rights) -> set[tuple[str, str]]:
    """The permissions as (app, codename)."""
    return {
        (app, f"{action}_{model}")
        for app, models in rights.items()
        for names, actions in models.items()
        for model in names
        for action in actions
    }


@transaction.atomic
def apply_groups() -> None:
    """Gives the four groups exactly their permissions. Raises LookupError when one does not exist."""
    for name, rights in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(wanted(rights)))


def _permissions(names: set[tuple[str, str]]) -> list[Permission]:
    matches = Q()
    for app, codename in names:
        matches |= Q(content_type__app_label=app, codename=codename)
    found = list(Permission.objects.filter(matches).select_related("content_type"))
    missing = names - {(each.content_type.app_label, each.codename) for each in found}
    if missing:
        raise LookupError(f"There is no permission {', '.join(sorted('.'.join(each) for each in missing))}.")
    return found


def apply_after_migrate(sender: AppConfig, using: str, **_options: Any) -> None:
    """Follows `post_migrate` of auth, the last of the apps named here; that signal also makes the permissions."""
    create_permissions(sender, verbosity=0, using=using)
    try:
        apply_groups()
    except LookupError:
        return  # only some apps have been migrated yet
