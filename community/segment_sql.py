"""What a segment's rule means in the database: `community.segment_rules.belongs`, for everybody at once."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Count, Q, QuerySet

from community.models import Activity, GroupMembership, Member, MemberDay, Post, PostState
from community.segment_rules import Rule, first_day
from community.verbs import Verb

Among = Iterable[int] | None
# An empty Q would be dropped from an "any".
EVERYBODY = Q(pk__isnull=False)


def matching(rule: Rule, *, at: datetime, among: Among = None) -> QuerySet[Member]:
    """Fans with an open account whom the rule means. `among`: only these are looked at.

    Staff are not meant by any rule: they see everything anyway, and a count of fans should count fans.
    """
    people = Member.objects.open().claimed().filter(is_staff=False)
    if among is not None:
        among = list(among)
        people = people.filter(pk__in=among)
    asked = [CONDITIONS[name](value, at, among) for name, value in rule.conditions.items()]
    if not asked:
        return people.none()
    return people.filter(reduce(and_ if rule.match == "all" else or_, asked))


def _zones(zones: Any, _at: datetime, _among: Among) -> Q:
    return reduce(or_, [Q(time_zone=zone) | Q(time_zone__startswith=f"{zone}/") for zone in zones])


def _devices(words: Any, _at: datetime, _among: Among) -> Q:
    return reduce(or_, [Q(device__icontains=word) for word in words])


def _groups(slugs: Any, _at: datetime, _among: Among) -> Q:
    inside = GroupMembership.objects.inside().filter(group__slug__in=slugs)
    return Q(pk__in=inside.values("member_id"))


def _active(days: Any, at: datetime, among: Among) -> Q:
    here = MemberDay.objects.filter(day__gte=first_day(days, at=at))
    return Q(pk__in=_only(here, "member_id", among).values("member_id"))


def _posts(least: Any, _at: datetime, among: Among) -> Q:
    if not least:
        return EVERYBODY
    posts = _only(Post.objects.filter(state=PostState.VISIBLE), "author_id", among)
    counted = posts.order_by().values("author_id").annotate(number=Count("pk")).filter(number__gte=least)
    return Q(pk__in=counted.values("author_id"))


def _votes(least: Any, _at: datetime, among: Among) -> Q:
    """Suggestions a member has voted for, by the record: votes themselves belong to a higher app."""
    if not least:
        return EVERYBODY
    votes = _only(Activity.objects.filter(verb=Verb.VOTE_CAST), "actor_id", among)
    counted = votes.order_by().values("actor_id").annotate(number=Count("subject_id", distinct=True))
    return Q(pk__in=counted.filter(number__gte=least).values("actor_id"))


def _only(rows: Any, name: str, among: Among) -> Any:
    return rows if among is None else rows.filter(**{f"{name}__in": among})


CONDITIONS: dict[str, Callable[[Any, datetime, Among], Q]] = {
    "level": lambda least, at, among: Q(level__gte=least),
    "trust": lambda least, at, among: Q(trust__gte=least),
    "languages": lambda names, at, among: Q(language__in=names),
    "zones": _zones,
    "personas": lambda slugs, at, among: Q(persona__slug__in=slugs),
    "devices": _devices,
    "groups": _groups,
    "active_days": _active,
    "posts": _posts,
    "votes": _votes,
    "member_for": lambda days, at, among: Q(joined_at__lte=at - timedelta(days=days)),
    "joined_before": lambda day, at, among: Q(joined_at__lt=datetime.combine(day, time.min, tzinfo=UTC)),
}
