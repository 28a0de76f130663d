"""Every change of a vote is a fact of its own, whatever the clock says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_first_tables")]
    operations = [
        migrations.AddField("vote", "revision", models.PositiveIntegerField(default=0, editable=False)),
    ]
