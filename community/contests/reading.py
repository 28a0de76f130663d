"""Contests as one person sees them: phases, entries in an order that favours nobody, and the result once it is announced."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from community.models import (
    Attachment,
    Contest,
    ContestEntry,
    ContestKind,
    ContestPlace,
    Criterion,
    EntryState,
    FanVote,
    JuryScore,
    Member,
    Phase,
    Teammate,
)
from community.models.board import Viewer

PAGE = 24


@dataclass(frozen=True)
class Step:
    """A phase on the way. state: "done", "now" or "next"; until: when it ends, if its end is set."""

    phase: Phase
    state: str
    until: datetime | None
    label: str


@dataclass(frozen=True)
class Card:
    """An entry in a list. own: the viewer has a hand in it; voted: their vote is with it; place: once announced.

    picture: the first of its pictures.
    """

    entry: ContestEntry
    people: Sequence[Member]
    own: bool
    voted: bool
    place: ContestPlace | None
    picture: Attachment | None = None


@dataclass(frozen=True)
class Cards:
    """A page of entries; `after` asks for the next one."""

    cards: list[Card]
    after: int | None
    total: int


@dataclass(frozen=True)
class Mark:
    """What the jury gave an entry by one criterion: each juror's score, and their mean in tenths."""

    criterion: Criterion
    scores: Sequence[tuple[Member, int]]

    @property
    def mean(self) -> str:
        tenths = int(Fraction(sum(score for _juror, score in self.scores) * 10, len(self.scores)) + Fraction(1, 2))
        return f"{tenths // 10}.{tenths % 10}"


def steps_of(contest: Contest, at: datetime) -> list[Step]:
    """The phases this contest has, in order. Those nobody is asked in are left out."""
    ends: list[tuple[Phase, datetime | None]] = [(Phase.ENTRIES, contest.entries_until)]
    if contest.fan_weight and contest.votes_until > contest.entries_until:
        ends.append((Phase.VOTES, contest.votes_until))
    if contest.fan_weight < 100 and contest.jury_until > contest.votes_until:
        ends.append((Phase.JURY, contest.jury_until))
    ends.append((Phase.DECIDED, None))
    now = contest.phase(at)
    order = list(Phase)
    reached = order.index(now)
    return [Step(one, _state(order.index(one), reached, one, now), until, label_of(contest, one)) for one, until in ends]


def label_of(contest: Contest, phase: Phase) -> str:
    """The phase in words; in a showcase one votes while entries come in."""
    if phase == Phase.ENTRIES and contest.kind == ContestKind.SHOWCASE:
        return _("Entries and votes")
    return str(phase.label)


def _state(place: int, reached: int, phase: Phase, now: Phase) -> str:
    if phase == now:
        return "now"
    return "done" if place < reached else "next"


def ends_at(contest: Contest, at: datetime) -> datetime | None:
    """When the phase of now is over; for a contest that has not begun, when it opens."""
    ends = {
        Phase.SOON: contest.opens_at,
        Phase.ENTRIES: contest.entries_until,
        Phase.VOTES: contest.votes_until,
        Phase.JURY: contest.jury_until,
    }
    return ends.get(contest.phase(at))


def with_counts(contests: Iterable[Contest]) -> list[Contest]:
    """Each with `entry_count`, how many entries take part; one query for all."""
    found = list(contests)
    taking_part = ContestEntry.objects.taking_part().filter(contest__in=found)
    counts = dict(taking_part.values_list("contest_id").annotate(Count("pk")).order_by())
    for contest in found:
        contest.entry_count = counts.get(contest.pk, 0)  # type: ignore[attr-defined]
    return found


def read_entries(contest: Contest, *, viewer: Viewer, at: datetime, after: str = "") -> Cards:
    """A page of the entries that take part: by place once announced, else in an order that is another one each day."""
    ids = list(contest.entries.taking_part().order_by("pk").values_list("pk", flat=True))
    if contest.announced_at is None:
        ids.sort(key=lambda pk: zlib.crc32(f"{at.date()}:{pk}".encode()))
    else:
        places = dict(ContestPlace.objects.filter(contest=contest).values_list("entry_id", "place"))
        ids.sort(key=lambda pk: (places.get(pk, len(ids) + 1), pk))
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0
    wanted = ids[start : start + PAGE]
    more = start + PAGE if len(ids) > start + PAGE else None
    return Cards(cards_of(wanted, viewer=viewer), more, len(ids))


def cards_of(ids: Sequence[int], *, viewer: Viewer) -> list[Card]:
    """These entries in this order, with their people, places and what the viewer has to do with them."""
    entries = ContestEntry.objects.select_related("contest", "author", "place").in_bulk(list(ids))
    me = viewer.pk if viewer is not None and viewer.is_authenticated else None
    mates = defaultdict[int, list[Teammate]](list)
    for mate in Teammate.objects.filter(entry__in=ids).select_related("member").order_by("agreed_at", "pk"):
        mates[mate.entry_id].append(mate)
    voted = set(FanVote.objects.filter(entry__in=ids, member=me).values_list("entry_id", flat=True)) if me else set()
    found = [entries[pk] for pk in ids if pk in entries]
    first = {shot.entry_id: shot for shot in Attachment.objects.filter(entry__in=ids).order_by("-pk")}
    return [
        Card(
            entry=entry,
            people=[entry.author, *(mate.member for mate in mates[entry.pk] if mate.agreed_at)],
            own=me is not None and me in {entry.author_id, *(mate.member_id for mate in mates[entry.pk])},
            voted=entry.pk in voted,
            place=getattr(entry, "place", None),
            picture=first.get(entry.pk),
        )
        for entry in found
    ]


def votes_left(contest: Contest, member: Member | None) -> int:
    """How many of the member's votes are still to give; votes for entries that are gone come back."""
    if member is None:
        return contest.votes_each
    given = FanVote.objects.filter(contest=contest, member=member, entry__state=EntryState.VISIBLE).count()
    return max(contest.votes_each - given, 0)


def own_entries(contest: Contest, member: Member | None) -> list[ContestEntry]:
    """The member's entries and those they are asked to join, but for what was taken back."""
    if member is None:
        return []
    mine = contest.entries.exclude(state=EntryState.WITHDRAWN).filter(Q(author=member) | Q(team__member=member))
    return list(mine.select_related("contest").distinct().order_by("pk"))


def marks_of(entry: ContestEntry) -> list[Mark]:
    """What the jury gave the entry, criterion by criterion; shown once the result is."""
    rows = JuryScore.objects.filter(entry=entry).select_related("juror").order_by("juror_id")
    scores = defaultdict[int, list[tuple[Member, int]]](list)
    for row in rows:
        scores[row.criterion_id].append((row.juror, row.score))
    return [Mark(one, scores[one.pk]) for one in entry.contest.criteria.all() if scores[one.pk]]
