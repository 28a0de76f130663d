"""Searching."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0007_pictures")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post_id", models.BigIntegerField()),
                ("comment_id", models.BigIntegerField(default=0)),
                ("written_at", models.DateTimeField()),
                ("title_length", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveSmallIntegerField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["words"], name="search_words"),
                    models.Index(fields=["-written_at", "-id"], name="search_written"),
                ],
                "constraints": [models.UniqueConstraint(fields=("post_id", "comment_id"), name="one_search_entry")],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("entries", models.PositiveIntegerField()),
                ("forms", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["forms"], name="search_forms")]
            },
        ),
    ]
