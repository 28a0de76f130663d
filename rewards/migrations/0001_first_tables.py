"""The ledger: accounts, transfers, entries, their seals, and what the auditor found."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('community', '0003_verbs_need_no_migration'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(unique=True)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
                ('transfer_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=255, unique=True, validators=[django.core.validators.MinLengthValidator(1)])),
                ('input_hash', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=40)),
                ('rule_version', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('posted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('xact', models.BigIntegerField(db_default=0)),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='community.activity')),
                ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='rewards.transfer')),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner_kind', models.CharField(choices=[('mint', 'Mint'), ('member', 'Member'), ('debt', 'Debt')], max_length=8)),
                ('owner_id', models.BigIntegerField()),
                ('currency', models.CharField(choices=[('points', 'Points'), ('honour', 'Honour')], max_length=8)),
                ('normal', models.CharField(choices=[('credit', 'Credit'), ('debit', 'Debit')], max_length=6)),
                ('balance', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner_kind', 'owner_id', 'currency'), name='one_account_per_owner'), models.CheckConstraint(condition=models.Q(('owner_kind', 'mint'), models.Q(('balance__gte', 0), ('normal', 'credit')), models.Q(('balance__lte', 0), ('normal', 'debit')), _connector='OR'), name='balance_on_its_side'), models.CheckConstraint(condition=models.Q(models.Q(('normal', 'credit'), ('owner_kind', 'member')), models.Q(('normal', 'debit'), ('owner_kind', 'mint')), models.Q(('currency', 'points'), ('normal', 'debit'), ('owner_kind', 'debt')), _connector='OR'), name='normal_side_of_owner')],
            },
        ),
        migrations.CreateModel(
            name='Unsealed',
            fields=[
                ('transfer', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='rewards.transfer')),
            ],
            options={
                'verbose_name_plural': 'unsealed',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('account', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='rewards.account')),
                ('transfer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='rewards.transfer')),
            ],
            options={
                'verbose_name_plural': 'entries',
            },
        ),
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('law', models.CharField(max_length=40)),
                ('detail', models.CharField(max_length=280)),
                ('found_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'breaches',
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['found_at'], name='breach_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('law', 'detail'), name='one_open_breach_per_finding')],
            },
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['activity', 'reason'], name='transfer_activity_reason'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='transfer_has_a_key'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['account', '-id'], name='entry_account'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='amount_is_not_zero'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('transfer', 'account'), name='one_leg_per_account'),
        ),
    ]
