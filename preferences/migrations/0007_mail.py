from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import preferences.fields
import preferences.models.mail

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("preferences", "0006_undo"),
    ]

    operations = [
        migrations.AddField(
            model_name="purpose",
            name="sends_mail",
            field=models.BooleanField(
                default=False,
                help_text="Topics of mail may rest on it: customers choose them one by one, and confirm their address first.",
                verbose_name="sends mail",
            ),
        ),
        migrations.AddConstraint(
            model_name="purpose",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", "consent"), ("sends_mail", False), _connector="OR"),
                name="mail_needs_consent",
            ),
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=50,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9_]{0,49}\\Z",
                                "Use small letters, digits and underscores, from a letter on.",
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("letter", "letters that you write"),
                            ("reask", "asking whether answers are still right, at most once a season"),
                        ],
                        default="letter",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", preferences.fields.TranslatedField(default=dict, verbose_name="title")),
                (
                    "sentence",
                    preferences.fields.TranslatedField(
                        default=dict, help_text="What it is, and how often it comes.", verbose_name="sentence"
                    ),
                ),
                (
                    "frequencies",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("always", "As it comes"),
                                ("weekly", "At most once a week"),
                                ("monthly", "At most once a month"),
                                ("yearly", "At most once a year"),
                            ],
                            max_length=10,
                        ),
                        default=preferences.models.mail.every_frequency,
                        help_text="What customers can choose from; the first is what they get unless they choose.",
                        size=None,
                        verbose_name="how often",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "purpose",
                    models.ForeignKey(
                        help_text="What customers agree to when they switch it on.",
                        limit_choices_to={"sends_mail": True},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="preferences.purpose",
                        verbose_name="purpose",
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", preferences.fields.TranslatedField(default=dict, verbose_name="subject")),
                (
                    "body",
                    preferences.fields.TranslatedField(
                        default=dict,
                        help_text="Plain text; an empty line begins a new paragraph. The same for everyone.",
                        verbose_name="letter",
                    ),
                ),
                ("released_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="released")),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="preferences.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="MailAddress",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="preferences.customer",
                    ),
                ),
                ("address", models.CharField(max_length=254)),
                ("language", models.CharField(max_length=10)),
                ("confirmed_at", models.DateTimeField()),
                ("bounced_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MailConfirmation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("address", models.CharField(max_length=254)),
                ("address_key", models.BinaryField()),
                ("language", models.CharField(max_length=10)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("attempt_count", models.PositiveSmallIntegerField(default=0)),
                ("token_hash", models.BinaryField(null=True, unique=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AddressAsked",
            fields=[
                ("address_key", models.BinaryField(primary_key=True, serialize=False)),
                ("asked_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="TopicChoice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer_id", "topic_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_on", models.BooleanField(default=False)),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("always", "As it comes"),
                            ("weekly", "At most once a week"),
                            ("monthly", "At most once a month"),
                            ("yearly", "At most once a year"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("mail", "By e-mail"), ("page", "Only here, on this page")],
                        default="mail",
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("switched_at", models.DateTimeField()),
                ("snoozed_until", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.customer",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.purposenotice",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.topic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sending",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("occasion", models.CharField(max_length=40)),
                (
                    "channel",
                    models.CharField(
                        choices=[("mail", "By e-mail"), ("page", "Only here, on this page")], max_length=10
                    ),
                ),
                ("answer_count", models.PositiveIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(db_index=True)),
                ("attempt_count", models.PositiveSmallIntegerField(default=1)),
                ("sent_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.customer",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.letter",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.topic",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MailLink",
            fields=[
                ("token_hash", models.BinaryField(primary_key=True, serialize=False)),
                ("expires_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.customer",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="preferences.topic",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="mailconfirmation",
            index=models.Index(fields=["customer"], name="mail_confirmation_customer"),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("frequencies__len__gte", 1)), name="topic_has_a_frequency"
            ),
        ),
        migrations.AddConstraint(
            model_name="sending",
            constraint=models.UniqueConstraint(
                fields=("customer", "topic", "occasion"), name="one_sending_an_occasion"
            ),
        ),
        migrations.AddIndex(
            model_name="maillink",
            index=models.Index(fields=["customer"], name="mail_link_customer"),
        ),
        migrations.AddIndex(
            model_name="topicchoice",
            index=models.Index(condition=models.Q(("is_on", True)), fields=["topic", "customer"], name="topic_wanted"),
        ),
        *(
            migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
            for name in ("14_mail.sql", "15_mail_choices.sql")
        ),
    ]
