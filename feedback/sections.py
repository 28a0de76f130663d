"""What feedback has to say in the weekly digest: what moved, what people gave, what shipped, what is next."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.digest_sections import foreign_to, short_address
from community.mail_render import tame_name
from community.models import Follow, Member, Post, PostState, Standing
from community.punctuation import full_stop, listed
from community.readers import Readers
from community.rendering import plain
from community.sections import Week, section
from feedback.models import Credit, Release, RoadmapColumn, RoadmapItem, Status, StatusChange, Suggestion, Vote
from feedback.models.suggestion import GROWING

MOST = 5
Pairs = set[tuple[int, int]]  # member, canonical suggestion


@dataclass
class Loaded:
    """What a section knows for a batch of members; each section fills what it needs."""

    readers: Readers
    rows: list[Any] = field(default_factory=list)
    pairs: Pairs = field(default_factory=set)
    counts: dict[int, int] = field(default_factory=dict)
    extra: dict[int, list[Any]] = field(default_factory=lambda: defaultdict(list))


def concerned(members: Sequence[Member], roots: Iterable[int]) -> Pairs:
    """Who wrote, voted for or follows anything in these clusters, and has not muted it; four queries for all."""
    ids, wanted = [member.pk for member in members], set(roots)
    cluster = Suggestion.objects.filter(root__in=wanted)
    wrote = cluster.filter(post__author__in=ids).values_list("post__author_id", "root_id")
    votes = Vote.objects.standing().filter(member__in=ids, suggestion__root__in=wanted)
    follows = Follow.objects.filter(member__in=ids, post__suggestion__root__in=wanted)
    heard = follows.filter(muted=False).values_list("member_id", "post__suggestion__root_id")
    muted = follows.filter(muted=True, post=F("post__suggestion__root")).values_list("member_id", "post_id")
    return (set(wrote) | set(votes.values_list("member_id", "suggestion__root_id")) | set(heard)) - set(muted)


def entry(post: Post, **more: Any) -> dict[str, Any]:
    """A line of a list in the mail: the post's title and address, and what else is said of it."""
    return {"title": post.title, "url": short_address(post), **more}


def growth(status: str) -> dict[str, Any]:
    """How far it has grown: the six cells of the stem, and the stage in words."""
    known = Status(status)
    stage = GROWING.index(known) + 1 if known in GROWING else 0
    cells = [step <= stage for step in range(1, len(GROWING) + 1)] if stage else []
    return {"cells": cells, "stage": stage, "label": str(known.label)}


def within(name: str, week: Week) -> Q:
    """The moment of this name lies in the week."""
    return Q(**{f"{name}__gte": week.start, f"{name}__lt": week.end})


def load_moved(members: Sequence[Member], week: Week) -> Loaded:
    # Imported changes have no author: nobody decided them here.
    changes = StatusChange.objects.filter(within("at", week), by__isnull=False).values("suggestion")
    shipped = Release.objects.filter(within("shipped_at", week), suggestions__isnull=False).values("suggestions")
    moved = Suggestion.objects.canonical().filter(Q(pk__in=changes) | within("answered_at", week)).exclude(pk__in=shipped)
    rows = list(moved.select_related("post__board", "answered_by").order_by("-triaged_at", "pk"))
    return Loaded(Readers(members), rows, concerned(members, [row.pk for row in rows]))


@section("moved", order=10, prepare=load_moved, personal=True)
def write_moved(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """Suggestions of one's own, voted for or followed, that got another status or an answer."""
    mine = [r for r in loaded.rows if (member.pk, r.pk) in loaded.pairs and loaded.readers.may_see(member, r.post)]
    if not mine:
        return None
    count = len(mine)
    return {
        "entries": [_moved(row, week) for row in mine[:MOST]],
        "more": max(count - MOST, 0),
        "headline": ngettext("A suggestion you care about moved", "%(count)d suggestions you care about moved", count)
        % {"count": count},
        "preview": full_stop(mine[0].post.title),
    }


def _moved(row: Suggestion, week: Week) -> dict[str, Any]:
    fresh = row.answer and row.answered_at and week.start <= row.answered_at < week.end
    by = row.answered_by if fresh else None
    signed = " · ".join(filter(None, [tame_name(str(by)), tame_name(by.staff_title)])) if by else ""
    return entry(row.post, quote=plain(row.answer, 240) if fresh else "", by=signed, **growth(row.status))


def load_given(members: Sequence[Member], week: Week) -> Loaded:
    own = {"suggestion__root__post__author__in": [member.pk for member in members]}
    given = Vote.objects.counted().filter(within("cast_at", week), batch=None, **own)
    given = given.exclude(member=F("suggestion__root__post__author"))
    counts = dict(given.values_list("suggestion__root").annotate(voters=Count("member", distinct=True)).order_by())
    rows = Suggestion.objects.filter(pk__in=counts).select_related("post__board", "post__standing")
    return Loaded(Readers(members), sorted(rows, key=lambda row: (-counts[row.pk], row.pk)), counts=counts)


@section("given", order=20, prepare=load_given, personal=True)
def write_given(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """How many people joined one's own suggestions."""
    mine = [r for r in loaded.rows if r.post.author_id == member.pk and loaded.readers.may_see(member, r.post)]
    if not mine:
        return None
    total = sum(loaded.counts[row.pk] for row in mine)
    told = ngettext("One more person wants what you want", "%(count)d more people want what you want", total)
    return {
        "entries": [entry(r.post, votes=loaded.counts[r.pk], total=r.post.standing.votes) for r in mine[:3]],
        "headline": told % {"count": total},
        "preview": full_stop(told % {"count": total}),
    }


def load_shipped(members: Sequence[Member], week: Week) -> Loaded:
    rows = list(Release.objects.shipped().filter(within("shipped_at", week)).select_related("product"))
    loaded = Loaded(Readers(members), rows)
    credits = Credit.objects.filter(release__in=rows)
    loaded.counts = dict(credits.values_list("release").annotate(people=Count("member", distinct=True)).order_by())
    named = Q(role__in=[Credit.Role.AUTHOR, Credit.Role.MERGED_AUTHOR]) | Q(member__in=members)
    for credit in credits.filter(named).select_related("member", "suggestion__post__board").order_by("role", "pk"):
        loaded.extra[credit.release_id].append(credit)
    return loaded


@section("shipped", order=30, prepare=load_shipped, personal=True)
def write_shipped(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """Releases, the people they came from, and what the reader has a part in."""
    if not loaded.rows:
        return None
    told = [_shipped(release, member, loaded) for release in loaded.rows[:3]]
    yours = sum(len(release["yours"]) for release in told)
    if yours:
        headline = ngettext("Something you asked for shipped", "%(count)d things you asked for shipped", yours) % {
            "count": yours
        }
    else:
        headline = _("%(release)s is out") % {"release": told[0]["name"]}
    return {"releases": told, "headline": headline, "preview": _("Shipped: %(title)s.") % {"title": told[0]["title"]}}


def _shipped(release: Release, member: Member, loaded: Loaded) -> dict[str, Any]:
    shown = [c for c in loaded.extra[release.pk] if loaded.readers.may_see(member, c.suggestion.post)]
    yours = {credit.suggestion_id: credit.suggestion.post for credit in shown if credit.member_id == member.pk}
    authors = {c.member_id: c.member for c in shown if c.role != Credit.Role.VOTER and c.member_id != member.pk}
    names = [tame_name(str(author)) for author in list(authors.values())[:3]]
    others = loaded.counts.get(release.pk, 0) - len(names) - bool(yours)
    return {
        "name": f"{release.product} {release.version}",
        "title": release.title,
        "url": release.get_absolute_url(),
        "notes": plain(release.notes.strip().split("\n\n")[0], 280),
        "credit": _credit(names, others, with_you=bool(yours)),
        "yours": [entry(post) for post in yours.values()],
    }


def _credit(names: list[str], others: int, *, with_you: bool) -> str:
    """The line of thanks: the reader first, then who had the idea, then how many more."""
    people = [_("you")] * with_you + names
    if not people:
        return ""
    if others > 0:
        line = ngettext("Made with %(names)s and one other.", "Made with %(names)s and %(count)d others.", others)
        return line % {"names": listed(people), "count": others}
    # The same words as on the release's own page.
    line = _("Made with %(names)s and %(last)s.") if len(people) > 1 else _("Made with %(last)s.")
    return line % {"names": listed(people[:-1]), "last": people[-1]}


def load_roadmap(members: Sequence[Member], week: Week) -> Loaded:
    next_up = [RoadmapColumn.PLANNED, RoadmapColumn.IN_PROGRESS, RoadmapColumn.TESTING]
    moved = RoadmapItem.objects.public().filter(within("moved_at", week), column__in=next_up)
    rows = moved.annotate(votes=Sum("suggestions__post__standing__votes")).prefetch_related("suggestions__post__board")
    return Loaded(Readers(members), list(rows.order_by("-moved_at", "pk")[:12]))


@section("roadmap", order=40, prepare=load_roadmap, personal=True)
def write_roadmap(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """What is new on the roadmap, or went on there."""
    shown = [item for item in loaded.rows if _serves_seen(item, member, loaded.readers)][:4]
    if not shown:
        return None
    entries = [
        {
            "title": item.title,
            "summary": item.summary,
            "votes": item.votes or 0,
            "expected": item.expected,
            **growth(item.column),
        }
        for item in shown
    ]
    preview = ngettext("One step on the roadmap.", "%(count)d steps on the roadmap.", len(shown)) % {"count": len(shown)}
    return {"entries": entries, "url": reverse("roadmap"), "preview": preview}


def _serves_seen(item: RoadmapItem, member: Member, readers: Readers) -> bool:
    served = list(item.suggestions.all())
    return not served or any(readers.may_see(member, suggestion.post) for suggestion in served)


def load_answers(members: Sequence[Member], week: Week) -> Loaded:
    answered = Suggestion.objects.canonical().filter(within("answered_at", week), answered_by__isnull=False).exclude(answer="")
    best = answered.select_related("post__board", "answered_by").order_by("-post__standing__votes", "pk")
    rows = list(best[:12])
    return Loaded(Readers(members), rows, concerned(members, [row.pk for row in rows]))


@section("answer", order=50, prepare=load_answers, personal=False)
def write_answer(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """The official answer most people waited for, unless the reader heard it as one of their own."""
    for row in sorted(loaded.rows, key=lambda row: foreign_to(member, row.post)):
        if (member.pk, row.pk) not in loaded.pairs and loaded.readers.may_see(member, row.post):
            return {"entry": _moved(row, week)}
    return None


def load_wanted(members: Sequence[Member], week: Week) -> Loaded:
    wishes = (
        Standing.objects.listed().suggestions().filter(status=Status.OPEN, state=PostState.VISIBLE, created_at__lt=week.end)
    )
    rows = list(wishes.hot().select_related("post__board")[:40])
    loaded = Loaded(Readers(members), rows, concerned(members, [row.pk for row in rows]))
    taste = Vote.objects.standing().filter(member__in=members).values_list("member_id", "suggestion__post__board_id")
    for member_id, board_id in taste:
        loaded.extra[member_id].append(board_id)
    return loaded


@section("wanted", order=70, prepare=load_wanted, personal=False)
def write_wanted(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """Two suggestions that could use the reader's vote, from the boards they vote in most, the liveliest first."""
    taste = Counter(loaded.extra[member.pk])
    open_ones = [
        row
        for row in loaded.rows
        if (member.pk, row.pk) not in loaded.pairs
        and row.post.author_id != member.pk
        and loaded.readers.may_see(member, row.post)
    ]
    # Sorting is stable: within one board the order of heat stays.
    best = sorted(open_ones, key=lambda row: (foreign_to(member, row.post), -taste[row.post.board_id]))[:2]
    return {"entries": [entry(row.post, votes=row.votes) for row in best]} if best else None
