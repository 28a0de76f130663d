"""What the facts are worth is what the ledger says: awards are settled anew from the facts, never added up blindly."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from community.models import Activity, Member
from rewards import ledger
from rewards.eligibility import eligible_claims
from rewards.levels import hold_levels
from rewards.models import Account, Currency, Entry, OwnerKind, Transfer
from rewards.rules import BOOKS, PAYING, VOIDING, Amounts, Claim, Fact, Scope, book_of, claim_of, scope_of, settle, void_by

RULE_NAMES = sorted({name for book in BOOKS for name in book.rules})


@dataclass(frozen=True)
class Award:
    """What one claim has been paid so far, in one currency. `transfers`: those that stand; `ever`: how many there were."""

    amount: int
    transfers: list[Transfer]
    ever: int


def fact_of(activity: Activity) -> Fact:
    return Fact(activity.pk, activity.verb, activity.subject_id or 0, activity.at, activity.data)


@transaction.atomic
def settle_awards(activities: Sequence[Activity]) -> list[Transfer]:
    """Whatever these facts earn, give back or take away is on the ledger, and levels follow.

    Computed from all facts on record about the same suggestions, members and days, so it may run twice, late, or in any
    order. A daily limit's room that a voided fact took goes to the others of its day.
    """
    subjects = {activity.subject_id for activity in activities if activity.subject_id}
    touched = [claim for fact in _facts_about(subjects) if (claim := claim_of(fact))]
    # Whoever settles for a member waits for the others, and then sees what they saw and more.
    members = set(
        Member.objects.select_for_update(no_key=True)
        .filter(pk__in={claim.member for claim in touched})
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    scopes = {scope_of(claim) for claim in touched if claim.member in members}
    if not scopes:
        return []
    facts = _facts_of(scopes, subjects)
    claims = [claim for claim in map(claim_of, facts) if claim]
    void = void_by(facts)
    worth = settle([claim for claim in eligible_claims(claims) if void(claim) is None])
    newest = max(activities, key=lambda activity: (activity.at, activity.pk))
    mine = [claim for claim in claims if scope_of(claim) in scopes]
    postings = _corrections(mine, worth, void, newest)
    posted = ledger.post_transfers(postings) if postings else []
    _follow_with_levels(posted, newest.at)
    return posted


def _facts_about(subjects: Iterable[int]) -> list[Fact]:
    rows = Activity.objects.filter(subject_id__in=set(subjects), verb__in=[*PAYING, *VOIDING])
    return [fact_of(row) for row in rows]


def _facts_of(scopes: set[Scope], subjects: Iterable[int]) -> list[Fact]:
    """Every fact that bears on these scopes: what could pay the member that day, and all that is known of its subject."""
    members = sorted({member for _rule, member, _day in scopes})
    days = {day for _rule, _member, day in scopes}
    start = datetime.combine(min(days), time(), UTC)
    end = datetime.combine(max(days), time(), UTC) + timedelta(days=1)
    rivals = Activity.objects.filter(
        Q(data__author_id__in=members) | Q(data__proposed_by_id__in=members),
        verb__in=PAYING,
        at__gte=start,
        at__lt=end,
    ).values_list("subject_id", "at")
    same_days = {subject for subject, at in rivals if subject and at.astimezone(UTC).date() in days}
    return _facts_about({*subjects, *same_days})


def _corrections(
    claims: list[Claim], worth: dict[Claim, Amounts], void: Callable[[Claim], Fact | None], newest: Activity
) -> list[ledger.Posting]:
    """What must be posted so that the ledger says what the claims are worth: the difference, or all of it undone."""
    paid = _awards_of(claims)
    postings: list[ledger.Posting] = []
    for claim in claims:
        due = worth.get(claim, Amounts())
        for currency, amount in ((Currency.POINTS, due.points), (Currency.HONOUR, due.honour)):
            award = paid.get((claim.fact.id, claim.rule, claim.member, currency), Award(0, [], 0))
            if award.amount > amount:
                cause = _cause_of(claim, void, newest)
                undo = f"undo:{award.transfers[-1].key}"
                postings += ledger.reversals(award.transfers, key=undo, activity=cause, at=cause.at)
                award = Award(0, [], award.ever)
            if award.amount < amount:
                postings.append(_award(claim, currency, amount - award.amount, award.ever))
    return postings


def _award(claim: Claim, currency: str, amount: int, ever: int) -> ledger.Posting:
    return ledger.Posting(
        key=f"award:{claim.rule}:{claim.fact.id}:{claim.member}:{currency}:{ever}",
        reason=claim.rule,
        legs=ledger.grant(claim.member, currency, amount),
        activity_id=claim.fact.id,
        at=claim.fact.at,
        rule_version=book_of(claim.day).version,
    )


def _cause_of(claim: Claim, void: Callable[[Claim], Fact | None], newest: Activity) -> Activity:
    """What took the award away: the fact that voids it, else the newest one, which took its place or its room."""
    voided = void(claim)
    return Activity.objects.get(pk=voided.id) if voided else newest


def _awards_of(claims: list[Claim]) -> dict[tuple[int, str, int, str], Award]:
    """(activity, rule, member, currency) → what stands and how often it was paid."""
    entries = (
        Entry.objects.filter(
            transfer__activity_id__in={claim.fact.id for claim in claims},
            transfer__reason__in=RULE_NAMES,
            account__owner_kind=OwnerKind.MEMBER,
        )
        .select_related("account", "transfer", "transfer__reversed_by")
        .order_by("pk")
    )
    many: dict[tuple[int, str, int, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        transfer = entry.transfer
        many[transfer.activity_id, transfer.reason, entry.account.owner_id, entry.account.currency].append(entry)
    awards = {}
    for name, rows in many.items():
        standing = [row for row in rows if not hasattr(row.transfer, "reversed_by")]
        awards[name] = Award(sum(row.amount for row in standing), [row.transfer for row in standing], len(rows))
    return awards


def _follow_with_levels(posted: list[Transfer], at: datetime) -> None:
    if not posted:
        return
    accounts = Account.objects.filter(
        entries__transfer__in=[transfer.pk for transfer in posted], owner_kind=OwnerKind.MEMBER, currency=Currency.HONOUR
    )
    honour = dict(accounts.values_list("owner_id", "balance"))
    hold_levels(honour, at=at, cause=f"transfer:{max(transfer.pk for transfer in posted)}")
