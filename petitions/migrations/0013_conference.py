"""A conference can be cancelled, is convened once a form, and is not changed from an older page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0004_as_it_was")]
    operations = [
        migrations.AddField("conference", "cancelled_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "conference", "cancelled_because", models.CharField(blank=True, max_length=200, verbose_name="取消原因")
        ),
        migrations.AddField("conference", "key", models.UUIDField(null=True, unique=True)),
        migrations.AddField("conference", "last_key", models.UUIDField(null=True)),
        migrations.AddField("conference", "version", models.PositiveIntegerField(default=0)),
        migrations.AddIndex("conference", models.Index(fields=["-held_at", "-id"], name="conference_newest")),
        migrations.AddConstraint(
            "conference",
            models.CheckConstraint(
                condition=models.Q(("published_at", None), ("cancelled_at", None), _connector="OR"),
                name="conference_published_or_cancelled",
            ),
        ),
    ]
