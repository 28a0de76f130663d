"""The auditor: whether the laws of the ledger hold, in SQL of its own that shares nothing with the posting code.

It finds and says, it never repairs. What it finds stops spending until staff close it.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from rewards.models import Account, Breach, Entry, Seal, Transfer, Unsealed

log = logging.getLogger(__name__)
SHOWN_PER_LAW = 5

# Each answers one line per row that breaks the law.
LAWS = {
    "sums": """
        select format('transfer %s has %s entries in %s currencies that sum to %s', t.id, count(e.id),
            count(distinct a.currency), coalesce(sum(e.amount), 0))
        from rewards_transfer t left join rewards_entry e on e.transfer_id = t.id
            left join rewards_account a on a.id = e.account_id
        group by t.id
        having count(e.id) < 2 or count(distinct a.currency) <> 1 or sum(e.amount) <> 0 or count(a.id) <> count(e.id)
        order by t.id""",
    "orphans": """
        select format('entry %s belongs to no transfer or account', e.id) from rewards_entry e
        where not exists (select 1 from rewards_transfer t where t.id = e.transfer_id)
            or not exists (select 1 from rewards_account a where a.id = e.account_id)
        order by e.id""",
    "balances": """
        select format('account %s shows %s and its entries sum to %s', a.id, a.balance, coalesce(s.total, 0))
        from rewards_account a
        left join (select account_id, sum(amount) as total from rewards_entry group by account_id) s on s.account_id = a.id
        where a.balance <> coalesce(s.total, 0) order by a.id""",
    "zero": """
        select format('all balances of %s sum to %s', currency, sum(balance)) from rewards_account
        group by currency having sum(balance) <> 0""",
    "sides": """
        select format('account %s of a %s is at %s', id, owner_kind, balance) from rewards_account
        where (owner_kind = 'member' and balance < 0) or (owner_kind = 'debt' and balance > 0) order by id""",
    "debts": """
        select format('member %s holds %s points and owes %s', held.owner_id, held.balance, -owed.balance)
        from rewards_account held join rewards_account owed on owed.owner_id = held.owner_id
        where held.owner_kind = 'member' and held.currency = 'points' and held.balance > 0
            and owed.owner_kind = 'debt' and owed.balance < 0 order by held.owner_id""",
    "reversals": """
        select format('transfer %s does not mirror %s', t.id, t.reverses_id) from rewards_transfer t
        where t.reverses_id is not null and (
            not exists (select 1 from rewards_transfer o where o.id = t.reverses_id and o.id < t.id)
            or (select array_agg((account_id, amount) order by account_id) from rewards_entry where transfer_id = t.id)
                is distinct from
                (select array_agg((account_id, -amount) order by account_id) from rewards_entry where transfer_id = t.reverses_id)
        ) order by t.id""",
    "reversed twice": """
        select format('transfer %s was taken back %s times', reverses_id, count(*)) from rewards_transfer
        where reverses_id is not null group by reverses_id having count(*) > 1 order by reverses_id""",
    "causes": """
        select format('transfer %s (%s) has no such cause', t.id, t.reason) from rewards_transfer t
        left join community_activity f on f.id = t.activity_id
        where f.id is null
            or (t.reason = 'adopted' and f.verb <> 'status_changed')
            or (t.reason in ('shipped', 'shipped_merged') and f.verb <> 'suggestion_shipped')
            or (t.reason = 'duplicate' and f.verb <> 'suggestion_merged')
            or (t.reason = 'taken_back') <> (t.reverses_id is not null)
        order by t.id""",
    "inputs": """
        select format('transfer %s is not what its key was bound to', t.id) from rewards_transfer t
        join (
            select e.transfer_id, string_agg(format('%s:%s:%s:%s', a.owner_kind, a.owner_id, a.currency, e.amount), ','
                order by a.owner_kind collate "C", a.owner_id, a.currency collate "C") as legs
            from rewards_entry e join rewards_account a on a.id = e.account_id group by e.transfer_id
        ) l on l.transfer_id = t.id
        where t.input_hash <> encode(sha256(convert_to(concat_ws('|', t.reason, t.activity_id, t.rule_version,
            coalesce(t.reverses_id::text, ''), l.legs), 'UTF8')), 'hex')
        order by t.id""",
    "seals": """
        select format('seal %s does not fit what it seals', s.number) from (
            select seal.number, seal.previous, seal.hash, lag(seal.hash, 1, repeat('0', 64)) over chain as expected,
                row_number() over chain as position from rewards_seal seal window chain as (order by seal.number)
        ) s
        join lateral (
            select string_agg(concat_ws('|', t.id, t.key, t.input_hash, t.reason, t.activity_id, t.rule_version,
                coalesce(t.reverses_id::text, ''), (extract(epoch from t.at) * 1000000)::bigint,
                (extract(epoch from t.posted_at) * 1000000)::bigint,
                (select string_agg(e.account_id || ':' || e.amount, ',' order by e.account_id)
                    from rewards_entry e where e.transfer_id = t.id)), E'\n' order by t.id) as lines
            from rewards_transfer t
            where t.id = any ((select transfer_ids from rewards_seal one where one.number = s.number)::bigint[])
        ) sealed on true
        where s.number <> s.position or s.previous <> s.expected
            or s.hash <> encode(sha256(convert_to(s.number || E'\n' || s.previous || E'\n' || coalesce(sealed.lines, ''),
                'UTF8')), 'hex')
        order by s.number""",
    "sealed once": """
        select format('transfer %s is under %s seals and waits %s times', coalesce(t.id, c.id), coalesce(c.seals, 0),
            (w.transfer_id is not null)::int)
        from rewards_transfer t
        full join (
            select one.id, count(*) as seals from rewards_seal s, unnest(s.transfer_ids) as one (id) group by one.id
        ) c on c.id = t.id
        left join rewards_unsealed w on w.transfer_id = t.id
        where t.id is null or coalesce(c.seals, 0) + (w.transfer_id is not null)::int <> 1
        order by coalesce(t.id, c.id)""",
}
GUARDS = {
    "rewards_account": {"account_changes_by_entries", "account_is_never_truncated"},
    "rewards_transfer": {
        "transfer_has_entries",
        "transfer_is_append_only",
        "transfer_is_never_truncated",
        "transfer_is_stamped",
    },
    "rewards_entry": {"entries_keep_the_laws", "entry_is_append_only", "entry_is_never_truncated", "entry_is_stamped"},
    "rewards_seal": {"seal_is_append_only", "seal_is_never_truncated"},
    "community_activity": {"activity_is_append_only", "activity_is_never_truncated"},
}
CHECKS = {"balance_on_its_side", "normal_side_of_owner", "amount_is_not_zero", "one_leg_per_account", "one_account_per_owner"}


@dataclass(frozen=True)
class Finding:
    """A law that does not hold, and a row that breaks it."""

    law: str
    detail: str


def examine(*, heads: Path | None = None) -> list[Finding]:
    """Everything that is wrong with the ledger, in one snapshot; at most a few rows per law, the first ones.

    heads: the published heads, if they can be read here; a chain that was rewritten does not fit them.
    """
    with _one_snapshot():
        findings = [Finding(law, detail) for law, sql in LAWS.items() for (detail,) in _rows(f"{sql} limit {SHOWN_PER_LAW}")]
        return findings + _missing_guards() + _forgotten_heads(heads)


def extent() -> dict[str, int]:
    """How much there is: transfers, entries, accounts, seals and transfers that wait for one."""
    counted: dict[str, type[Any]] = {
        "transfers": Transfer,
        "entries": Entry,
        "accounts": Account,
        "seals": Seal,
        "unsealed": Unsealed,
    }
    return {name: model.objects.count() for name, model in counted.items()}


@transaction.atomic
def note_findings(findings: Sequence[Finding], *, at: datetime) -> None:
    """Each finding is an open breach, once: nothing is spent and staff see a banner until it is closed."""
    for finding in findings:
        log.error("The ledger is broken: %s: %s", finding.law, finding.detail)
    rows = [Breach(law=finding.law, detail=finding.detail[:280], found_at=at) for finding in findings]
    Breach.objects.bulk_create(rows, ignore_conflicts=True)


@contextmanager
def _one_snapshot() -> Iterator[None]:
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            _rows("set transaction isolation level repeatable read read only")
        yield


def _rows(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall()) if cursor.description else []


def _missing_guards() -> list[Finding]:
    """A guard that was switched off and forgotten, or dropped."""
    on = set(
        _rows(
            """select c.relname, g.tgname from pg_trigger g join pg_class c on c.oid = g.tgrelid
            where g.tgenabled in ('O', 'A') and not g.tgisinternal and pg_table_is_visible(c.oid)"""
        )
    )
    missing = sorted((table, name) for table, names in GUARDS.items() for name in names if (table, name) not in on)
    held = {name for (name,) in _rows("select conname from pg_constraint where convalidated")}
    return [Finding("guards", f"{table} is not guarded by {name}") for table, name in missing] + [
        Finding("guards", f"the constraint {name} is gone") for name in sorted(CHECKS - held)
    ]


def _forgotten_heads(heads: Path | None) -> list[Finding]:
    if heads is None or not heads.exists():
        return []
    kept = dict(_rows("select number, hash from rewards_seal"))
    published = [line.split() for line in heads.read_text().splitlines() if line.strip()]
    wrong = [number for number, hash, *_at in published if kept.get(int(number)) != hash]
    return [Finding("heads", f"seal {number} is not the one that was published") for number in wrong[:SHOWN_PER_LAW]]
