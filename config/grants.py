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
PREFERENCES: Grants = {
    # Rows of the current customer only, by row security. Nothing of the core is written directly, but by its functions.
    "proffer_web": {
        "preferences_customer": {"SELECT", "UPDATE (language, time_zone)"},
        "preferences_device": READ,
        "preferences_profile": {"SELECT", "UPDATE (name)"},
        "preferences_preference": READ,
        "preferences_grant": READ,
        "preferences_exclusion": READ,
        "preferences_standing": READ,
        "preferences_objection": READ,
        "grants_in_force": READ,
        "preferences_ledgersubject": READ,
        "preferences_consentevent": READ,
        "preferences_permit": READ,
        "preferences_uselog": READ,
        # What marketers keep. A feature's id never gets another meaning, a published notice never other words.
        "preferences_attribute": EDIT,
        "preferences_attributevalue": EDIT,
        "preferences_feature": {"SELECT", "INSERT"},
        "preferences_purpose": EDIT,
        "preferences_purposenotice": {"SELECT", "INSERT"},
        "preferences_purpose_attributes": {"SELECT", "INSERT", "DELETE"},  # UPDATE would take something out unnoticed
        "preferences_brand": EDIT,
    },
    "proffer_offers": {
        "preferences_permit": {"SELECT (profile_id, purpose_id, serial, features, expires_at)"},
        "preferences_computationdue": READ,
        "preferences_purpose": READ,
        "preferences_purpose_attributes": READ,
        "preferences_attribute": READ,
        "preferences_attributevalue": READ,
        "preferences_feature": READ,
    },
    # What the core's functions do, and no more. Rows that go by cascade need no DELETE here.
    "proffer_functions": {
        "preferences_customer": EDIT,
        "preferences_device": {"SELECT", "INSERT", "DELETE"},
        "preferences_profile": EDIT,
        "preferences_preference": EDIT,
        "preferences_grant": EDIT,
        "preferences_exclusion": {"SELECT", "INSERT", "DELETE"},
        "preferences_standing": EDIT,
        "preferences_objection": {"SELECT", "INSERT", "DELETE"},
        "grants_in_force": READ,
        "preferences_ledgersubject": {"SELECT", "INSERT"},
        "preferences_consentevent": {"SELECT", "INSERT"},
        "preferences_erasure": {"SELECT", "INSERT"},
        "preferences_accountsession": EDIT,
        # Erasing a customer closes the account they signed in with, and ends its sessions.
        "auth_user": {"SELECT", "UPDATE (is_active)", "DELETE"},  # UPDATE only to lock
        "auth_user_groups": {"SELECT", "DELETE"},
        "auth_user_user_permissions": {"SELECT", "DELETE"},
        "account_emailaddress": {"SELECT", "DELETE"},
        "account_emailconfirmation": {"SELECT", "DELETE"},
        "django_session": {"SELECT (expire_date, session_key)", "DELETE"},
        "preferences_permit": EDIT,  # UPDATE only to lock: SELECT … FOR UPDATE asks for it
        "preferences_permit_serial": {"USAGE"},
        "preferences_computationdue": EDIT,
        "preferences_reissuedue": {"SELECT", "INSERT", "DELETE"},
        "preferences_uselog": EDIT,
        "preferences_attribute": READ,
        "preferences_attributevalue": {"SELECT", "INSERT", "UPDATE (label)"},  # products, which can be bought
        "preferences_feature": {"SELECT", "INSERT"},
        "preferences_purpose": READ,
        "preferences_purpose_attributes": READ,
        "preferences_purposenotice": READ,
    },
}
PREFERENCES_FUNCTIONS: Functions = {
    "proffer_web": {
        "current_customer", "identify", "begin_customer", "attach_account", "open_account", "leave_device",
        "merge_device", "finish_merge", "discard_device", "erase_customer", "grant_purpose", "withdraw_purpose",
        "set_exclusion", "pause_uses", "resume_uses", "restrict_uses", "lift_restriction", "object_to", "note_minor",
        "utc_today", "count_grants", "object_to_sharing", "note_sensitive_consent", "remember", "forget", "add_profile",
        "forget_profile", "answers_to_reuse", "note_session", "erased_at", "note_use", "undo_decision",
    },
    "proffer_worker": {
        "forget_sessions", "expire_permits", "reissue_due", "end_standings", "record_orders", "age_purchases",
    },
}  # fmt: skip

# ── mail ────────────────────────────────────────────────────────────────────────────────────────────────────────────
MAIL: Grants = {
    "proffer_web": {
        "preferences_topic": EDIT,
        "preferences_letter": EDIT,  # a released one stays as it is, by a trigger
        "preferences_mailaddress": READ,
        "preferences_mailconfirmation": {
            "SELECT (id, customer_id, address, language, asked_at, expires_at, sent_at, used_at, ended_at)"
        },
        "preferences_topicchoice": READ,
        "preferences_sending": READ,
    },
    # An address is told to the worker one letter at a time, by a function.
    "proffer_worker": {"preferences_topic": READ, "preferences_letter": READ, "preferences_brand": READ},
    "proffer_functions": {
        "preferences_topic": READ,
        "preferences_letter": READ,
        "preferences_mailaddress": EDIT,
        "preferences_mailconfirmation": EDIT,
        "preferences_addressasked": EDIT,
        "preferences_brand": READ,  # its clock
        "preferences_topicchoice": {"SELECT", "INSERT", "UPDATE"},
        "preferences_sending": EDIT,
        "preferences_maillink": {"SELECT", "INSERT"},
    },
}
MAIL_FUNCTIONS: Functions = {
    "proffer_web": {
        "choose_topic", "leave_topic", "set_topic", "snooze_topic", "stop_all_mail", "ask_address", "forget_address",
        "confirmation_state", "confirm_address", "mail_link", "use_mail_link", "note_bounce",
    },
    "proffer_worker": {
        "confirmations_due", "claim_confirmation", "fail_confirmation", "letters_due", "reasks_due", "claim_letter",
        "address_for", "finish_letter", "tidy_mail",
    },
}  # fmt: skip

# ── requests of people ──────────────────────────────────────────────────────────────────────────────────────────────
REQUESTS: Grants = {
    "proffer_web": {
        "preferences_jurisdiction": EDIT,
        "preferences_requestclock": EDIT,
        # Who entered, checked and closed it is the database's word; whose it is, a function's.
        "preferences_privacyrequest": {
            "SELECT",
            "INSERT",
            "UPDATE (kind, channel, received_at, jurisdiction_id, email, description, first_due_at, due_at, remind_at, "
            "identity, extension_reason, status, outcome)",
        },
        "preferences_requeststep": READ,
        "preferences_look": {"SELECT (id, customer_id, role, reason, at)"},  # a person does not see who it was
    },
    "proffer_functions": {
        "auth_user": {"SELECT (id, is_active, is_staff, email)"},
        "auth_group": {"SELECT (id, name)"},
        "auth_user_groups": {"SELECT (user_id, group_id)"},
        "account_emailaddress": {"SELECT (user_id, email, verified)"},
        "preferences_jurisdiction": READ,
        "preferences_privacyrequest": {"SELECT", "UPDATE"},
        "preferences_requeststep": {"INSERT"},
        "preferences_look": {"SELECT (customer_id)", "INSERT", "UPDATE (customer_id, request_id)"},
    },
}
REQUESTS_FUNCTIONS: Functions = {
    "proffer_web": {"is_privacy_staff", "staff_on_duty", "go_on_duty", "find_for_request", "look_at"},
    "proffer_worker": {"requests_to_remind", "privacy_addresses", "forget_old_requests"},
}

# ── quizzes ─────────────────────────────────────────────────────────────────────────────────────────────────────────
QUIZZES: Grants = {
    "proffer_web": {
        "quizzes_quiz": EDIT,
        "quizzes_quizpurpose": EDIT,
        "quizzes_question": EDIT,
        "quizzes_choice": EDIT,
        "quizzes_rule": EDIT,
        "quizzes_outcome": EDIT,
        "quizzes_outcomestep": EDIT,
        # A published version is never changed nor deleted.
        "quizzes_quizversion": {"SELECT", "INSERT"},
        "quizzes_picture": {"SELECT", "INSERT"},
        "quizzes_tally": EDIT,  # DELETE only with a quiz that was never published, which has none
        "quizzes_run": {"SELECT", "INSERT", "UPDATE (profile_id, status, outcome_key, completed_at)"},
        "quizzes_answer": {"SELECT", "INSERT", "UPDATE"},
        "quizzes_handoff": {"SELECT", "INSERT"},
    },
    "proffer_functions": {
        "quizzes_run": {"SELECT", "UPDATE", "DELETE"},
        "quizzes_answer": {"SELECT", "UPDATE", "DELETE"},  # UPDATE only to lock: FOR UPDATE asks for it
        "quizzes_handoff": {"SELECT", "UPDATE", "DELETE"},
    },
}
QUIZZES_FUNCTIONS: Functions = {
    "proffer_web": {
        "peek_handoff",
        "takeover",
        "merge_runs",
        "forget_taken_back",
        "run_with_answers",
        "store_answer",
    },
    "proffer_worker": {"forget_unconsented"},
}

# ── recommendations ─────────────────────────────────────────────────────────────────────────────────────────────────
RECOMMENDATIONS: Grants = {
    "proffer_web": {
        "recommendations_category": EDIT,
        "recommendations_trait": EDIT,
        "recommendations_traitweight": EDIT,
        "recommendations_product": EDIT,
        "recommendations_product_traits": EDIT,
        "recommendations_complement": EDIT,
        "recommendations_afterpurchase": EDIT,
        "recommendations_offer": EDIT,
        "recommendations_offerweight": EDIT,
        "recommendations_catalogue": READ,  # personas are worked out from the catalogue, by the same engine
        "recommendations_cap": EDIT,
        "recommendations_restraint": {
            "SELECT (id, dismissed_days, quiet_from, quiet_until, holdout_percent)",
            "UPDATE (dismissed_days, quiet_from, quiet_until, holdout_percent)",
        },
        "recommendations_tailoredoffers": READ,
        "recommendations_claim": READ,
        "recommendations_suppression": READ,
        "recommendations_exposure": READ,
    },
    # The words of the offers that stand in a letter; which ones, a function says.
    # And, of an order, which products there are and which stand apart.
    "proffer_worker": {
        "recommendations_offer": READ,
        "recommendations_product": READ,
        "recommendations_category": READ,
    },
    "proffer_offers": {
        "recommendations_category": READ,
        "recommendations_trait": READ,
        "recommendations_traitweight": READ,
        "recommendations_product": READ,
        "recommendations_product_traits": READ,
        "recommendations_complement": READ,
        "recommendations_afterpurchase": READ,
        "recommendations_offer": READ,
        "recommendations_offerweight": READ,
        "recommendations_catalogue": READ,
        "recommendations_cataloguechange": READ,
        "recommendations_computedrange": READ,
        "recommendations_suppression": {"SELECT (profile_id, offer_id, category_id, until_at)"},
        "recommendations_tailoredoffers": {"SELECT (profile_id, purpose_id, permit_serial, offers, scores, reasons)"},
    },
    "proffer_functions": {
        # Who may count people, as the accounts' own tables say.
        "auth_permission": {"SELECT (id, codename, content_type_id)"},
        "auth_group_permissions": {"SELECT (group_id, permission_id)"},
        "django_content_type": {"SELECT (id, app_label)"},
        "recommendations_offer": {"SELECT", "UPDATE (stock)"},
        "recommendations_product": READ,
        "recommendations_product_traits": READ,
        "recommendations_catalogue": {"SELECT", "UPDATE"},
        "recommendations_cataloguechange": {"SELECT", "INSERT", "DELETE"},
        "recommendations_computedrange": {"SELECT", "INSERT", "UPDATE"},
        "recommendations_restraint": READ,
        "recommendations_cap": READ,
        "recommendations_tailoredoffers": EDIT,
        "recommendations_claim": EDIT,
        "recommendations_suppression": EDIT,
        "recommendations_exposure": EDIT,
        "recommendations_offerreach": EDIT,
        "recommendations_category": READ,
        "recommendations_complement": EDIT,
        "recommendations_declinedcomplement": {"SELECT", "INSERT"},
    },
}
RECOMMENDATIONS_FUNCTIONS: Functions = {
    "proffer_web": {
        "claim_offer", "merge_claims", "offers_to_show", "dismiss_offer", "take_back", "merge_restraint", "audiences",
        "offer_holders", "offer_claims",
    },
    "proffer_worker": {"offers_to_send", "take_offers_back"},
    "proffer_offers": {
        "lock_profile", "due_profiles", "note_openings", "commit_offers", "open_ranges", "take_range", "finish_range",
        "reopen_ranges", "settle_due", "unlogged_profiles", "end_suppressions", "forget_exposures",
        "suggest_complements",
    },
}  # fmt: skip

ROLES = ("proffer_web", "proffer_worker", "proffer_offers", "proffer_functions")
_TABLES = (FRAMEWORK, PREFERENCES, MAIL, REQUESTS, QUIZZES, RECOMMENDATIONS)
_FUNCTIONS = (
    FRAMEWORK_FUNCTIONS,
    PREFERENCES_FUNCTIONS,
    MAIL_FUNCTIONS,
    REQUESTS_FUNCTIONS,
    QUIZZES_FUNCTIONS,
    RECOMMENDATIONS_FUNCTIONS,
)

GRANTS: Grants = {role: {} for role in ROLES}
for _part in _TABLES:
    for _role, _tables in _part.items():
        for _table, _privileges in _tables.items():
            GRANTS[_role][_table] = GRANTS[_role].get(_table, set()) | _privileges
FUNCTIONS: Functions = {role: {f for part in _FUNCTIONS for f in part.get(role, set())} for role in ROLES}
