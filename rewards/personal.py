"""What rewards holds of a person: entries under a number, which stay so that every sum stays."""

from community.accounts.registry import Rows, exports, keeps
from community.models import Member
from rewards.models import Account, Breach, Entry


@exports("points", Account, Entry)
def points_of(member: Member) -> Rows:
    """What came and went, why and when."""
    entries = Entry.objects.filter(account__in=Account.objects.of_member(member.pk)).order_by("pk")
    names = ("account__currency", "amount", "transfer__reason", "transfer__at", "transfer__activity__subject_id")
    rows: Rows = entries.values(*names).iterator(500)
    return rows


keeps(Breach, "who looked into a breach is part of the record")
