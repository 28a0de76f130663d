"""Merges: two wishes become one cluster and, should they turn out to be two, part again without a trace.

Only edges are written; the canonical is derived. No vote, comment or follower moves, so nothing can be lost.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from community.activity import record
from community.boards import shows_to_all_of
from community.follows import follower_ids
from community.joins import Joined, Moment, joins
from community.models import Member, Post, PostKind, PostState
from community.privileges import Privilege, require
from community.refusals import Conflict, Invalid, Refused
from community.verbs import SuggestionMerged, SuggestionUnmerged, Verb
from feedback.clusters import lock_suggestions, restate_clusters
from feedback.models import ImportedVotes, Merge, MergeProposal, Suggestion, Vote

WISHES = (PostKind.SUGGESTION, PostKind.BUG)
TRIES = 5


class _Moved(Exception):
    """The cluster got another root between our looking and our locking."""


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do. `refusal`: why it cannot be done, or empty; `told`: how many people hear of it."""

    root: Suggestion
    votes_before: int
    votes_after: int
    told: int
    refusal: str

    @property
    def votes_gained(self) -> int:
        return self.votes_after - self.votes_before


@transaction.atomic
def merge_suggestions(
    *, duplicate: Suggestion, into: Suggestion, by: Member, at: datetime, proposal: MergeProposal | None = None
) -> Merge:
    """The duplicate and all that was merged into it count as one wish with `into`; undoing it loses nothing.

    Raises Conflict for a suggestion that is merged already, for a ring, and where somebody who may see the
    duplicate may not see the other.
    """
    require(by, Privilege.MERGE)
    own, target, root = _lock_ends(duplicate.pk, into.pk)
    _check_edge(own, target, root)
    reporter = _accept_proposals(own, target, proposal, by, at)
    merge = Merge.objects.create(duplicate=own, into=target, by=by, proposed_by_id=reporter, at=at)
    Suggestion.objects.of_cluster(own.pk).update(root=root)
    restate_clusters([root.pk])
    record(
        Verb.SUGGESTION_MERGED,
        key=f"suggestion_merged:{merge.pk}",
        actor=by,
        subject=own.pk,
        data=SuggestionMerged(merge_id=merge.pk, into_id=target.pk, root_id=root.pk, proposed_by_id=reporter),
        at=at,
    )
    return merge


@transaction.atomic
def unmerge_suggestion(*, duplicate: Suggestion, by: Member, at: datetime) -> Merge:
    """The duplicate is canonical again, takes along what was merged into it, and no trace of the merge is left."""
    require(by, Privilege.MERGE)
    return _part(duplicate.pk, by, at)


def _part(duplicate_id: int, by: Member, at: datetime) -> Merge:
    own, _own, root = _lock_ends(duplicate_id, duplicate_id)
    merge = Merge.objects.filter(duplicate=own, undone_at__isnull=True).first()
    if merge is None:
        raise Conflict(_("This suggestion is not merged into another."))
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    Suggestion.objects.filter(pk__in=_subtree(own.pk)).update(root=own)
    restate_clusters([own.pk, root.pk])
    record(
        Verb.SUGGESTION_UNMERGED,
        key=f"suggestion_unmerged:{merge.pk}",
        actor=by,
        subject=own.pk,
        data=SuggestionUnmerged(merge_id=merge.pk, into_id=merge.into_id, root_id=root.pk),
        at=at,
    )
    return merge


def preview_merge(*, duplicate: Suggestion, into: Suggestion) -> MergePreview:
    """What merging these would do: the canonical, its votes before and after, who is told, or why it is refused."""
    root = into.root
    try:
        _check_edge(duplicate, into, root)
    except Refused as refusal:
        return MergePreview(root, _demand([root.pk]), _demand([root.pk]), 0, refusal.sentence)
    heard = follower_ids(Suggestion.objects.of_cluster(duplicate.pk).values_list("pk", flat=True))
    return MergePreview(root, _demand([root.pk]), _demand([root.pk, duplicate.pk]), len(heard), "")


@transaction.atomic
def propose_merge(*, duplicate: Suggestion, into: Suggestion, by: Member, at: datetime, evidence: str = "") -> MergeProposal:
    """Staff find the pair in their inbox; said twice, or the other way round, it stays one proposal."""
    require(by, Privilege.PROPOSE_MERGE)
    if Post.objects.visible_to(by).filter(pk__in=[duplicate.pk, into.pk]).count() < len({duplicate.pk, into.pk}):
        raise Invalid(_("That suggestion was not found."))
    if duplicate.root_id == into.root_id:
        raise Conflict(_("These are one suggestion already."))
    pair = Q(duplicate=duplicate, into=into) | Q(duplicate=into, into=duplicate)
    known = MergeProposal.objects.filter(pair).first()
    if known is not None:
        return known
    return MergeProposal.objects.get_or_create(
        duplicate=duplicate, into=into, defaults={"proposed_by": by, "evidence": evidence.strip()[:280], "at": at}
    )[0]


@transaction.atomic
def decide_proposal(*, proposal: MergeProposal, accept: bool, by: Member, at: datetime, swap: bool = False) -> MergeProposal:
    """The proposal is accepted, and its pair merged (`swap`: the other way round), or dismissed; nobody is blamed."""
    require(by, Privilege.MERGE)
    row = MergeProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if row.state != MergeProposal.State.WAITING:
        raise Conflict(_("That was decided already."))
    if accept:
        duplicate, into = (row.into, row.duplicate) if swap else (row.duplicate, row.into)
        merge_suggestions(duplicate=duplicate, into=into, by=by, at=at, proposal=row)
        row.refresh_from_db()
        return row
    row.state, row.decided_at, row.decided_by = MergeProposal.State.DISMISSED, at, by
    row.save(update_fields=["state", "decided_at", "decided_by"])
    return row


@joins(*WISHES, on=Moment.MOVED)
def keep_the_cluster_visible(told: Joined) -> None:
    """Raises Conflict where moving the post would leave somebody with a merged suggestion they may not see."""
    edges = Merge.objects.filter(Q(duplicate=told.post.pk) | Q(into=told.post.pk), undone_at__isnull=True)
    for edge in edges.select_related("duplicate__post__board", "into__post__board"):
        if not shows_to_all_of(edge.into.post.board, edge.duplicate.post.board):
            raise Conflict(_("It is merged with a suggestion that others may see. Undo the merge first, then move it."))


@joins(*WISHES, on=(Moment.HIDDEN, Moment.DELETED, Moment.RESTORED))
def keep_what_was_merged(told: Joined) -> None:
    """No suggestion vanishes with the one it was merged into: those of others stand on their own again."""
    root = lock_suggestions([told.post.pk])[told.post.pk].root_id
    duplicates = Merge.objects.filter(into=told.post.pk, undone_at__isnull=True).order_by("duplicate_id")
    if told.moment != Moment.RESTORED and root == told.post.pk:
        for duplicate_id in list(duplicates.values_list("duplicate_id", flat=True)):
            _part(duplicate_id, told.by, told.at)
    restate_clusters([root])


def _lock_ends(duplicate_id: int, into_id: int) -> tuple[Suggestion, Suggestion, Suggestion]:
    """The duplicate, the other and the other's root, read anew while both roots are ours.

    A cluster's root changes only under the root's lock, so what is read after locking stays true.
    """
    for _try in range(TRIES):
        root_id = Suggestion.objects.values_list("root_id", flat=True).get(pk=into_id)
        try:
            with transaction.atomic():
                held = lock_suggestions({duplicate_id, root_id})
                target = Suggestion.objects.select_related("post__board").get(pk=into_id)
                if target.root_id != root_id:
                    raise _Moved
                return held[duplicate_id], target, held[root_id]
        except _Moved:
            continue
    raise Conflict(_("Somebody else is merging these right now. Please try again."))


def _check_edge(own: Suggestion, target: Suggestion, root: Suggestion) -> None:
    if own.pk == target.pk:
        raise Conflict(_("A suggestion cannot be merged into itself."))
    if not own.is_canonical:
        raise Conflict(_("It is merged into another one already. Undo that first."))
    if root.pk == own.pk:
        raise Conflict(_("The other one is merged into this one. Undo that first."))
    if any(end.post.kind not in WISHES for end in (own, target, root)):
        raise Conflict(_("Only suggestions and bugs can be merged."))
    if any(end.post.state != PostState.VISIBLE for end in (own, root)):
        raise Conflict(_("One of them is not published."))
    if not shows_to_all_of(target.post.board, own.post.board):
        raise Conflict(_("Not everyone who may see this suggestion may see the other one."), code="not-visible")


def _accept_proposals(
    own: Suggestion, target: Suggestion, proposal: MergeProposal | None, by: Member, at: datetime
) -> int | None:
    """Whoever said first that these are the same, if anybody; their proposals are accepted by the merge itself."""
    pair = Q(duplicate=own, into=target) | Q(duplicate=target, into=own)
    waiting = MergeProposal.objects.filter(pair, state=MergeProposal.State.WAITING).order_by("at", "pk")
    said = [proposal] if proposal is not None else list(waiting)
    waiting.update(state=MergeProposal.State.ACCEPTED, decided_at=at, decided_by=by)
    return next((found.proposed_by_id for found in said if found.proposed_by_id), None)


def _subtree(top: int) -> set[int]:
    """The suggestion and everything merged into it, through however many edges."""
    found, fresh = {top}, {top}
    while fresh:
        edges = Merge.objects.filter(into__in=fresh, undone_at__isnull=True)
        fresh = set(edges.values_list("duplicate_id", flat=True)) - found
        found |= fresh
    return found


def _demand(root_ids: list[int]) -> int:
    """Distinct voters of these clusters together, and their nameless imported votes."""
    voters = Vote.objects.counted().filter(suggestion__root__in=root_ids).values("member").distinct().count()
    nameless = ImportedVotes.objects.filter(suggestion__root__in=root_ids).aggregate(sum=Sum("count"))["sum"]
    return voters + (nameless or 0)
