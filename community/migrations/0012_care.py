"""Care: holds, reports, decisions that cannot be changed, appeals, blocks, watched words, and suspensions with an end."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

GUARD = """
create trigger decision_is_append_only before update or delete on community_decision
    for each row execute function community_refuse_change();
create trigger decision_is_never_truncated before truncate on community_decision
    for each statement execute function community_refuse_change();
"""
UNGUARD = """
drop trigger decision_is_append_only on community_decision;
drop trigger decision_is_never_truncated on community_decision;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0011_sorting_and_following")]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=2000)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="CarePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hold_first", models.BooleanField(default=False, verbose_name="first posts of newcomers wait")),
                ("hold_new", models.BooleanField(default=False, verbose_name="everything by newcomers waits")),
                ("hold_first_link", models.BooleanField(default=True, verbose_name="a first post with a link waits")),
                (
                    "links_to_one_host",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="so many links of a newcomer to one site wait; 0: never"
                    ),
                ),
                (
                    "target_hours",
                    models.PositiveSmallIntegerField(default=24, verbose_name="moderators answer within so many hours"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("released", "Let through"),
                            ("declined", "Declined"),
                            ("hidden", "Hidden"),
                            ("restored", "Shown again"),
                            ("dismissed", "Found to be in order"),
                            ("withheld", "Withheld after reports"),
                            ("trusted", "Trusted"),
                            ("warned", "Warned"),
                            ("limited", "Limited"),
                            ("suspended", "Suspended"),
                            ("lifted", "Lifted early"),
                            ("upheld", "Upheld on appeal"),
                            ("overturned", "Overturned on appeal"),
                        ],
                        max_length=12,
                    ),
                ),
                ("target_kind", models.CharField(max_length=10)),
                ("target_id", models.BigIntegerField()),
                ("rule", models.CharField(blank=True, max_length=20)),
                ("words", models.CharField(blank=True, max_length=1000)),
                ("before", models.CharField(blank=True, max_length=8)),
                ("until", models.DateTimeField(null=True)),
                ("wanted_until", models.DateTimeField(null=True)),
                ("for_good", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "target_kind",
                    models.CharField(choices=[("post", "Post"), ("comment", "Comment"), ("member", "Member")], max_length=10),
                ),
                ("target_id", models.BigIntegerField()),
                ("reasons", models.JSONField(default=list)),
                ("signals", models.JSONField(default=dict)),
                ("extras", models.JSONField(default=dict)),
                ("fresh", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HouseRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="in English")),
                ("text_zh_hans", models.TextField(blank=True, verbose_name="in Simplified Chinese")),
                ("text_zh_hant", models.TextField(blank=True, verbose_name="in Traditional Chinese")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name_plural": "house rules",
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target_kind", models.CharField(max_length=10)),
                ("target_id", models.BigIntegerField()),
                ("rule", models.CharField(max_length=20)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("trusted", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="WatchedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=80, verbose_name="word or phrase")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
            ],
        ),
        migrations.AddField(
            model_name="member",
            name="suspended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="suspended since"),
        ),
        migrations.AddField(
            model_name="member",
            name="suspended_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="suspended until"),
        ),
        migrations.AddField(
            model_name="appeal",
            name="board",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="community.board"
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="appeals", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="other",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="careplan",
            name="board",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="care",
                to="community.board",
                verbose_name="board",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="against",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="answers",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="answered_by", to="community.decision"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="board",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="community.board"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="decided", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="decision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="appeal", to="community.decision"
            ),
        ),
        migrations.AddField(
            model_name="appeal",
            name="outcome",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settles",
                to="community.decision",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="holds", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="board",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="community.board"),
        ),
        migrations.AddField(
            model_name="houserules",
            name="by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reported", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="board",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="community.board"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="community.decision",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="reporter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reports", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="watchedword",
            name="board",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="community.board",
                verbose_name="only in the board",
            ),
        ),
        migrations.AddIndex(
            model_name="block",
            index=models.Index(fields=["other", "member"], name="block_other"),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.UniqueConstraint(fields=("member", "other"), name="one_block_per_pair"),
        ),
        migrations.AddConstraint(
            model_name="block",
            constraint=models.CheckConstraint(
                condition=models.Q(("member", models.F("other")), _negated=True), name="nobody_blocks_themselves"
            ),
        ),
        migrations.AddConstraint(
            model_name="careplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("board__isnull", True)), fields=("board",), name="one_site_plan", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["member", "-at"], name="decision_member"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["target_kind", "target_id"], name="decision_target"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["board", "-at"], name="decision_board"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["-at", "-id"], name="decision_at"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("against__isnull", True), models.Q(("by", models.F("against")), _negated=True), _connector="OR"
                ),
                name="nobody_answers_themselves",
            ),
        ),
        migrations.AddIndex(
            model_name="appeal",
            index=models.Index(condition=models.Q(("settled_at__isnull", True)), fields=["at"], name="appeal_waiting"),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(condition=models.Q(("settled_at__isnull", True)), fields=["at"], name="hold_waiting"),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(fields=["author", "-at"], name="hold_author"),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at__isnull", True)),
                fields=("target_kind", "target_id"),
                name="one_open_hold_per_text",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", True)), fields=["target_kind", "target_id"], name="report_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["reporter", "-at"], name="report_reporter"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("reporter", "target_kind", "target_id"), name="one_report_per_member"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("reporter", models.F("author")), _negated=True), name="nobody_reports_themselves"
            ),
        ),
        migrations.AddConstraint(
            model_name="watchedword",
            constraint=models.UniqueConstraint(fields=("word", "board"), name="one_rule_per_word", nulls_distinct=False),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
