"""What a fact asks of the score: whose votes to look at again, and in which clusters. The workers and `rescore` agree on it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from community.joins import Moment
from community.models import Activity, Delivery
from community.verbs import Verb
from feedback.models import ClusterVoter, ImportedVotes, Suggestion, Vote

LISTENER = "feedback.score"
PERSON = {Verb.MEMBER_CHANGED, Verb.MEMBER_JOINED, Verb.ROLE_CHANGED}
VOTE = {Verb.VOTE_CAST, Verb.VOTE_WITHDRAWN}
MERGE = {Verb.SUGGESTION_MERGED, Verb.SUGGESTION_UNMERGED}
EVERYTHING = {Verb.SCORE_CONFIG_SWITCHED, Verb.PERSONAS_CHANGED, Verb.IMPORT_UNDONE}
VERBS = (*PERSON, *VOTE, *MERGE, *EVERYTHING, Verb.SUGGESTION_TRIAGED, Verb.POST_CHANGED, Verb.POST_HELD, Verb.POSTS_IMPORTED)


@dataclass(frozen=True)
class Debt:
    """One fact's claim. pairs: (cluster, member) to look at again; parts: clusters whose judgement differs;
    whole: clusters to count anew from their votes; everything: all of them."""

    activity: Activity
    pairs: frozenset[tuple[int, int]] = frozenset()
    parts: frozenset[int] = frozenset()
    whole: frozenset[int] = frozenset()
    everything: bool = False

    @property
    def roots(self) -> frozenset[int]:
        return self.parts | self.whole | {root for root, _member in self.pairs}


def read_debts(activities: Sequence[Activity]) -> list[Debt]:
    """Each activity's claim as things stand now; the number of queries does not depend on how many there are.

    A suggestion that moves to another cluster a moment later does no harm: its merge is a fact that counts both clusters
    anew, after that moment, with every vote that is known here.
    """
    roots = _roots([act.subject_id for act in activities if act.verb in VOTE or act.verb == Verb.SUGGESTION_TRIAGED])
    known = _roots(_named_clusters(activities))
    of_member = _clusters_of({act.subject_id for act in activities if act.verb in PERSON and act.subject_id})
    of_batch = _clusters_in({act.subject_id for act in activities if act.verb == Verb.POSTS_IMPORTED and act.subject_id})
    return [_debt(act, roots, known, of_member, of_batch) for act in activities]


def _debt(
    act: Activity, roots: dict[int, int], known: dict[int, int], of_member: dict[int, set[int]], of_batch: dict[int, set[int]]
) -> Debt:
    subject, verb = act.subject_id or 0, act.verb
    if verb in EVERYTHING:
        return Debt(act, everything=True)
    if verb in VOTE and subject in roots:
        # A duplicate's own number is shown beside it, so its vote touches its row and its cluster's.
        return Debt(act, pairs=frozenset({(roots[subject], act.data["member_id"])}), parts=frozenset({subject}))
    if verb in PERSON:
        clusters = of_member[subject]
        # Who joins the team counts no more, also in the number a duplicate shows.
        return Debt(act, pairs=frozenset((root, subject) for root in clusters), parts=frozenset(clusters))
    if verb == Verb.SUGGESTION_TRIAGED and subject in roots:
        return Debt(act, parts=frozenset({roots[subject]}))
    if verb == Verb.POSTS_IMPORTED:
        return Debt(act, whole=frozenset(of_batch[subject]))
    if verb in MERGE or verb in (Verb.POST_CHANGED, Verb.POST_HELD):
        return Debt(act, whole=frozenset(pk for pk in _named_clusters([act]) if pk in known))
    return Debt(act)


def _named_clusters(activities: Iterable[Activity]) -> list[int]:
    """The clusters that merges, conversions and holds name: both of a merge, the post's own otherwise."""
    named: list[int] = []
    for act in activities:
        if act.verb in MERGE:
            named += [act.subject_id or 0, act.data["root_id"]]
        elif act.verb == Verb.POST_HELD:
            # It has its suggestion at once, and its first vote when it is let through.
            named.append(act.subject_id or 0)
        elif act.verb == Verb.POST_CHANGED and act.data["moment"] == Moment.CONVERTED:
            named.append(act.subject_id or 0)
    return named


def _roots(ids: Iterable[int | None]) -> dict[int, int]:
    found = Suggestion.objects.filter(pk__in=set(ids))
    return dict(found.values_list("pk", "root_id")) if ids else {}


def _clusters_of(members: set[int]) -> dict[int, set[int]]:
    """Every suggestion a member voted for, its cluster, and every cluster the member was counted in."""
    found: dict[int, set[int]] = defaultdict(set)
    if members:
        voted = Vote.objects.filter(member__in=members).values_list("member_id", "suggestion_id", "suggestion__root_id")
        counted = ClusterVoter.objects.filter(member__in=members).values_list("member_id", "root_id", "root_id")
        for member, suggestion, root in voted.union(counted):
            found[member] |= {suggestion, root}
    return found


def _clusters_in(batches: set[int]) -> dict[int, set[int]]:
    """Every cluster that got a post or a vote from an import."""
    found: dict[int, set[int]] = defaultdict(set)
    if batches:
        posts = Suggestion.objects.filter(post__batch__in=batches).values_list("post__batch_id", "root_id")
        named = Vote.objects.filter(batch__in=batches).values_list("batch_id", "suggestion__root_id")
        nameless = ImportedVotes.objects.filter(batch__in=batches).values_list("batch_id", "suggestion__root_id")
        for batch, root in posts.union(named, nameless):
            found[batch].add(root)
    return found


@dataclass
class Owed:
    """The clusters whose stored score may lawfully differ from their votes, because somebody has yet to look."""

    everything: bool
    roots: set[int]


def owed_now(chunk: int = 5000) -> Owed:
    """What all unpaid debts of the score claim."""
    owed = Owed(False, set())
    for activities in _unpaid(chunk):
        for debt in read_debts(activities):
            owed.everything |= debt.everything
            owed.roots |= debt.roots
    return owed


def _unpaid(chunk: int) -> Iterator[list[Activity]]:
    last = 0
    unpaid = Delivery.objects.filter(listener=LISTENER).select_related("activity").order_by("pk")
    while rows := list(unpaid.filter(pk__gt=last)[:chunk]):
        last = rows[-1].pk
        yield [row.activity for row in rows]
