"""Clusters: a canonical suggestion with everything merged into it; locked in one order, restated in every list."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Q

from community.models import PostState
from community.standing import set_standings
from feedback.models import Suggestion


def lock_suggestions(ids: Iterable[int]) -> dict[int, Suggestion]:
    """The suggestions are ours until the transaction ends. Ascending ids: two crossing merges never wait in a ring."""
    wanted = Suggestion.objects.filter(pk__in=set(ids))
    held = list(wanted.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    # Read anew: a joined row fetched by the statement that waited may be older than the lock.
    rows = Suggestion.objects.select_related("post__board", "post__author", "root__post")
    return {row.pk: row for row in rows.filter(pk__in=held)}


def restate_clusters(root_ids: Iterable[int]) -> None:
    """Every row of these clusters says in the lists where it is folded, and its root's status and answer."""
    said = Suggestion.objects.annotate(answered=~Q(root__answer=""), shown=Q(post__state=PostState.VISIBLE))
    members = list(said.filter(root__in=set(root_ids)).values_list("pk", "root_id", "root__status", "answered", "shown"))
    folded = Counter(root for pk, root, _status, _answered, shown in members if shown and pk != root)
    set_standings(
        {
            pk: {
                "folded_into_id": None if pk == root else root,
                "merged": folded[root] if pk == root else 0,
                "status": status,
                "answered": answered,
            }
            for pk, root, status, answered, _shown in members
        },
        fields=["folded_into", "merged", "status", "answered"],
    )
