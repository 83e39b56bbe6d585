from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import preferences.models.requests

SQL = Path(__file__).parent / "sql"

# (code, name, time zone, clocks by what is asked: amount, unit, extension, hours of warning)
LAWS = (
    ("gdpr", "European Union (GDPR)", "Europe/Brussels", {"": (1, "months", 2, 168)}),
    ("indonesia", "Indonesia (UU PDP)", "Asia/Jakarta", {
        "access": (72, "hours", 0, 24),
        "correction": (72, "hours", 0, 24),
        "stop": (72, "hours", 0, 24),
        "restriction": (72, "hours", 0, 24),
        "": (14, "days", 0, 72),
    }),
    ("uk", "United Kingdom (UK GDPR)", "Europe/London", {"": (1, "months", 2, 168)}),
    ("california", "California (CCPA)", "America/Los_Angeles", {
        "stop": (15, "working_days", 0, 72),
        "restriction": (15, "working_days", 0, 72),
        "": (45, "days", 45, 168),
    }),
)  # fmt: skip


def add_laws(apps, _schema_editor):
    """Somewhere to begin: the owner keeps them from here on."""
    laws, clocks = apps.get_model("preferences", "Jurisdiction"), apps.get_model("preferences", "RequestClock")
    for position, (code, name, time_zone, rules) in enumerate(LAWS):
        law = laws.objects.create(code=code, name=name, time_zone=time_zone, position=position)
        for kind, (amount, unit, extension, remind_hours) in rules.items():
            clocks.objects.create(
                jurisdiction=law, kind=kind, amount=amount, unit=unit, extension=extension, remind_hours=remind_hours
            )


class Migration(migrations.Migration):
    dependencies = [
        ("preferences", "0007_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Jurisdiction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=20, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "time_zone",
                    models.CharField(
                        help_text="Where its days end: Europe/Brussels, Asia/Jakarta.",
                        max_length=50,
                        validators=[preferences.models.requests.known_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "keep_days",
                    models.PositiveIntegerField(
                        default=365,
                        help_text="So many days after a request is closed we forget who made it. A deletion is forgotten at once.",
                        validators=[django.core.validators.MaxValueValidator(3650)],
                        verbose_name="days kept",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
            ],
            options={
                "verbose_name": "jurisdiction",
                "verbose_name_plural": "jurisdictions",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="PrivacyRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "to see what we hold"),
                            ("correction", "to correct something"),
                            ("deletion", "to delete everything"),
                            ("stop", "to stop a use"),
                            ("restriction", "to only keep, and not use"),
                            ("objection", "to object to a use"),
                            ("portability", "to take a copy along"),
                            ("complaint", "a complaint"),
                        ],
                        max_length=12,
                        verbose_name="asks",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("letter", "by letter"),
                            ("email", "by e-mail"),
                            ("phone", "by phone"),
                            ("person", "in person"),
                        ],
                        max_length=10,
                        verbose_name="came",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="their e-mail address")),
                (
                    "description",
                    models.TextField(blank=True, max_length=2000, verbose_name="who they are, and what they ask"),
                ),
                ("entered_at", models.DateTimeField(editable=False, null=True)),
                ("first_due_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("remind_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("overdue_noted_at", models.DateTimeField(null=True)),
                ("extended_at", models.DateTimeField(null=True)),
                ("extension_reason", models.TextField(blank=True, max_length=500, verbose_name="why it takes longer")),
                (
                    "identity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("address", "they answered from the account's address"),
                            ("code", "they read a code back that we sent to the account's address"),
                            ("document", "we saw a document, and kept no copy"),
                            ("known", "they stood before somebody who knows them"),
                        ],
                        max_length=10,
                        verbose_name="how we know them",
                    ),
                ),
                ("identified_at", models.DateTimeField(null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("done", "done"),
                            ("nothing", "nothing found"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn by the person"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("outcome", models.TextField(blank=True, max_length=2000, verbose_name="what was done")),
                ("closed_at", models.DateTimeField(null=True)),
                ("anonymised_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.customer",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "identified_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.jurisdiction",
                        verbose_name="law",
                    ),
                ),
            ],
            options={
                "verbose_name": "request",
                "verbose_name_plural": "requests of people",
                "ordering": ("due_at", "id"),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.customer",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.privacyrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "look",
                "verbose_name_plural": "looks",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RequestClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "anything else"),
                            ("access", "to see what we hold"),
                            ("correction", "to correct something"),
                            ("deletion", "to delete everything"),
                            ("stop", "to stop a use"),
                            ("restriction", "to only keep, and not use"),
                            ("objection", "to object to a use"),
                            ("portability", "to take a copy along"),
                            ("complaint", "a complaint"),
                        ],
                        max_length=12,
                        verbose_name="asks",
                    ),
                ),
                (
                    "amount",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1000),
                        ],
                        verbose_name="to answer within",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("hours", "hours"),
                            ("days", "days"),
                            ("working_days", "working days"),
                            ("months", "months"),
                        ],
                        max_length=12,
                        verbose_name="unit",
                    ),
                ),
                (
                    "extension",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="0: not at all.",
                        validators=[django.core.validators.MaxValueValidator(1000)],
                        verbose_name="may be extended by",
                    ),
                ),
                (
                    "remind_hours",
                    models.PositiveSmallIntegerField(
                        default=168,
                        validators=[django.core.validators.MaxValueValidator(1000)],
                        verbose_name="hours of warning",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clocks",
                        to="preferences.jurisdiction",
                    ),
                ),
            ],
            options={
                "verbose_name": "clock",
                "verbose_name_plural": "clocks",
                "ordering": ("jurisdiction", "kind"),
            },
        ),
        migrations.CreateModel(
            name="RequestStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("entered", "entered"),
                            ("changed", "changed what was entered"),
                            ("identified", "checked who they are"),
                            ("found", "found their account"),
                            ("not_found", "looked for their account, and there was none"),
                            ("extended", "told them that it takes longer"),
                            ("view", "looked at what we hold"),
                            ("download", "made a copy for them"),
                            ("correct", "corrected something"),
                            ("switch_off", "switched a use off"),
                            ("restrict", "put everything on hold"),
                            ("object", "noted an objection"),
                            ("erase", "deleted everything"),
                            ("closed", "closed it"),
                            ("reminded", "reminded the privacy staff"),
                            ("overdue", "told the privacy staff that it is overdue"),
                            ("forgotten", "forgot who asked"),
                        ],
                        max_length=12,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="steps",
                        to="preferences.privacyrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ("id",),
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="privacyrequest",
            index=models.Index(condition=models.Q(("closed_at", None)), fields=["due_at"], name="request_due"),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "access",
                            "correction",
                            "deletion",
                            "stop",
                            "restriction",
                            "objection",
                            "portability",
                            "complaint",
                        ],
                    ),
                    ("status__in", ("open", "done", "nothing", "declined", "withdrawn")),
                ),
                name="request_is_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("status", "open")),
                    models.Q(models.Q(("status", "open"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="request_closes_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("identified_at", None), ("identified_by", None), ("identity", "")),
                    models.Q(
                        models.Q(("identity", ""), _negated=True),
                        ("identified_at__isnull", False),
                        ("identified_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="identity_says_how_who_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ("access", "correction", "deletion", "portability")),
                        ("status", "done"),
                        _negated=True,
                    ),
                    ("identified_at__isnull", False),
                    _connector="OR",
                ),
                name="identity_before_it_is_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at", models.F("first_due_at")), ("extended_at", None), ("extension_reason", "")),
                    models.Q(
                        ("due_at__gt", models.F("first_due_at")),
                        ("extended_at__isnull", False),
                        ("extended_at__lte", models.F("first_due_at")),
                    ),
                    _connector="OR",
                ),
                name="extension_told_in_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("anonymised_at", None),
                        models.Q(
                            models.Q(("email", ""), _negated=True),
                            models.Q(("description", ""), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("customer", None),
                        ("description", ""),
                        ("email", ""),
                        ("extension_reason", ""),
                        ("outcome", ""),
                        ("anonymised_at__isnull", False),
                        ("closed_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="request_is_somebodys_or_nobodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None),
                    ("anonymised_at__isnull", False),
                    models.Q(("outcome", ""), _negated=True),
                    _connector="OR",
                ),
                name="closing_says_what_was_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="privacyrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entered_at__gte", models.F("received_at")),
                    ("entered_at__isnull", False),
                    ("first_due_at__gt", models.F("received_at")),
                ),
                name="request_has_come",
            ),
        ),
        migrations.AddIndex(
            model_name="look",
            index=models.Index(fields=["customer", "id"], name="look_at_customer"),
        ),
        migrations.AddConstraint(
            model_name="requestclock",
            constraint=models.UniqueConstraint(fields=("jurisdiction", "kind"), name="one_clock_a_kind"),
        ),
        migrations.AddConstraint(
            model_name="requestclock",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 1)), name="clock_runs"),
        ),
        migrations.AddIndex(
            model_name="requeststep",
            index=models.Index(fields=["request", "id"], name="step_of_request"),
        ),
        *(
            migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
            for name in ("16_requests.sql", "17_looks.sql")
        ),
        migrations.RunPython(add_laws, migrations.RunPython.noop),
    ]
