"""Polls and contests."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0009_reading"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(default=0)),
                ("cast_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="BallotChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "ordering": ["rank"],
            },
        ),
        migrations.CreateModel(
            name="Contest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contest", "Contest: first entries, then votes"),
                            ("showcase", "Showcase: votes as soon as an entry is in"),
                        ],
                        default="contest",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("brief", models.TextField(verbose_name="what it is about")),
                ("rules", models.TextField(blank=True, verbose_name="rules")),
                ("prizes", models.TextField(blank=True, verbose_name="prizes")),
                ("brief_html", models.TextField(blank=True, editable=False)),
                ("rules_html", models.TextField(blank=True, editable=False)),
                ("prizes_html", models.TextField(blank=True, editable=False)),
                ("published", models.BooleanField(default=False, verbose_name="published")),
                ("opens_at", models.DateTimeField(verbose_name="entries from")),
                ("entries_until", models.DateTimeField(verbose_name="entries until")),
                ("votes_until", models.DateTimeField(verbose_name="fan votes until")),
                ("jury_until", models.DateTimeField(verbose_name="jury until")),
                (
                    "fan_weight",
                    models.PositiveSmallIntegerField(default=50, verbose_name="weight of the fans' votes, in hundredths"),
                ),
                ("votes_each", models.PositiveSmallIntegerField(default=3, verbose_name="votes a fan has")),
                ("entries_each", models.PositiveSmallIntegerField(default=1, verbose_name="entries a member may send")),
                ("team_most", models.PositiveSmallIntegerField(default=4, verbose_name="people in a team at most")),
                ("places", models.PositiveSmallIntegerField(default=3, verbose_name="places that are honoured")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("announced_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ContestEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[("visible", "Takes part"), ("withdrawn", "Taken back"), ("hidden", "Hidden")],
                        default="visible",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("body", models.TextField(verbose_name="text")),
                ("body_html", models.TextField(blank=True, editable=False)),
                ("hidden_reason", models.CharField(blank=True, max_length=280)),
                ("created_at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "contest entries",
            },
        ),
        migrations.CreateModel(
            name="ContestPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("votes", models.PositiveIntegerField()),
                ("fans", models.PositiveSmallIntegerField()),
                ("jury", models.PositiveSmallIntegerField()),
                ("total", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["place"],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("weight", models.PositiveSmallIntegerField(default=1, verbose_name="weight")),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="FanVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="JuryDeclaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("interests", models.CharField(blank=True, max_length=280)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="JuryScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Poll",
            fields=[
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="poll",
                        serialize=False,
                        to="community.post",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single", "One answer"),
                            ("multiple", "Several answers"),
                            ("ranked", "In order of preference"),
                        ],
                        default="single",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("least", models.PositiveSmallIntegerField(default=1)),
                ("most", models.PositiveSmallIntegerField(default=1)),
                (
                    "shows",
                    models.CharField(
                        choices=[
                            ("voted", "Once you have voted, or it is closed"),
                            ("closed", "Only once it is closed"),
                            ("always", "At any time"),
                        ],
                        default="voted",
                        max_length=6,
                        verbose_name="result is shown",
                    ),
                ),
                (
                    "weight",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Just asking"),
                            ("advisory", "Advisory: we decide with the result in hand"),
                            ("binding", "Binding: we do what wins"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="weight",
                    ),
                ),
                ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="closes")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("decision", models.TextField(blank=True, verbose_name="decision")),
                ("decision_html", models.TextField(blank=True, editable=False)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PollOption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Teammate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invited_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="ballot",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="ballots", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ballotchoice",
            name="ballot",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="choices", to="community.ballot"),
        ),
        migrations.AddField(
            model_name="contest",
            name="announced_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="board",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contests", to="community.board", verbose_name="board"
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="jury",
            field=models.ManyToManyField(
                blank=True, related_name="judged_contests", to=settings.AUTH_USER_MODEL, verbose_name="jury"
            ),
        ),
        migrations.AddField(
            model_name="contestentry",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contest_entries", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="contestentry",
            name="contest",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="community.contest"
            ),
        ),
        migrations.AddField(
            model_name="contestentry",
            name="hidden_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="contestentry",
            name="post",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="contest_entry",
                to="community.post",
            ),
        ),
        migrations.AddField(
            model_name="contestplace",
            name="contest",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="standing", to="community.contest"
            ),
        ),
        migrations.AddField(
            model_name="contestplace",
            name="entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="place", to="community.contestentry"
            ),
        ),
        migrations.AddField(
            model_name="criterion",
            name="contest",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="criteria", to="community.contest"
            ),
        ),
        migrations.AddField(
            model_name="fanvote",
            name="contest",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="fan_votes", to="community.contest"
            ),
        ),
        migrations.AddField(
            model_name="fanvote",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="fan_votes", to="community.contestentry"
            ),
        ),
        migrations.AddField(
            model_name="fanvote",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="fan_votes", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="jurydeclaration",
            name="contest",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="declarations", to="community.contest"
            ),
        ),
        migrations.AddField(
            model_name="jurydeclaration",
            name="juror",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="juryscore",
            name="criterion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="community.criterion"
            ),
        ),
        migrations.AddField(
            model_name="juryscore",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="community.contestentry"
            ),
        ),
        migrations.AddField(
            model_name="juryscore",
            name="juror",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="poll",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="poll",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ballot",
            name="poll",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="community.poll"),
        ),
        migrations.AddField(
            model_name="polloption",
            name="poll",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="options", to="community.poll"),
        ),
        migrations.AddField(
            model_name="ballotchoice",
            name="option",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="choices", to="community.polloption"
            ),
        ),
        migrations.AddField(
            model_name="teammate",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="team", to="community.contestentry"
            ),
        ),
        migrations.AddField(
            model_name="teammate",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="teams", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="contest",
            index=models.Index(fields=["-announced_at", "-id"], name="contest_decided"),
        ),
        migrations.AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entries_until__lte", models.F("votes_until")),
                    ("opens_at__lt", models.F("entries_until")),
                    ("votes_until__lte", models.F("jury_until")),
                ),
                name="contest_phases_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(condition=models.Q(("fan_weight__lte", 100)), name="fan_weight_is_a_share"),
        ),
        migrations.AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entries_each__range", (1, 5)),
                    ("places__range", (1, 10)),
                    ("team_most__range", (1, 8)),
                    ("votes_each__range", (1, 10)),
                ),
                name="contest_limits_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="contestentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("contest", "author", "number"),
                name="one_entry_per_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="contestentry",
            constraint=models.CheckConstraint(condition=models.Q(("number__range", (1, 5))), name="entry_number_in_range"),
        ),
        migrations.AddConstraint(
            model_name="contestplace",
            constraint=models.UniqueConstraint(fields=("contest", "place"), name="one_entry_per_contest_place"),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.UniqueConstraint(fields=("contest", "name"), name="one_criterion_per_name"),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__range", (1, 100))), name="criterion_weighs_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="fanvote",
            constraint=models.UniqueConstraint(fields=("entry", "member"), name="one_fan_vote_per_entry"),
        ),
        migrations.AddConstraint(
            model_name="fanvote",
            constraint=models.UniqueConstraint(fields=("contest", "member", "number"), name="one_fan_vote_per_number"),
        ),
        migrations.AddConstraint(
            model_name="fanvote",
            constraint=models.CheckConstraint(condition=models.Q(("number__range", (1, 10))), name="fan_vote_number_in_range"),
        ),
        migrations.AddConstraint(
            model_name="jurydeclaration",
            constraint=models.UniqueConstraint(fields=("contest", "juror"), name="one_declaration_per_juror"),
        ),
        migrations.AddConstraint(
            model_name="juryscore",
            constraint=models.UniqueConstraint(fields=("entry", "juror", "criterion"), name="one_score_per_criterion"),
        ),
        migrations.AddConstraint(
            model_name="juryscore",
            constraint=models.CheckConstraint(condition=models.Q(("score__lte", 10)), name="score_up_to_ten"),
        ),
        migrations.AddIndex(
            model_name="poll",
            index=models.Index(condition=models.Q(("told_at", None)), fields=["closes_at"], name="poll_untold"),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(("least__gte", 1), ("most__gte", models.F("least")), ("most__lte", 12)),
                name="poll_names_some",
            ),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "single"), _negated=True), models.Q(("least", 1), ("most", 1)), _connector="OR"
                ),
                name="single_names_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.UniqueConstraint(fields=("poll", "member"), name="one_ballot_per_member"),
        ),
        migrations.AddConstraint(
            model_name="polloption",
            constraint=models.UniqueConstraint(fields=("poll", "position"), name="one_option_per_place"),
        ),
        migrations.AddConstraint(
            model_name="ballotchoice",
            constraint=models.UniqueConstraint(fields=("ballot", "option"), name="one_choice_per_option"),
        ),
        migrations.AddConstraint(
            model_name="ballotchoice",
            constraint=models.UniqueConstraint(fields=("ballot", "rank"), name="one_choice_per_rank"),
        ),
        migrations.AddConstraint(
            model_name="ballotchoice",
            constraint=models.CheckConstraint(condition=models.Q(("rank__gte", 1), ("rank__lte", 12)), name="rank_in_range"),
        ),
        migrations.AddConstraint(
            model_name="teammate",
            constraint=models.UniqueConstraint(fields=("entry", "member"), name="one_place_per_teammate"),
        ),
    ]
