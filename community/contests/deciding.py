"""The result: looked at by staff beforehand, announced once, kept as it was announced."""

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from community.activity import Happening, record, record_many
from community.contest_results import Placed, Scored, settle_contest
from community.contests.entering import team_ids
from community.models import (
    Contest,
    ContestEntry,
    ContestPlace,
    EntryState,
    FanVote,
    JuryScore,
    Member,
    Phase,
    Post,
    PostKind,
)
from community.posts import write_post
from community.privileges import Privilege, require
from community.refusals import Conflict
from community.verbs import ContestDecided, ContestWon, Verb


def standing_of(contest: Contest) -> list[Placed]:
    """All entries that take part, from first to last place, by what fans and jury have said so far."""
    entries = list(contest.entries.taking_part().order_by("created_at", "pk").values_list("pk", flat=True))
    votes = FanVote.objects.filter(entry__in=entries).values_list("entry_id").annotate(Count("pk")).order_by()
    sheets = defaultdict[tuple[int, int], dict[int, int]](dict)
    jurors = set(contest.jury.values_list("pk", flat=True))
    for row in JuryScore.objects.filter(entry__in=entries, juror__in=jurors).order_by("entry_id", "juror_id"):
        sheets[row.entry_id, row.juror_id][row.criterion_id] = row.score
    return settle_contest(
        entries,
        sheets=[Scored(entry, juror, scores) for (entry, juror), scores in sheets.items()],
        weights=dict(contest.criteria.values_list("pk", "weight")),
        votes=dict(votes),
        fan_weight=contest.fan_weight,
    )


def missing_sheets(contest: Contest) -> list[tuple[Member, int]]:
    """Jurors who still owe scores, each with how many entries of others they have not scored by every criterion."""
    entries = contest.entries.taking_part().prefetch_related("team")
    own = {entry.pk: {entry.author_id, *(mate.member_id for mate in entry.team.all())} for entry in entries}
    asked = contest.criteria.count()
    given = JuryScore.objects.filter(entry__in=own).values_list("juror_id", "entry_id").annotate(Count("pk")).order_by()
    done = {(juror, entry) for juror, entry, count in given if count == asked}
    owed = []
    for juror in contest.jury.order_by("pk") if contest.fan_weight < 100 else []:
        count = sum(juror.pk not in people and (juror.pk, entry) not in done for entry, people in own.items())
        if count:
            owed.append((juror, count))
    return owed


@transaction.atomic
def announce_winners(*, contest: Contest, by: Member, at: datetime) -> Contest:
    """The result stands as it is now, the honoured places are on record for each of their people, and all hear of it.

    Raises Conflict before the jury's time is over, unless every juror has scored everything; and the second time.
    """
    require(by, Privilege.TRIAGE)
    contest = Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
    if contest.announced_at is not None:
        raise Conflict(_("The result is announced already."))
    phase = contest.phase(at)
    if phase != Phase.DECIDING and (phase != Phase.JURY or missing_sheets(contest)):
        raise Conflict(_("It is too early: fans or the jury still have their say."))
    placed = standing_of(contest)
    _keep(contest, placed)
    contest.announced_at, contest.announced_by = at, by
    contest.save(update_fields=["announced_at", "announced_by"])
    won = [one for one in placed if one.place <= contest.places and one.total > 0]
    record(
        Verb.CONTEST_DECIDED,
        key=f"contest_decided:{contest.pk}",
        actor=by,
        subject=contest.pk,
        data=ContestDecided(winners=tuple(one.entry for one in won)),
        at=at,
    )
    _record_winners(contest, won, by, at)
    return contest


def _keep(contest: Contest, placed: list[Placed]) -> None:
    ContestPlace.objects.bulk_create(
        ContestPlace(
            contest=contest,
            entry_id=one.entry,
            place=one.place,
            votes=one.votes,
            fans=one.hundredths(one.fans),
            jury=one.hundredths(one.jury),
            total=one.hundredths(one.total),
        )
        for one in placed
    )


def _record_winners(contest: Contest, won: list[Placed], by: Member, at: datetime) -> None:
    entries = ContestEntry.objects.in_bulk([one.entry for one in won])
    record_many(
        [
            Happening(
                key=f"contest_won:{one.entry}:{member_id}",
                actor=by,
                subject=one.entry,
                data=ContestWon(contest_id=contest.pk, author_id=member_id, place=one.place),
            )
            for one in won
            for member_id in team_ids(entries[one.entry])
        ],
        at=at,
    )


@transaction.atomic
def adopt_entry(*, entry: ContestEntry, by: Member, at: datetime) -> Post:
    """An honoured entry is a suggestion under its author's name, linked with the contest it comes from.

    Raises Conflict for an entry without an honoured place, and for one that is a suggestion already.
    """
    require(by, Privilege.TRIAGE)
    entries = ContestEntry.objects.select_for_update(no_key=True, of=("self",)).select_related("contest__board", "author")
    entry = entries.get(pk=entry.pk)
    place = ContestPlace.objects.filter(entry=entry).first()
    if place is None or place.place > entry.contest.places or entry.state != EntryState.VISIBLE:
        raise Conflict(_("Only an entry with an honoured place becomes a suggestion this way."))
    if entry.post_id is not None:
        raise Conflict(_("This entry is a suggestion already."))
    source = f"[{entry.contest.title}]({settings.SITE_URL}{entry.get_absolute_url()})"
    entry.post = write_post(
        author=entry.author,
        board=entry.contest.board,
        kind=PostKind.SUGGESTION,
        title=entry.title,
        body=f"{entry.body}\n\n→ {source}",
        tags=["contest"],
        at=at,
    )
    entry.save(update_fields=["post"])
    return entry.post
