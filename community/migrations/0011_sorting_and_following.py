"""Boards, tags and people are followed; lists have a pace and a place; a refused address rests."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

LISTS = [
    ("digest", "Weekly roadmap"),
    ("status", "News on suggestions you follow"),
    ("comments", "Comments on posts you follow"),
    ("mentions", "When somebody names or quotes you"),
    ("posts", "New posts in boards, tags and of people you follow"),
    ("gatherings", "Meetups, contests, polls and tester groups you take part in"),
    ("care", "What moderators decided about something of yours"),
    ("reactions", "When people agree with what you wrote"),
]
PACES = [("now", "At once"), ("daily", "Once a day"), ("weekly", "Once a week"), ("never", "Never")]
MAILED_AS = [
    ("", "No mail for this kind"),
    ("now", "At once"),
    ("daily", "In the daily mail"),
    ("weekly", "In the weekly mail"),
    ("never", "Not wanted by mail"),
    ("old", "Too old when it was told"),
    ("nobody", "No confirmed address"),
]


def watch(thing, to, related_name):
    """A narrow table of who follows or mutes one sort of thing."""
    member = {"person": "person_follows"}.get(thing, f"{thing}_follows")
    return migrations.CreateModel(
        name=f"{thing.capitalize()}Follow",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("muted", models.BooleanField(default=False)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("member", models.ForeignKey(settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE, related_name=member)),
            (thing, models.ForeignKey(to, django.db.models.deletion.CASCADE, related_name=related_name)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("member", thing), name=f"one_{thing}_follow_per_member"),
            ]
        },
    )


class Migration(migrations.Migration):
    dependencies = [("community", "0010_polls_and_contests")]

    operations = [
        watch("board", "community.board", "follows"),
        watch("tag", "community.tag", "follows"),
        watch("person", settings.AUTH_USER_MODEL, "followed_by"),
        migrations.AddConstraint(
            model_name="personfollow",
            constraint=models.CheckConstraint(
                condition=models.Q(("member", models.F("person")), _negated=True), name="nobody_follows_themselves"
            ),
        ),
        migrations.AlterField(model_name="mailchoice", name="list", field=models.CharField(choices=LISTS, max_length=20)),
        migrations.AddField(
            model_name="mailchoice",
            name="pace",
            field=models.CharField(blank=True, choices=PACES, max_length=6, default=""),
            preserve_default=False,
        ),
        migrations.AddField(model_name="mailchoice", name="on_page", field=models.BooleanField(default=True)),
        migrations.AddConstraint(
            model_name="mailchoice",
            constraint=models.CheckConstraint(condition=models.Q(("pace", "never"), _negated=True), name="never_is_not_wanted"),
        ),
        migrations.CreateModel(
            name="MailPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254, unique=True)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "member",
                    models.ForeignKey(settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE, related_name="mail_pauses"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("address", django.db.models.functions.text.Lower("address"))),
                        name="paused_in_small_letters",
                    )
                ]
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="list",
            field=models.CharField(blank=True, choices=LISTS, max_length=20, default=""),
            preserve_default=False,
        ),
        migrations.AddField(model_name="notice", name="on_page", field=models.BooleanField(default=True)),
        migrations.AddField(
            model_name="notice",
            name="mailed_as",
            field=models.CharField(blank=True, choices=MAILED_AS, max_length=6, default=""),
            preserve_default=False,
        ),
        migrations.RemoveIndex(model_name="notice", name="notice_unread"),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("on_page", True), ("read_at__isnull", True)), fields=["member"], name="notice_unread"
            ),
        ),
        migrations.AddIndex(model_name="notice", index=models.Index(fields=["member", "post"], name="notice_of_post")),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "post_written")), fields=("member", "post"), name="a_post_is_new_once"
            ),
        ),
    ]
