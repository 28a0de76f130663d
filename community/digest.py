"""The weekly digest: each member's week, in their language, once, on their Monday morning; never empty."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from community import digest_sections as _ours  # noqa: F401 - registers community's own sections
from community import spread, weeks
from community.mail_render import Envelope, as_read_by, tame_name, write_letter, zone_of
from community.mail_tokens import Ways, issue_ways, ways_for_looking
from community.mailings import composes, message_id_of, plan_mailings
from community.models import MailChoice, Mailing, MailList, Member, Notice
from community.news import bundles_of, headline_of
from community.notices import may_be_mailed
from community.punctuation import in_a_row
from community.sections import Section, Week, all_sections
from community.waiting import Waiting

KIND = MailList.DIGEST.value
UNWANTED = "Not wanted any more."
EMPTY = "Nothing happened that is worth a mail."
# What members gather for the week; it leads only where nothing else does.
GATHERED = Section("gathered", order=55, prepare=lambda members, week: None, write=lambda *_: None, personal=True)


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
    return plan_week(members=members, week_name=week.name, due_at=due, chunk=chunk, morning=spread.width_of_morning())


def plan_week(
    *, members: QuerySet[Member], week_name: str, due_at: datetime, chunk: int = 1000, morning: timedelta = timedelta()
) -> int:
    """Each of these members has the digest of this week on its way, unless they had it before. How many new.

    morning: how long the sending is spread, each member at their own place in it.
    """
    had = Mailing.objects.filter(member=OuterRef("pk"), kind=KIND, period=week_name)
    owed = members.filter(~Exists(had)).order_by("pk").values_list("pk", flat=True)
    planned = 0
    while ids := list(owed[:chunk]):
        planned += plan_mailings(kind=KIND, period=week_name, member_ids=ids, due_at=due_at, morning=morning)
    return planned


@composes(KIND)
def compose_digests(rows: Sequence[Mailing], at: datetime) -> Mapping[int, EmailMultiAlternatives | str]:
    """Each row's digest from what is true now, with what was gathered for the week; or why there is none.

    Who wants no roadmap but some list once a week gets that alone: it is one mail a week, whatever is in it.
    """
    waiting = Waiting(rows)
    gathered = {row.pk: waiting.of(row) for row in rows}
    on = {row.pk for row in rows if not waiting.wishes.refuses(row.member_id, KIND)}
    wanted = [row for row in rows if may_be_mailed(row.member) and (row.pk in on or gathered[row.pk])]
    lists = {row.pk: MailList.DIGEST if row.pk in on else MailList(gathered[row.pk][0].list) for row in wanted}
    ways = issue_ways(wanted=[(row.member_id, lists[row.pk]) for row in wanted], at=at)
    letters: dict[int, EmailMultiAlternatives | str] = {row.pk: UNWANTED for row in rows}
    prepared = _prepared([row for row in wanted if row.pk in on])
    for row in wanted:
        with as_read_by(row.member):
            parts = _parts(row, *prepared[_life(row)]) if row.pk in on else []
            parts += _gathered_part(row, waiting, gathered[row.pk])
            letters[row.pk] = _write(row, sorted(parts, key=lambda part: part.section.order), lists[row.pk], ways)
    return letters


def draft_digests(*, members: Iterable[Member], week_name: str) -> Iterator[tuple[Member, EmailMultiAlternatives | str]]:
    """The digests these members would get, for looking at: nothing is sent, and nothing is written."""
    rows = [
        Mailing(pk=number, kind=KIND, period=week_name, member=member, message_id=message_id_of(KIND, week_name, member.pk))
        for number, member in enumerate(members)
    ]
    prepared = _prepared(rows)
    for row in rows:
        with as_read_by(row.member):
            ways = ways_for_looking(row.member_id, KIND)
            yield row.member, _write(row, _parts(row, *prepared[_life(row)]), MailList.DIGEST, ways)


def _life(row: Mailing) -> tuple[str, str]:
    return row.period, row.member.time_zone


Prepared = tuple[Week, Sequence[tuple[Section, Any]]]


def _prepared(rows: Sequence[Mailing]) -> dict[tuple[str, str], Prepared]:
    """Sections are prepared once for all members who live the same week."""
    same_week: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for row in rows:
        same_week[_life(row)].append(row.member)
    found: dict[tuple[str, str], Prepared] = {}
    for life, members in same_week.items():
        week = weeks.week_named(life[0], zone_of(members[0]))
        found[life] = week, [(section, section.prepare(members, week)) for section in all_sections()]
    return found


def _parts(row: Mailing, week: Week, prepared: Sequence[tuple[Section, Any]]) -> list[Part]:
    return [Part(section, context) for section, loaded in prepared if (context := section.write(row.member, week, loaded))]


def _gathered_part(row: Mailing, waiting: Waiting, notices: Sequence[Notice]) -> list[Part]:
    said = waiting.in_words(notices)
    if not said:
        return []
    return [Part(GATHERED, {"bundles": bundles_of(said), "headline": headline_of([wording for _n, wording in said])})]


def _write(row: Mailing, parts: Sequence[Part], mail_list: MailList, ways: Ways) -> EmailMultiAlternatives | str:
    if not any(part.section.personal for part in parts):
        return EMPTY
    zone, headline = zone_of(row.member), _headline(parts, row.member)
    week = weeks.week_named(row.period, zone)
    context = {
        "parts": parts,
        "headline": headline,
        "preview": _preview(parts),
        "week_number": int(week.name[-2:]),
        "first_day": week.start,
        "last_day": weeks.last_day(week, zone),
    }
    return write_letter(
        template="digest", subject=headline, context=context, envelope=Envelope(row.member, row.message_id, mail_list, ways)
    )


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
