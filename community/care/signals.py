"""Signs for moderators that a newcomer may be somebody who was sent away: the same network and device this week."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from community.models import Member, Trace

Kin = dict[int, list[Member]]


def kin_of(member_ids: Collection[int], *, at: datetime) -> Kin:
    """For each member, those limited or suspended now whose acts came from the same network and device; two queries.

    Traces are hashes under a salt that changes each week and are gone after 14 days: this is a hint, and no proof.
    """
    found: Kin = defaultdict(list)
    if not member_ids:
        return {}
    mine = Trace.objects.filter(activity__actor__in=member_ids).values_list("activity__actor", "network", "device").distinct()
    places: dict[str, set[int]] = defaultdict(set)
    for member_id, network, device in mine:
        places[f"n{network}"].add(member_id)
        places[f"d{device}"].add(member_id)
    running = Q(activity__actor__suspended_until__isnull=True) | Q(activity__actor__suspended_until__gt=at)
    sanctioned = Q(activity__actor__suspended_at__isnull=False) & running | Q(activity__actor__limited_until__gt=at)
    near = Q(network__in=[place[1:] for place in places if place[0] == "n" and len(place) > 1])
    near &= Q(device__in=[place[1:] for place in places if place[0] == "d" and len(place) > 1])
    rows = Trace.objects.filter(sanctioned, near).select_related("activity__actor")
    for trace in rows:
        other = trace.activity.actor
        for member_id in places[f"n{trace.network}"] & places[f"d{trace.device}"]:
            if other is not None and member_id != other.pk and other not in found[member_id]:
                found[member_id].append(other)
    return dict(found)
