"""Members say which mails they want; no word means yes."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from community.models import MailChoice, MailList, Member


def refusals_of(member_ids: Iterable[int]) -> set[tuple[int, str]]:
    """The pairs of member and list that are not wanted."""
    unwanted = MailChoice.objects.filter(member__in=list(member_ids), wanted=False)
    return set(unwanted.values_list("member_id", "list"))


def lists_wanted_by(member: Member) -> set[str]:
    """The lists whose mails the member gets."""
    return set(MailList.values) - {name for _, name in refusals_of([member.pk])}


@transaction.atomic
def choose_lists(*, member: Member, wanted: Collection[str], at: datetime) -> None:
    """The member gets the mails of these lists and of no others; what they had said already keeps its date."""
    before = lists_wanted_by(member)
    for name in MailList.values:
        if (name in before) != (name in wanted):
            _choose(member, name, name in wanted, at)


@transaction.atomic
def stop_list(*, member: Member, name: str, at: datetime) -> None:
    """No mail of this list goes to the member from now on, not even one that waits already."""
    _choose(member, name, False, at)


@transaction.atomic
def resume_list(*, member: Member, name: str, at: datetime) -> None:
    """The member gets the mails of this list again."""
    _choose(member, name, True, at)


def _choose(member: Member, name: str, wanted: bool, at: datetime) -> None:
    MailChoice.objects.update_or_create(member=member, list=MailList(name), defaults={"wanted": wanted, "changed_at": at})
