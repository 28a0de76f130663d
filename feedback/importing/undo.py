"""An import is taken back: every row nobody has touched since, and a list of the rest."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from community import imports
from community.models import ImportBatch, Member
from community.refusals import Conflict
from feedback.models import ImportedVotes, Merge, MergeProposal, StatusChange, Suggestion, Vote


def kept_suggestions(*, batch: ImportBatch) -> set[int]:
    """Suggestions of the batch that people voted for, triaged, merged, planned or shipped since."""
    mine = Suggestion.objects.filter(post__batch=batch)
    kept = set(mine.filter(Q(triaged_at__isnull=False) | ~Q(answer="")).values_list("pk", flat=True))
    kept |= set(mine.filter(Q(roadmap_items__isnull=False) | Q(releases__isnull=False)).values_list("pk", flat=True))
    kept |= set(mine.filter(notes__isnull=False).values_list("pk", flat=True))
    kept |= set(Vote.objects.filter(suggestion__in=mine).exclude(batch=batch).values_list("suggestion_id", flat=True))
    kept |= set(StatusChange.objects.filter(suggestion__in=mine, by__isnull=False).values_list("suggestion_id", flat=True))
    # An edge holds both of its ends, and everything on the way to the canonical.
    for pair in Merge.objects.filter(Q(duplicate__in=mine) | Q(into__in=mine)).values_list("duplicate_id", "into_id"):
        kept |= set(pair)
    return kept & set(mine.values_list("pk", flat=True))


@transaction.atomic
def undo_import(*, batch: ImportBatch, by: Member | None, at: datetime) -> tuple[dict[str, int], list[int]]:
    """The untouched rows are gone; what was removed is counted, and the ids of the posts that stay are listed."""
    if batch.undone_at:
        raise Conflict(f"The import {batch.name} was taken back already.")
    keep = imports.touched_posts(batch=batch) | kept_suggestions(batch=batch)
    going = Suggestion.objects.filter(post__batch=batch).exclude(pk__in=keep)
    ids = list(going.values_list("pk", flat=True))
    MergeProposal.objects.filter(Q(duplicate__in=ids) | Q(into__in=ids)).delete()
    votes = Vote.objects.filter(batch=batch).exclude(suggestion__in=keep).delete()[0]
    ImportedVotes.objects.filter(batch=batch).exclude(suggestion__in=keep).delete()
    gone = imports.undo_import(batch=batch, keep=keep, by=by, at=at)
    return gone | {"votes": votes}, sorted(keep)
