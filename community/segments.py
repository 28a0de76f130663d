"""Segments are arranged, and who belongs to them is kept true.

Reading asks one narrow table, so everything here is about writing it: for everybody at once (`rebuild_segment`), or for
the few members something happened to (`refresh_members`). Both lock the segments, ascending, before they look.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from community.activity import record
from community.models import Member, Segment, SegmentMember
from community.privileges import Privilege, require
from community.refusals import Invalid
from community.segment_rules import Rule, RuleFault, read_rule
from community.segment_sql import matching
from community.verbs import SegmentArranged, Verb

ENTER = """
    INSERT INTO community_segmentmember (segment_id, member_id)
    SELECT %s, wanted.id FROM ({}) AS wanted
    ON CONFLICT DO NOTHING
"""


@transaction.atomic
def arrange_segment(
    *,
    segment: Segment,
    rule: Mapping[str, Any],
    by: Member,
    at: datetime,
    added: Iterable[Member] | None = None,
    excluded: Iterable[Member] | None = None,
) -> Segment:
    """The segment means who this rule and these hands say, from now on.

    Raises Invalid for a rule that cannot be read.
    """
    require(by, Privilege.CONFIGURE)
    if segment.pk and hasattr(segment, "group"):
        raise Invalid(_("This segment belongs to a tester group. Who is in it is decided there."))
    segment.rule = checked(rule).as_data()
    segment.save()
    if added is not None:
        segment.added.set(added)
    if excluded is not None:
        segment.excluded.set(excluded)
    size = rebuild_segment(segment=segment, at=at)
    record(
        Verb.SEGMENT_ARRANGED,
        key=f"segment_arranged:{segment.pk}:{at.isoformat()}",
        actor=by,
        subject=segment.pk,
        data=SegmentArranged(rule=segment.rule, members=size),
        at=at,
    )
    return segment


def checked(data: Mapping[str, Any]) -> Rule:
    """The rule these data say, or Invalid names the condition that makes no sense."""
    try:
        return read_rule(data)
    except RuleFault as fault:
        sentence = _("This condition cannot be read.")
        raise Invalid(_("The rule cannot be read: %(name)s.") % {"name": fault.name}, fields={fault.name: sentence}) from fault


def count_of(
    rule: Mapping[str, Any], *, at: datetime, added: Iterable[int] = (), excluded: Iterable[int] = ()
) -> tuple[int, int]:
    """How many members a rule means, and how many there are with the hands' word: counted, nobody is written down."""
    found = matching(checked(rule), at=at)
    by_hand = Member.objects.open().filter(pk__in=list(added))
    every = Member.objects.filter(Q(pk__in=found.values("pk")) | Q(pk__in=by_hand.values("pk"))).exclude(pk__in=list(excluded))
    return found.count(), every.count()


def wanted_members(segment: Segment, *, at: datetime, among: Iterable[int] | None = None) -> QuerySet[Member]:
    """Who belongs now; the hands go before the rule, and leaving out before adding."""
    found = matching(read_rule(segment.rule), at=at, among=among)
    by_hand = Segment.added.through.objects.filter(segment_id=segment.pk)
    left_out = Segment.excluded.through.objects.filter(segment_id=segment.pk)
    people = Member.objects.open().filter(Q(pk__in=found.values("pk")) | Q(pk__in=by_hand.values("member_id")))
    if among is not None:
        people = people.filter(pk__in=list(among))
    return people.exclude(pk__in=left_out.values("member_id"))


@transaction.atomic
def rebuild_segment(*, segment: Segment, at: datetime) -> int:
    """Exactly those who belong are written down, whatever was there; how many they are. Two statements, any size."""
    Segment.objects.select_for_update(no_key=True).get(pk=segment.pk)
    wanted = wanted_members(segment, at=at)
    _settle(segment, wanted, SegmentMember.objects.filter(segment=segment))
    segment.rebuilt_at = at
    segment.save(update_fields=["rebuilt_at"])
    return SegmentMember.objects.filter(segment=segment).count()


def rebuild_segments(*, at: datetime, drifting: bool = False) -> int:
    """All segments are true again, each by itself; how many. drifting: only those that time alone may change."""
    rows = [segment for segment in Segment.objects.order_by("pk") if not drifting or read_rule(segment.rule).drifts]
    for segment in rows:
        rebuild_segment(segment=segment, at=at)
    return len(rows)


@transaction.atomic
def refresh_members(*, member_ids: Iterable[int], at: datetime, touched: Iterable[str] = ()) -> int:
    """These members are in exactly the segments they belong to.

    touched: names of conditions that may have changed; segments that ask for none of them are left alone. None named:
    all segments are looked at. How many segments were.
    """
    ids, names = sorted(set(member_ids)), set(touched)
    concerned = [
        pk for pk, rule in Segment.objects.order_by("pk").values_list("pk", "rule") if not names or names & rule.keys()
    ]
    if not ids or not concerned:
        return 0
    for segment in Segment.objects.select_for_update(no_key=True).filter(pk__in=concerned).order_by("pk"):
        kept = SegmentMember.objects.filter(segment=segment, member__in=ids)
        _settle(segment, wanted_members(segment, at=at, among=ids), kept)
    return len(concerned)


def _settle(segment: Segment, wanted: QuerySet[Member], kept: QuerySet[SegmentMember]) -> None:
    kept.exclude(member__in=wanted.values("pk")).delete()
    select, values = wanted.order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(ENTER.format(select), [segment.pk, *values])
