"""The statement: what came and went, why, when, by which rule, and what it left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils.functional import Promise

from community.models import Member, Post
from community.paging import take_page
from rewards.models import Account, Entry, OwnerKind
from rewards.rules import OF_GATHERINGS, PAYING, VOIDING
from rewards.words import RULES, words_for


@dataclass(frozen=True)
class Line:
    """One entry of a member's account. post: what it was for, if the member may still see it; rule: its name, or empty."""

    entry: Entry
    words: Promise
    post: Post | None
    rule: str
    version: int
    at: datetime
    amount: int
    balance: int

    @property
    def size(self) -> int:
        """How much it was, whichever way it went."""
        return abs(self.amount)


@dataclass(frozen=True)
class Statement:
    """A page of lines, newest first; `after` asks for the next page, or is None on the last."""

    lines: list[Line]
    after: int | None


def statement_of(member: Member, currency: str, *, after: str = "", size: int = 20) -> Statement:
    """What the member may read of their account in this currency, beginning behind the entry `after`."""
    entries = Entry.objects.statement_of(member.pk, currency)
    page = take_page(entries, order=("-pk",), after=after, size=size)
    return Statement(lines_of(member, page.rows), page.after)


def lines_of(member: Member, entries: Sequence[Entry]) -> list[Line]:
    """The entries of one account, newest first, each with its cause and the balance it left: three queries for all."""
    posts = _posts_of(member, entries)
    balance = _balance_after(entries[0]) if entries else 0
    lines = []
    for entry in entries:
        transfer = entry.transfer
        rule = transfer.reason if transfer.reason in RULES else ""
        post = posts.get(transfer.activity.subject_id or 0) if transfer.activity.verb not in OF_GATHERINGS else None
        lines.append(Line(entry, words_for(transfer), post, rule, transfer.rule_version, transfer.at, entry.amount, balance))
        balance -= entry.amount
    return lines


def honour_of(member: Member) -> int:
    """How much honour the member has."""
    mine = Account.objects.filter(owner_kind=OwnerKind.MEMBER, owner_id=member.pk, currency="honour")
    return mine.values_list("balance", flat=True).first() or 0


def _posts_of(member: Member, entries: Iterable[Entry]) -> dict[int, Post]:
    told = (entry.transfer.activity for entry in entries)
    subjects = {fact.subject_id for fact in told if fact.subject_id and fact.verb in {*PAYING, *VOIDING} - OF_GATHERINGS}
    return Post.objects.visible_to(member).filter(pk__in=subjects).in_bulk() if subjects else {}


def _balance_after(entry: Entry) -> int:
    balance: int = Account.objects.values_list("balance", flat=True).get(pk=entry.account_id)
    later = Entry.objects.filter(account_id=entry.account_id, pk__gt=entry.pk).aggregate(Sum("amount"))
    return balance - (later["amount__sum"] or 0)
