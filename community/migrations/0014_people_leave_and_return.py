"""Exports of one's data, claims of imported profiles, and names that members had before."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
STATES = [
    ("open", "Waits for proof"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("withdrawn", "Withdrawn"),
]


def of_member(related_name):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [("community", "0013_meetups")]

    operations = [
        migrations.CreateModel(
            name="FormerName",
            fields=[
                ID,
                ("name", models.CharField(max_length=40, unique=True)),
                ("left_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("member", of_member("former_names")),
            ],
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ID,
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("file", models.CharField(blank=True, max_length=80)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("member", of_member("exports")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("dropped_at__isnull", True), ("ready_at__isnull", True)),
                        fields=("member",),
                        name="one_export_at_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ID,
                ("source_system", models.CharField(max_length=20)),
                ("source_id", models.CharField(max_length=100)),
                ("code", models.CharField(max_length=40, unique=True)),
                ("words", models.CharField(blank=True, max_length=600)),
                ("state", models.CharField(choices=STATES, default="open", max_length=10)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=600)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("member", of_member("claims")),
                ("profile", of_member("claims_of_it")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("member", "profile"), name="one_open_claim"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "accepted")), fields=("source_system", "source_id"), name="claimed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("member", models.F("profile")), _negated=True), name="nobody_claims_themselves"
                    ),
                ],
            },
        ),
    ]
