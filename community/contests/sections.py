"""Contests in the weekly digest: who won last week, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from community.contests.reading import Card, cards_of
from community.mail_render import tame_name
from community.models import Contest, ContestPlace, EntryState, Member
from community.readers import Readers
from community.sections import Week, section

LOADED, SHOWN = 12, 3


@dataclass(frozen=True)
class Loaded:
    """Contests with the card of their first place, the latest first."""

    readers: Readers
    won: Sequence[tuple[Contest, Card]]


def load_winners(members: Sequence[Member], week: Week) -> Loaded:
    decided = Contest.objects.filter(published=True, announced_at__gte=week.start, announced_at__lt=week.end)
    contests = {contest.pk: contest for contest in decided.select_related("board").order_by("-announced_at", "-pk")[:LOADED]}
    first = ContestPlace.objects.filter(contest__in=contests, place=1, total__gt=0, entry__state=EntryState.VISIBLE)
    entries = dict(first.values_list("contest_id", "entry_id"))
    cards = {card.entry.contest_id: card for card in cards_of(list(entries.values()), viewer=None)}
    return Loaded(Readers(members), [(contests[pk], cards[pk]) for pk in contests if pk in cards])


@section("winners", order=57, prepare=load_winners, personal=False)
def write_winners(member: Member, week: Week, loaded: Loaded) -> dict[str, Any] | None:
    """What won, under the names of whoever made it."""
    seen = [pair for pair in loaded.won if loaded.readers.may_see_board(member, pair[0].board)][:SHOWN]
    if not seen:
        return None
    return {
        "entries": [
            {
                "contest": contest.title,
                "title": card.entry.title,
                "names": [tame_name(str(person)) for person in card.people],
                "url": card.entry.get_absolute_url(),
            }
            for contest, card in seen
        ]
    }
