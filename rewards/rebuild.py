"""Everything anybody has, computed from the facts alone, to be laid beside what the ledger says."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, Sum

from community.models import Activity, Member
from rewards.awards import fact_of
from rewards.eligibility import eligible_claims
from rewards.ledger import SPENT
from rewards.levels import level_of
from rewards.models import Account, Currency, Entry, OwnerKind
from rewards.rules import PAYING, VOIDING, claim_of, settle, void_by


@dataclass(frozen=True)
class Holding:
    """What one member has: whole points, honour, debt, and the level their honour reaches."""

    points: int = 0
    honour: int = 0
    debt: int = 0
    level: int = 0


def rebuilt_holdings() -> dict[int, Holding]:
    """Member → what the facts on record are worth, less what the member spent; nothing of the awards is read."""
    facts = [fact_of(row) for row in Activity.objects.filter(verb__in=[*PAYING, *VOIDING]).iterator(chunk_size=5000)]
    void = void_by(facts)
    claims = [claim for fact in facts if (claim := claim_of(fact)) and void(claim) is None]
    points: dict[int, int] = defaultdict(int, _spent())
    honour: dict[int, int] = defaultdict(int)
    for claim, worth in settle(eligible_claims(claims)).items():
        points[claim.member] += worth.points
        honour[claim.member] += worth.honour
    members = {member for member in points.keys() | honour.keys() if points[member] or honour[member]}
    return {
        member: Holding(max(points[member], 0), honour[member], max(-points[member], 0), level_of(honour[member]).number)
        for member in members
    }


def held_holdings() -> dict[int, Holding]:
    """Member → what the ledger and the member's row say."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: {"points": 0, "honour": 0, "debt": 0})
    for account in Account.objects.exclude(owner_kind=OwnerKind.MINT).exclude(balance=0):
        name = "debt" if account.owner_kind == OwnerKind.DEBT else account.currency
        found[account.owner_id][name] = abs(account.balance)
    levels = dict(Member.objects.exclude(level=0).values_list("pk", "level"))
    return {member: Holding(**found[member], level=levels.get(member, 0)) for member in found.keys() | levels.keys()}


def differences() -> Iterator[str]:
    """One sentence for each member whose points, debt, honour or level are not what the facts are worth."""
    due, held = rebuilt_holdings(), held_holdings()
    for member in sorted(due.keys() | held.keys()):
        if due.get(member, Holding()) != held.get(member, Holding()):
            yield f"member {member} has {held.get(member, Holding())} and the facts give {due.get(member, Holding())}"


def _spent() -> dict[int, int]:
    """Member → what they spent and were not refunded, negative; spending is their own act and follows from no fact."""
    spent = Q(transfer__reason=SPENT) | Q(transfer__reverses__reason=SPENT) | Q(transfer__reverses__reverses__reason=SPENT)
    rows = Entry.objects.filter(spent, account__owner_kind=OwnerKind.MEMBER, account__currency=Currency.POINTS)
    return dict(rows.values_list("account__owner_id").annotate(Sum("amount")).order_by())
