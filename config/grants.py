"""Who may do what in the database: the one reviewed list. What is not here, a login role may not do.

GRANTS[role][table] is a set of privileges; a privilege may name columns ("UPDATE (name)"). FUNCTIONS[role] is the set
of functions it may execute, by name. `prepare_database` applies exactly this and revokes everything else;
tests/config/test_grants.py compares the list with the catalogue. Row security narrows it further: which rows, not which
tables, is each app's migrations' business.

proffer_web       the site                          proffer_worker  expiry, sealing, mail
proffer_offers    computes offers from permits      proffer_functions  owns the SECURITY DEFINER functions
"""

Grants = dict[str, dict[str, set[str]]]
Functions = dict[str, set[str]]

READ = {"SELECT"}
EDIT = {"SELECT", "INSERT", "UPDATE", "DELETE"}

# ── Django's and allauth's own tables ───────────────────────────────────────────────────────────────────────────────
FRAMEWORK: Grants = {
    "proffer_web": {
        "django_migrations": READ,
        "django_content_type": READ,
        "django_session": EDIT,
        "django_admin_log": {"SELECT", "INSERT"},
        "auth_user": EDIT,
        "auth_group": EDIT,
        "auth_permission": READ,
        "auth_group_permissions": EDIT,
        "auth_user_groups": EDIT,
        "auth_user_user_permissions": EDIT,
        "account_emailaddress": EDIT,
        "account_emailconfirmation": EDIT,
    },
}
FRAMEWORK_FUNCTIONS: Functions = {}

# ── preferences ─────────────────────────────────────────────────────────────────────────────────────────────────────
PREFERENCES: Grants = {}
PREFERENCES_FUNCTIONS: Functions = {}

# ── quizzes ─────────────────────────────────────────────────────────────────────────────────────────────────────────
QUIZZES: Grants = {}
QUIZZES_FUNCTIONS: Functions = {}

# ── recommendations ─────────────────────────────────────────────────────────────────────────────────────────────────
RECOMMENDATIONS: Grants = {}
RECOMMENDATIONS_FUNCTIONS: Functions = {}

ROLES = ("proffer_web", "proffer_worker", "proffer_offers", "proffer_functions")
_TABLES = (FRAMEWORK, PREFERENCES, QUIZZES, RECOMMENDATIONS)
_FUNCTIONS = (FRAMEWORK_FUNCTIONS, PREFERENCES_FUNCTIONS, QUIZZES_FUNCTIONS, RECOMMENDATIONS_FUNCTIONS)

GRANTS: Grants = {role: {t: p for part in _TABLES for t, p in part.get(role, {}).items()} for role in ROLES}
FUNCTIONS: Functions = {role: {f for part in _FUNCTIONS for f in part.get(role, set())} for role in ROLES}
