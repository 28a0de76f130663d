"""Accounts, transfers and their entries. The database keeps the laws (migration 0002); docs/ledger.md says them."""

from typing import Any

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from community.models import Activity


class Currency(models.TextChoices):
    """Points can be spent, honour cannot."""

    POINTS = "points", _("Points")
    HONOUR = "honour", _("Honour")


class OwnerKind(models.TextChoices):
    """Whose account it is. A debt is what a member still owes for points that were taken back after they were spent."""

    MINT = "mint", _("Mint")
    MEMBER = "member", _("Member")
    DEBT = "debt", _("Debt")


class AccountQuerySet(models.QuerySet["Account"]):
    """Adjectives of accounts."""

    def of_member(self, member_id: int) -> "AccountQuerySet":
        """What the member holds and owes."""
        return self.filter(owner_kind__in=[OwnerKind.MEMBER, OwnerKind.DEBT], owner_id=member_id)


class Account(models.Model):
    """A pot of one currency. `owner_id` is opaque, so that a person can be forgotten and the sums stay.

    normal: the side its balance is on: credit never below zero, a debt (debit) never above. A mint is debit by nature,
    but crosses zero where its members owe more than they hold.
    balance: the sum of its entries, kept by the database alone.
    """

    append_only = True

    owner_kind = models.CharField(max_length=8, choices=OwnerKind.choices)
    owner_id = models.BigIntegerField()
    currency = models.CharField(max_length=8, choices=Currency.choices)
    normal = models.CharField(max_length=6, choices=[("credit", _("Credit")), ("debit", _("Debit"))])
    balance = models.BigIntegerField(default=0)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_kind", "owner_id", "currency"], name="one_account_per_owner"),
            models.CheckConstraint(
                condition=models.Q(owner_kind="mint")
                | models.Q(normal="credit", balance__gte=0)
                | models.Q(normal="debit", balance__lte=0),
                name="balance_on_its_side",
            ),
            models.CheckConstraint(
                condition=models.Q(owner_kind="member", normal="credit")
                | models.Q(owner_kind="mint", normal="debit")
                | models.Q(owner_kind="debt", normal="debit", currency="points"),
                name="normal_side_of_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.owner_id}: {self.balance} {self.currency}"


class TransferQuerySet(models.QuerySet["Transfer"]):
    """Adjectives of transfers."""

    def standing(self) -> "TransferQuerySet":
        """Those that neither undo another nor were undone."""
        return self.filter(reverses__isnull=True, reversed_by__isnull=True)


class Transfer(models.Model):
    """One movement between accounts, for ever; a correction is another transfer.

    key: what makes asking twice pay once; input_hash binds it to what was asked.
    at: when the thing it pays for happened; posted_at and xact: the database's own word on when it was written.
    """

    append_only = True

    key = models.CharField(max_length=255, unique=True, validators=[MinLengthValidator(1)])
    input_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=40)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="transfers")
    rule_version = models.PositiveSmallIntegerField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    at = models.DateTimeField()
    posted_at = models.DateTimeField(db_default=Now())
    xact = models.BigIntegerField(db_default=0)

    objects = TransferQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["activity", "reason"], name="transfer_activity_reason")]
        constraints = [models.CheckConstraint(condition=~models.Q(key=""), name="transfer_has_a_key")]

    def __str__(self) -> str:
        return self.key


class EntryQuerySet(models.QuerySet["Entry"]):
    """Adjectives of entries."""

    def statement_of(self, member_id: int, currency: str) -> "EntryQuerySet":
        """What came and went for the member in one currency, newest first, with each line's cause."""
        mine: dict[str, Any] = {"owner_kind": OwnerKind.MEMBER, "owner_id": member_id, "currency": currency}
        account = Account.objects.filter(**mine).values("pk")
        return self.filter(account__in=account).select_related("transfer__activity").order_by("-pk")


class Entry(models.Model):
    """One leg of a transfer: so much to (or, negative, from) an account.

    No foreign keys in the database: the trigger that adds entries up checks both, and neither can ever be removed.
    """

    append_only = True

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="entries", db_constraint=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries", db_constraint=False)
    amount = models.BigIntegerField()

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="amount_is_not_zero"),
            models.UniqueConstraint(fields=["transfer", "account"], name="one_leg_per_account"),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="entry_account")]
