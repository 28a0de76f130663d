"""Points and honour move by transfers; every posting goes through here and asking twice pays once."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from community.models import Activity, Member
from community.refusals import Conflict, Invalid
from rewards.models import Account, Breach, Currency, Entry, OwnerKind, Transfer

# Every transfer touches a mint, so one mint would make all posters wait for each other.
MINTS = 64
ADVANCE, REPAYMENT, REVERSAL, SPENT = "debt_noted", "debt_paid", "taken_back", "spent"


@dataclass(frozen=True, order=True)
class Pot:
    """Names an account before it is opened."""

    owner_kind: str
    owner_id: int
    currency: str


@dataclass(frozen=True)
class Posting:
    """A transfer that is asked for. `legs`: pot → signed amount; they sum to zero in one currency."""

    key: str
    reason: str
    legs: Mapping[Pot, int]
    activity_id: int
    at: datetime
    rule_version: int
    reverses_id: int | None = None

    @property
    def input_hash(self) -> str:
        """SHA-256 of what is asked, without the moment: who asks again asks later."""
        legs = ",".join(f"{pot.owner_kind}:{pot.owner_id}:{pot.currency}:{self.legs[pot]}" for pot in sorted(self.legs))
        words = [self.reason, str(self.activity_id), str(self.rule_version), str(self.reverses_id or ""), legs]
        return hashlib.sha256("|".join(words).encode()).hexdigest()


Move = tuple[Transfer, Mapping[Pot, int]]


class KeyReused(Conflict):
    """The key stands for another transfer."""

    code = "key-reused"


class AlreadyReversed(Conflict):
    """The transfer was undone before."""

    code = "already-reversed"


class NotEnough(Conflict):
    """The account does not hold that much."""

    code = "not-enough-points"


class SpendingStopped(Conflict):
    """The auditor found a breach; nothing is spent until it is closed."""

    code = "spending-stopped"


def of_member(member_id: int, currency: str) -> Pot:
    return Pot(OwnerKind.MEMBER, member_id, currency)


def mint_for(member_id: int, currency: str) -> Pot:
    """The mint that pays this member, and takes back what the member spends."""
    return Pot(OwnerKind.MINT, member_id % MINTS, currency)


def grant(member_id: int, currency: str, amount: int) -> dict[Pot, int]:
    """The legs that give a member so much of a currency, fresh from the mint."""
    return {of_member(member_id, currency): amount, mint_for(member_id, currency): -amount}


def post_transfer(
    *, key: str, reason: str, entries: Mapping[Pot, int], activity: Activity, at: datetime, rule_version: int
) -> Transfer:
    """The transfer is on the ledger exactly once, and what a member owes is paid from what it brings.

    The same key with the same input answers the same transfer; with other input it raises KeyReused.
    """
    return post_transfers([Posting(key, reason, entries, activity.pk, at, rule_version)])[0]


def post_transfers(postings: Sequence[Posting]) -> list[Transfer]:
    """All of these are on the ledger exactly once, or none; a handful of statements whatever their number.

    Answers in the order of the postings. Raises KeyReused, AlreadyReversed, NotEnough, Invalid.
    """
    for posting in postings:
        _check(posting)
    try:
        return _post(postings)
    except IntegrityError as fault:
        if "balance_on_its_side" in str(fault):
            raise NotEnough(_("There are not enough points for this.")) from fault
        raise


def reverse_transfer(*, transfer: Transfer, key: str, activity: Activity, at: datetime) -> Transfer:
    """The transfer is undone by its exact mirror; points that were spent already become a debt.

    Raises AlreadyReversed where another key did it before.
    """
    return post_transfers(reversals([transfer], key=key, activity=activity, at=at))[0]


def reversals(transfers: Sequence[Transfer], *, key: str, activity: Activity, at: datetime) -> list[Posting]:
    """The postings that undo these transfers; the key names one alone, and several by a suffix each."""
    if any(transfer.reason in (ADVANCE, REPAYMENT) for transfer in transfers):
        raise Invalid(_("A debt is settled by what comes in, not by hand."))
    legs: dict[int, dict[Pot, int]] = {transfer.pk: {} for transfer in transfers}
    for entry in Entry.objects.filter(transfer__in=legs).select_related("account"):
        account = entry.account
        legs[entry.transfer_id][Pot(account.owner_kind, account.owner_id, account.currency)] = -entry.amount
    keys = [key if len(transfers) == 1 else f"{key}:{transfer.pk}" for transfer in transfers]
    return [
        Posting(name, REVERSAL, legs[one.pk], activity.pk, at, one.rule_version, reverses_id=one.pk)
        for name, one in zip(keys, transfers, strict=True)
    ]


def spend(*, member: Member, amount: int, key: str, activity: Activity, at: datetime, rule_version: int = 0) -> Transfer:
    """The points are spent. Raises NotEnough, or SpendingStopped while the auditor's word stands against it."""
    if amount <= 0:
        raise Invalid(_("A whole number of points above zero can be spent."))
    if Breach.objects.open().exists():
        raise SpendingStopped(_("Points cannot be spent right now: the books are being checked. Nothing is lost."))
    legs = grant(member.pk, Currency.POINTS, -amount)
    return post_transfer(key=key, reason=SPENT, entries=legs, activity=activity, at=at, rule_version=rule_version)


def balances_of(member_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """What each member holds and owes: points, honour and debt, zero where there is no account yet."""
    held = {member_id: {"points": 0, "honour": 0, "debt": 0} for member_id in member_ids}
    accounts = Account.objects.filter(owner_kind__in=[OwnerKind.MEMBER, OwnerKind.DEBT], owner_id__in=held)
    for account in accounts:
        name = "debt" if account.owner_kind == OwnerKind.DEBT else account.currency
        held[account.owner_id][name] = abs(account.balance)
    return held


def _check(posting: Posting) -> None:
    if not 1 <= len(posting.key) <= 255 or "\0" in posting.key:
        raise Invalid(_("A key has 1 to 255 characters."))
    whole = all(type(amount) is int and amount for amount in posting.legs.values())
    if (
        not whole
        or len(posting.legs) < 2
        or sum(posting.legs.values()) != 0
        or len({pot.currency for pot in posting.legs}) != 1
    ):
        raise Invalid(_("A transfer moves whole amounts of one currency, and what it takes it gives."))


@transaction.atomic
def _post(postings: Sequence[Posting]) -> list[Transfer]:
    wanted: dict[str, Posting] = {}
    for posting in postings:
        if wanted.setdefault(posting.key, posting).input_hash != posting.input_hash:
            raise KeyReused(_("This key stands for another transfer."))
    with connection.cursor() as cursor:
        found = _insert_transfers(cursor, list(wanted.values()))
        fresh = {key: transfer for key, transfer in found.items() if key in wanted}
        found |= _known(wanted.keys() - fresh.keys(), wanted)
        if fresh:
            # Entries are numbered as things happened, so that a statement reads that way.
            order = sorted(fresh, key=lambda key: (wanted[key].at, key))
            _insert_entries(cursor, [(fresh[key], wanted[key].legs) for key in order])
    return [found[posting.key] for posting in postings]


def _insert_transfers(cursor: CursorWrapper, postings: Sequence[Posting]) -> dict[str, Transfer]:
    """Those whose key is new. In the order of their keys, so that two posters of the same never wait in a circle."""
    rows = sorted(postings, key=lambda posting: posting.key)
    cursor.execute(
        """insert into rewards_transfer (key, input_hash, reason, activity_id, rule_version, reverses_id, at)
        select * from unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::int[], %s::bigint[], %s::timestamptz[])
        on conflict do nothing returning key, id, posted_at, xact""",
        [
            [row.key for row in rows],
            [row.input_hash for row in rows],
            [row.reason for row in rows],
            [row.activity_id for row in rows],
            [row.rule_version for row in rows],
            [row.reverses_id for row in rows],
            [row.at for row in rows],
        ],
    )
    by_key = {row.key: row for row in rows}
    return {key: _transfer(by_key[key], pk, posted_at, xact) for key, pk, posted_at, xact in cursor.fetchall()}


def _transfer(posting: Posting, pk: int, posted_at: datetime, xact: int) -> Transfer:
    return Transfer(
        pk=pk,
        key=posting.key,
        input_hash=posting.input_hash,
        reason=posting.reason,
        activity_id=posting.activity_id,
        rule_version=posting.rule_version,
        reverses_id=posting.reverses_id,
        at=posting.at,
        posted_at=posted_at,
        xact=xact,
    )


def _known(keys: Iterable[str], wanted: Mapping[str, Posting]) -> dict[str, Transfer]:
    """The transfers that were on the ledger under these keys, each bound to the same input."""
    missing = set(keys)
    known = {row.key: row for row in Transfer.objects.filter(key__in=missing)} if missing else {}
    for key in missing:
        if key not in known:
            raise AlreadyReversed(_("This was taken back before."))
        if known[key].input_hash != wanted[key].input_hash:
            raise KeyReused(_("This key stands for another transfer."))
    return known


def _insert_entries(cursor: CursorWrapper, moves: list[Move]) -> None:
    """The entries of all transfers, and of those that settle debts, arrive in one statement."""
    held = _open_accounts(cursor, {pot for _transfer, legs in moves for pot in legs})
    changes = _settlements(held, moves)
    if new_debtors := {Pot(OwnerKind.DEBT, member, Currency.POINTS) for member in changes} - held.keys():
        held |= _open_accounts(cursor, new_debtors)
    if changes:
        settling = [_settle(member, change, moves) for member, change in changes.items()]
        made = _insert_transfers(cursor, settling)
        settled = [(made[posting.key], posting.legs) for posting in settling]
        # A debt is noted before the points go and paid after they came, so that no line shows less than nothing.
        moves = [move for move in settled if move[0].reason == ADVANCE] + moves
        moves += [move for move in settled if move[0].reason == REPAYMENT]
    legs = [(transfer.pk, held[pot][0], amount) for transfer, legs in moves for pot, amount in legs.items()]
    cursor.execute(
        """insert into rewards_entry (transfer_id, account_id, amount)
        select * from unnest(%s::bigint[], %s::bigint[], %s::bigint[])""",
        [list(column) for column in zip(*legs, strict=True)],
    )


def _settlements(held: Mapping[Pot, tuple[int, int]], moves: list[Move]) -> dict[int, int]:
    """Member → what must move from their debt to their points (or, negative, back) so that one of the two is zero."""
    changes: dict[int, int] = {}
    taken: dict[int, int] = defaultdict(int)
    after = {pot.owner_id: balance for pot, (_pk, balance) in held.items() if _is_spendable(pot)}
    for transfer, legs in moves:
        for pot, amount in legs.items():
            if _is_spendable(pot):
                after[pot.owner_id] += amount
                taken[pot.owner_id] -= min(amount, 0) if transfer.reverses_id else 0
    for member, balance in sorted(after.items()):
        owed = -held.get(Pot(OwnerKind.DEBT, member, Currency.POINTS), (0, 0))[1]
        # A spend that is not covered may not hide behind a reversal: the debt grows by no more than was taken back.
        change = min(-balance, taken[member]) if balance < 0 else -min(balance, owed)
        if change:
            changes[member] = change
    return changes


def _settle(member: int, change: int, moves: list[Move]) -> Posting:
    points = of_member(member, Currency.POINTS)
    last = [transfer for transfer, legs in moves if points in legs][-1]
    return Posting(
        key=f"debt:{member}:{last.pk}",
        reason=ADVANCE if change > 0 else REPAYMENT,
        legs={points: change, Pot(OwnerKind.DEBT, member, Currency.POINTS): -change},
        activity_id=last.activity_id,
        at=last.at,
        rule_version=last.rule_version,
    )


def _is_spendable(pot: Pot) -> bool:
    return pot.owner_kind == OwnerKind.MEMBER and pot.currency == Currency.POINTS


def _open_accounts(cursor: CursorWrapper, pots: set[Pot]) -> dict[Pot, tuple[int, int]]:
    """Every pot's account exists and is locked until the transaction ends: pot → id and balance."""
    rows = sorted(pots)
    cursor.execute(
        "select * from rewards_open_accounts(%s::text[], %s::bigint[], %s::text[])",
        [[pot.owner_kind for pot in rows], [pot.owner_id for pot in rows], [pot.currency for pot in rows]],
    )
    return {Pot(kind, owner, currency): (pk, balance) for pk, kind, owner, currency, balance in cursor.fetchall()}
