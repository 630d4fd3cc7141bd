from django.db import migrations, models

OPEN = (
    "accepted", "contested", "dispatched", "filed", "incomplete", "parked", "replied", "rework", "signing", "suspended",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("petitions", "0015_calendar_once_more")]
    operations = [
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(
                condition=models.Q(("stage__in", frozenset(OPEN))), fields=["due_at", "id"], name="petition_most_urgent"
            ),
        ),
    ]
