"""An import is taken back: every row nobody has touched since, and a list of the rest."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from community import imports
from community.models import ImportBatch, Member
from community.refusals import Conflict
from feedback.models import ImportedVotes, Merge, MergeProposal, Release, StatusChange, Suggestion, Vote


def kept_suggestions(*, batch: ImportBatch) -> set[int]:
    """Suggestions of the batch that people voted for, triaged, merged, planned or shipped since."""
    mine = Suggestion.objects.filter(post__batch=batch)
    # That a changelog named it is nobody's doing here.
    taken = Release.objects.exclude(pk__in=Release.objects.untouched().values("pk"))
    kept = set(mine.filter(Q(triaged_at__isnull=False) | ~Q(answer="")).values_list("pk", flat=True))
    kept |= set(mine.filter(Q(roadmap_items__isnull=False) | Q(releases__in=taken)).values_list("pk", flat=True))
    kept |= set(mine.filter(notes__isnull=False).values_list("pk", flat=True))
    kept |= set(Vote.objects.filter(suggestion__in=mine).exclude(batch=batch).values_list("suggestion_id", flat=True))
    kept |= set(StatusChange.objects.filter(suggestion__in=mine, by__isnull=False).values_list("suggestion_id", flat=True))
    # An edge holds both of its ends, and everything on the way to the canonical.
    for pair in Merge.objects.filter(Q(duplicate__in=mine) | Q(into__in=mine)).values_list("duplicate_id", "into_id"):
        kept |= set(pair)
    return kept & set(mine.values_list("pk", flat=True))


@transaction.atomic
def undo_import(*, batch: ImportBatch, by: Member | None, at: datetime) -> tuple[dict[str, int], list[int]]:
    """The untouched rows are gone; what was removed is counted, and the ids of the posts that stay are listed.

    Releases that a changelog brought go in the same way; what they named stays, since it came with another import.
    """
    if batch.undone_at:
        raise Conflict(f"The import {batch.name} was taken back already.")
    keep = imports.touched_posts(batch=batch) | kept_suggestions(batch=batch)
    going = Suggestion.objects.filter(post__batch=batch).exclude(pk__in=keep)
    ids = list(going.values_list("pk", flat=True))
    MergeProposal.objects.filter(Q(duplicate__in=ids) | Q(into__in=ids)).delete()
    releases = Release.objects.untouched().filter(batch=batch).delete()[1].get("feedback.Release", 0)
    votes = Vote.objects.filter(batch=batch).exclude(suggestion__in=keep).delete()[0]
    ImportedVotes.objects.filter(batch=batch).exclude(suggestion__in=keep).delete()
    gone = imports.undo_import(batch=batch, keep=keep, by=by, at=at)
    return gone | {"votes": votes} | ({"releases": releases} if releases else {}), sorted(keep)
