"""Members say what they want to hear, where and how often; no word means the list's default."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from community.models import MailChoice, MailList, Member, Pace


@dataclass(frozen=True)
class Wish:
    """How often a list is mailed, and whether its news stand on the page."""

    pace: Pace
    on_page: bool = True


# What concerns one's own comes at once, gathered by thread; what is merely new can wait for the morning.
DEFAULTS = {
    MailList.DIGEST: Wish(Pace.WEEKLY, on_page=False),
    MailList.STATUS: Wish(Pace.NOW),
    MailList.COMMENTS: Wish(Pace.NOW),
    MailList.MENTIONS: Wish(Pace.NOW),
    MailList.POSTS: Wish(Pace.DAILY),
    MailList.GATHERINGS: Wish(Pace.NOW),
    MailList.CARE: Wish(Pace.NOW),
    MailList.REACTIONS: Wish(Pace.NEVER),
}
# The roadmap is a mail and no news; what a moderator decided about something of yours is always told on the page.
ALWAYS_ON_PAGE = {MailList.DIGEST: False, MailList.CARE: True}


def paces_of(name: str) -> list[Pace]:
    """How often this list can be mailed."""
    return [Pace.WEEKLY, Pace.NEVER] if name == MailList.DIGEST else list(Pace)


class Wishes:
    """What many members want, in one query."""

    def __init__(self, member_ids: Iterable[int]) -> None:
        rows = MailChoice.objects.filter(member__in=set(member_ids))
        self.said = {(row.member_id, row.list): _wish_of(row) for row in rows}

    def of(self, member_id: int, name: str) -> Wish:
        """The member's own word, or the list's default."""
        return self.said.get((member_id, name)) or DEFAULTS[MailList(name)]

    def refuses(self, member_id: int, name: str) -> bool:
        """The member wants no mail of this list at all."""
        return self.of(member_id, name).pace == Pace.NEVER


def _wish_of(row: MailChoice) -> Wish:
    name = MailList(row.list)
    on_page = ALWAYS_ON_PAGE.get(name, row.on_page)
    return Wish(_pace_when_on(name, row.pace) if row.wanted else Pace.NEVER, on_page)


def _pace_when_on(name: MailList, pace: str) -> Pace:
    """The pace said before, or the default's; a list that is off by default comes once a day when it is asked for."""
    usual = DEFAULTS[name].pace
    return Pace(pace) if pace else (Pace.DAILY if usual == Pace.NEVER else usual)


def wishes_of(member: Member) -> dict[MailList, Wish]:
    """Everything the member wants, list by list."""
    wishes = Wishes([member.pk])
    return {name: wishes.of(member.pk, name) for name in MailList}


def lists_wanted_by(member: Member) -> set[str]:
    """The lists whose mails the member gets, however often."""
    return {name.value for name, wish in wishes_of(member).items() if wish.pace != Pace.NEVER}


@transaction.atomic
def choose_wishes(*, member: Member, wishes: Mapping[str, Wish], at: datetime) -> None:
    """The member hears of these lists like this; what they had said already keeps its date."""
    before = wishes_of(member)
    for name, wish in wishes.items():
        listed = MailList(name)
        fit = wish.pace if wish.pace in paces_of(listed) else before[listed].pace
        new = Wish(fit, ALWAYS_ON_PAGE.get(listed, wish.on_page))
        if new != before[listed]:
            _keep(member, listed, new, at)


@transaction.atomic
def stop_list(*, member: Member, name: str, at: datetime) -> None:
    """No mail of this list goes to the member from now on, not even one that waits already."""
    _switch(member, MailList(name), False, at)


@transaction.atomic
def stop_all_lists(*, member: Member, at: datetime) -> None:
    """No mail of any list goes to the member from now on; what stands on the page stays as it was."""
    for name in MailList:
        _switch(member, name, False, at)


@transaction.atomic
def resume_list(*, member: Member, name: str, at: datetime) -> None:
    """The member gets the mails of this list again, as often as before."""
    _switch(member, MailList(name), True, at)


def _switch(member: Member, name: MailList, wanted: bool, at: datetime) -> None:
    MailChoice.objects.update_or_create(
        member=member,
        list=name,
        defaults={"wanted": wanted, "changed_at": at},
        create_defaults={"wanted": wanted, "changed_at": at, "on_page": DEFAULTS[name].on_page},
    )


def _keep(member: Member, name: MailList, wish: Wish, at: datetime) -> None:
    said = {"wanted": wish.pace != Pace.NEVER, "on_page": wish.on_page, "changed_at": at}
    # Never is a switch, not a pace: the pace stays for the day it is switched on again.
    said |= {} if wish.pace == Pace.NEVER else {"pace": wish.pace}
    MailChoice.objects.update_or_create(member=member, list=name, defaults=said)
