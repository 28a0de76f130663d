"""Meetups and who comes to them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0012_care")]

    operations = [
        migrations.CreateModel(
            name="Meetup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("meetup", "Meetup"),
                            ("salon", "Salon with talks"),
                            ("roast", "Roast: bring what annoys you"),
                            ("launch", "Launch"),
                        ],
                        default="meetup",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("about", models.TextField(verbose_name="what happens")),
                ("about_html", models.TextField(blank=True, editable=False)),
                ("city", models.CharField(blank=True, max_length=60, verbose_name="city")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("link", models.URLField(blank=True, max_length=300, verbose_name="link to it online")),
                ("time_zone", models.CharField(default="UTC", max_length=40, verbose_name="time zone")),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("capacity", models.PositiveIntegerField(blank=True, null=True, verbose_name="places")),
                ("code", models.CharField(max_length=8, verbose_name="check-in code")),
                ("published", models.BooleanField(default=False, verbose_name="published")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_why", models.CharField(blank=True, max_length=280, verbose_name="why it is cancelled")),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetups",
                        to="community.board",
                        verbose_name="board",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosted_meetups",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="host",
                    ),
                ),
                (
                    "recap",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="community.post",
                        verbose_name="post that tells how it was",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("going", "Going"), ("waiting", "On the waiting list"), ("out", "Not going")], max_length=8
                    ),
                ),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("came_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attendances", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "meetup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attendances", to="community.meetup"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="meetup",
            index=models.Index(fields=["ends_at", "starts_at"], name="meetup_coming"),
        ),
        migrations.AddConstraint(
            model_name="meetup",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_at__lt", models.F("ends_at"))),
                name="meetup_ends_after_it_begins",
                violation_error_message="It ends after it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("city", ""), _negated=True), models.Q(("link", ""), _negated=True), _connector="OR"
                ),
                name="meetup_is_somewhere",
                violation_error_message="Please say where it is: a city, a link, or both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetup",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity", None), ("capacity__gte", 1), _connector="OR"),
                name="meetup_has_a_place",
                violation_error_message="At least one place, or none named for as many as come.",
            ),
        ),
        migrations.AddIndex(
            model_name="attendance",
            index=models.Index(fields=["meetup", "state", "queued_at", "id"], name="attendance_queue"),
        ),
        migrations.AddIndex(
            model_name="attendance",
            index=models.Index(fields=["member", "meetup"], name="attendance_member"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("meetup", "member"), name="one_answer_per_meetup"),
        ),
    ]
