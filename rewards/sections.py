"""What rewards has to say in the weekly digest: what one earned, and for what."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from community.digest_sections import short_address
from community.models import Member, Post
from community.punctuation import full_stop
from community.readers import Readers
from community.sections import Week, section
from rewards.models import Entry, OwnerKind, Transfer
from rewards.rules import BOOKS, OF_GATHERINGS
from rewards.words import words_for

RULE_NAMES = {name for book in BOOKS for name in book.rules}
SHOWN = 3


@dataclass(frozen=True)
class Loaded:
    """What stands of each member's earnings of the week, and the posts they were for."""

    readers: Readers
    entries: dict[int, list[Entry]]
    posts: dict[int, Post]


def load_earned(members: Sequence[Member], week: Week) -> Loaded:
    standing = Transfer.objects.standing().filter(reason__in=RULE_NAMES, at__gte=week.start, at__lt=week.end)
    mine = {"account__owner_kind": OwnerKind.MEMBER, "account__owner_id__in": [member.pk for member in members]}
    rows = Entry.objects.filter(transfer__in=standing, **mine).select_related("account", "transfer__activity").order_by("-pk")
    entries: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        entries[row.account.owner_id].append(row)
    subjects = {row.transfer.activity.subject_id for row in rows if row.transfer.activity.verb not in OF_GATHERINGS}
    return Loaded(Readers(members), entries, Post.objects.select_related("board").in_bulk(subjects))


@section("earned", order=25, prepare=load_earned, personal=True)
def write_earned(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """Points and honour of the week, with up to three of the things they were for."""
    mine = loaded.entries.get(member.pk, [])
    if not mine:
        return None
    sums: dict[str, int] = {"points": 0, "honour": 0}
    causes: dict[int, tuple[Post, Promise]] = {}
    for entry in mine:
        sums[entry.account.currency] += entry.amount
        cause = entry.transfer.activity
        post = loaded.posts.get(cause.subject_id or 0) if cause.verb not in OF_GATHERINGS else None
        if post is not None and loaded.readers.may_see(member, post):
            causes.setdefault(entry.transfer_id, (post, words_for(entry.transfer)))
    shown = {(post.pk, str(words)): (post, words) for post, words in causes.values()}
    lines = [{"title": post.title, "url": short_address(post), "words": words} for post, words in shown.values()][:SHOWN]
    headline = _("You earned %(points)s points and %(honour)s honour") % sums
    return {**sums, "headline": headline, "preview": full_stop(headline), "entries": lines, "url": reverse("points")}
