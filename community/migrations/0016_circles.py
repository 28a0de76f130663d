"""Circles and who is in them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0015_gatherings_finished"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("key", models.CharField(editable=False, max_length=60)),
                ("about", models.CharField(max_length=280, verbose_name="what it is about")),
                (
                    "kind",
                    models.CharField(
                        choices=[("city", "City"), ("school", "School"), ("skill", "Skill"), ("interest", "Interest")],
                        default="interest",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="open since")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed on")),
                ("closed_because", models.CharField(blank=True, max_length=280, verbose_name="why it is closed")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="proposed on")),
                (
                    "board",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circle",
                        to="community.board",
                        verbose_name="board",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proposed_circles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "steward",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="kept_circles",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="steward",
                    ),
                ),
            ],
            options={"ordering": ["-created_at", "-pk"]},
        ),
        migrations.CreateModel(
            name="CircleMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="community.circle"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="circle_memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["joined_at", "pk"],
                "indexes": [models.Index(fields=["circle", "joined_at", "id"], name="circle_joined")],
                "constraints": [models.UniqueConstraint(fields=["circle", "member"], name="one_membership_per_circle")],
            },
        ),
        migrations.AddConstraint(
            model_name="circle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("board", None), ("opened_at", None)),
                    models.Q(("board__isnull", False), ("opened_at__isnull", False)),
                    _connector="OR",
                ),
                name="open_circle_has_a_board",
            ),
        ),
        migrations.AddConstraint(
            model_name="circle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_because", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("closed_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="closed_circle_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="circle",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("key",), name="one_circle_per_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="circle",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None), ("opened_at", None)),
                fields=("proposed_by",),
                name="one_waiting_proposal_per_member",
            ),
        ),
    ]
