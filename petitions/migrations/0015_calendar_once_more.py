from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("petitions", "0013_conference"),)

    operations = (
        migrations.AddField(model_name="calendarseen", name="again_at", field=models.DateTimeField(null=True)),
    )
