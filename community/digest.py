"""The weekly digest: each member's week, in their language, once, on their Monday morning; never empty."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from community import digest_sections as _ours  # noqa: F401 - registers community's own sections
from community import weeks
from community.mail_choices import refusals_of
from community.mail_render import Envelope, as_read_by, tame_name, write_letter, zone_of
from community.mail_tokens import issue_unsubscribe_tokens
from community.mailings import composes, message_id_of, plan_mailings
from community.models import MailChoice, Mailing, MailList, Member
from community.notices import may_be_mailed
from community.punctuation import in_a_row
from community.sections import Section, Week, all_sections

KIND = MailList.DIGEST.value
UNWANTED = "Not wanted any more."
EMPTY = "Nothing happened that is worth a mail."
Tokens = Mapping[tuple[int, str], str]


@dataclass(frozen=True)
class Part:
    """One section as one member reads it."""

    section: Section
    context: dict[str, Any]

    @property
    def html(self) -> str:
        return f"mail/_{self.section.name}.html"

    @property
    def text(self) -> str:
        return f"mail/_{self.section.name}.txt"


def readers_of_week(week: Week) -> QuerySet[Member]:
    """Members who have an address of theirs, want the digest, and were here before the week was over."""
    unwanted = MailChoice.objects.filter(member=OuterRef("pk"), list=MailList.DIGEST, wanted=False)
    here = Member.objects.claimed().open().filter(email__isnull=False, verified_at__isnull=False, joined_at__lt=week.end)
    return here.exclude(email="").filter(~Exists(unwanted))


def plan_due_digests(*, at: datetime, chunk: int = 1000) -> int:
    """Everyone whose Monday morning has come has their digest on its way; nobody has two for a week. How many new."""
    zones = Member.objects.claimed().open().order_by().values_list("time_zone", flat=True).distinct()
    return sum(_plan_zone(name, at, chunk) for name in sorted(set(zones)))


def _plan_zone(zone_name: str, at: datetime, chunk: int) -> int:
    zone = zone_of(Member(time_zone=zone_name))
    week = weeks.last_due_week(zone, at=at)
    due = weeks.due_at(week, zone)
    # Who asked for the digest only after it was due gets the next one.
    asked_late = MailChoice.objects.filter(member=OuterRef("pk"), list=MailList.DIGEST, changed_at__gte=due)
    members = readers_of_week(week).filter(~Exists(asked_late), time_zone=zone_name)
    return plan_week(members=members, week_name=week.name, due_at=due, chunk=chunk)


def plan_week(*, members: QuerySet[Member], week_name: str, due_at: datetime, chunk: int = 1000) -> int:
    """Each of these members has the digest of this week on its way, unless they had it before. How many new."""
    had = Mailing.objects.filter(member=OuterRef("pk"), kind=KIND, period=week_name)
    owed = members.filter(~Exists(had)).order_by("pk").values_list("pk", flat=True)
    planned = 0
    while ids := list(owed[:chunk]):
        planned += plan_mailings(kind=KIND, period=week_name, member_ids=ids, due_at=due_at)
    return planned


@composes(KIND)
def compose_digests(rows: Sequence[Mailing], at: datetime) -> Mapping[int, EmailMultiAlternatives | str]:
    """Each row's digest from what is true now, or why there is none."""
    unwanted = {member_id for member_id, name in refusals_of({row.member_id for row in rows}) if name == KIND}
    wanted = [row for row in rows if row.member_id not in unwanted and may_be_mailed(row.member)]
    tokens = issue_unsubscribe_tokens(wanted=[(row.member_id, KIND) for row in wanted], at=at)
    letters: dict[int, EmailMultiAlternatives | str] = {row.pk: UNWANTED for row in rows}
    return letters | dict(_write_all(wanted, tokens))


def draft_digests(*, members: Iterable[Member], week_name: str) -> Iterator[tuple[Member, EmailMultiAlternatives | str]]:
    """The digests these members would get, for looking at: nothing is sent, and nothing is written."""
    rows = [
        Mailing(pk=number, kind=KIND, period=week_name, member=member, message_id=message_id_of(KIND, week_name, member.pk))
        for number, member in enumerate(members)
    ]
    letters = dict(_write_all(rows, {(row.member_id, KIND): "dry-run" for row in rows}))
    for row in rows:
        yield row.member, letters[row.pk]


def _write_all(rows: Sequence[Mailing], tokens: Tokens) -> Iterator[tuple[int, EmailMultiAlternatives | str]]:
    """Sections are prepared once for all members who live the same week."""
    same_week: dict[tuple[str, str], list[Mailing]] = defaultdict(list)
    for row in rows:
        same_week[row.period, row.member.time_zone].append(row)
    for (period, _zone), mine in same_week.items():
        week = weeks.week_named(period, zone_of(mine[0].member))
        members = [row.member for row in mine]
        prepared = [(section, section.prepare(members, week)) for section in all_sections()]
        for row in mine:
            yield row.pk, _write(row, week, prepared, tokens[row.member_id, KIND])


def _write(row: Mailing, week: Week, prepared: Sequence[tuple[Section, Any]], token: str) -> EmailMultiAlternatives | str:
    with as_read_by(row.member):
        parts = [Part(section, context) for section, loaded in prepared if (context := section.write(row.member, week, loaded))]
        if not any(part.section.personal for part in parts):
            return EMPTY
        headline = _headline(parts, row.member)
        context = {
            "parts": parts,
            "headline": headline,
            "preview": _preview(parts),
            "week_number": int(week.name[-2:]),
            "first_day": week.start,
            "last_day": weeks.last_day(week, zone_of(row.member)),
        }
        envelope = Envelope(row.member, row.message_id, MailList.DIGEST, token)
        return write_letter(template="digest", subject=headline, context=context, envelope=envelope)


def _headline(parts: Sequence[Part], reader: Member) -> str:
    """What matters most of all to this reader, with their name."""
    told = next((part.context["headline"] for part in parts if part.context.get("headline")), "")
    headline = told or _("What grew this week")
    return _("%(headline)s, %(name)s") % {
        "headline": headline,
        "name": tame_name(reader.display_name or reader.username).split(" ")[0],
    }


def _preview(parts: Sequence[Part]) -> str:
    """What the mail program shows beside the subject: what else is in it."""
    return in_a_row(part.context["preview"] for part in parts if part.context.get("preview"))
