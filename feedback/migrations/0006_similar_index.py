import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0005_first_score_configs")]

    operations = [
        migrations.CreateModel(
            name="SimilarPosting",
            fields=[
                ("term", models.BigIntegerField()),
                ("suggestion_id", models.BigIntegerField()),
                ("impact", models.SmallIntegerField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "term", "suggestion_id", "impact", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SimilarTerm",
            fields=[
                ("term", models.BigIntegerField(primary_key=True, serialize=False)),
                ("suggestions", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SimilarText",
            fields=[
                ("suggestion_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("version", models.PositiveSmallIntegerField()),
                ("terms", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("impacts", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
            ],
            options={"indexes": [models.Index(fields=["version", "suggestion_id"], name="similar_text_version")]},
        ),
    ]
