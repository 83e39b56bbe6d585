from pathlib import Path

from django.db import migrations, models

SQL = (Path(__file__).parent / "sql" / "06_opening.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0003_builder")]
    operations = [
        migrations.AddConstraint(
            model_name="quiz",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                name="quiz_closes_after_it_opens",
                violation_error_message="It must close after it opens.",
            ),
        ),
        migrations.AddConstraint(
            model_name="quiz",
            constraint=models.CheckConstraint(
                condition=models.Q(("completion_limit__gte", 1)), name="quiz_limit_leaves_room"
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
