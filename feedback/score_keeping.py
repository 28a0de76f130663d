"""The books of the score are kept by workers: a person's present state is read anew and replaces what they had put in.

Never "apply an event": a fact may come twice, late or in any order. The work for a vote does not grow with the cluster.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models import Count, Sum

from community.models import Activity, PostKind
from community.standing import set_standings
from feedback.heat import EPOCH, heat_of
from feedback.models import ClusterCohort, ClusterPersona, ClusterScore, ClusterVoter, ImportedVotes, Suggestion, Vote
from feedback.rescoring import STANDING_FIELDS, count_anew, lock_clusters, rescore
from feedback.score_configs import Config, active_config
from feedback.score_debts import read_debts
from feedback.scoring import ESTABLISHED, Judgement, Person, Score, Sums, damp, score_of

Pair = tuple[int, int]
SCORE_FIELDS = [column.name for column in ClusterScore._meta.concrete_fields if not column.primary_key]

PRESENT = """
    with person as (
        select s.root_id, v.member_id, max(v.need) as need, max(v.cast_at) as cast_at
        from unnest(%(roots)s::bigint[], %(members)s::bigint[]) as wanted(root_id, member_id)
        join feedback_suggestion s on s.root_id = wanted.root_id
        join community_post p on p.id = s.post_id and p.kind in ('suggestion', 'bug')
        join feedback_vote v on v.suggestion_id = s.post_id and v.member_id = wanted.member_id
            and v.withdrawn_at is null and v.voided_at is null
        group by s.root_id, v.member_id
    )
    select root_id, member_id, case when m.claimed_at is null then 0 else m.trust end, need, m.cohort, m.persona_id,
        floor(extract(epoch from cast_at - %(epoch)s) / 3600)::int
    from person join community_member m on m.id = person.member_id and not m.is_staff"""

# Pair by pair: every cluster times every member of a batch would read a whole busy community for a few votes.
STORED = """
    select c.* from feedback_clustervoter c
    join unnest(%s::bigint[], %s::bigint[]) as wanted(root_id, member_id) using (root_id, member_id)"""
COHORTS = """
    select c.* from feedback_clustercohort c
    join unnest(%s::bigint[], %s::text[]) as wanted(root_id, cohort) using (root_id, cohort)"""


@dataclass(frozen=True)
class Contribution:
    """What one person puts into one cluster, and the hour of their latest vote in it."""

    person: Person
    step: int


@dataclass
class Difference:
    """What a batch adds to one cluster, in milli-votes; cohorts hold weight and wish."""

    voters: int = 0
    established: int = 0
    established_need: int = 0
    heat: int = 0
    cohorts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    personas: Counter[int] = field(default_factory=Counter)

    def add(self, given: Contribution, sign: int) -> None:
        """The contribution comes in (1) or goes out (-1)."""
        person = given.person
        self.voters += sign
        self.heat += sign * heat_of(person.weight, given.step)
        if person.trust < ESTABLISHED:
            self.cohorts[person.cohort][0] += sign * person.weight
            self.cohorts[person.cohort][1] += sign * person.wish
            return
        self.established += sign * person.weight
        self.established_need += sign * person.wish
        if person.persona is not None:
            self.personas[person.persona] += sign * person.weight


def settle(activities: Sequence[Activity]) -> list[Activity]:
    """What the facts claim is in the books. The facts whose clusters another worker holds stay owed."""
    debts = read_debts(activities)
    if any(debt.everything for debt in debts):
        rescore()
        return []
    mine = lock_clusters({root for debt in debts for root in debt.roots})
    ready = [debt for debt in debts if debt.roots <= mine]
    whole = {root for debt in ready for root in debt.whole}
    if whole:
        count_anew(whole)
    pairs = {pair for debt in ready for pair in debt.pairs if pair[0] not in whole}
    touched = {root for debt in ready for root in debt.parts} | {root for root, _member in pairs}
    if touched - whole:
        keep_books(touched - whole, pairs)
    return [debt.activity for debt in debts if not debt.roots <= mine]


def keep_books(roots: Collection[int], pairs: Collection[Pair]) -> None:
    """The clusters, which the caller has locked, hold what these people put in now, and their scores follow."""
    config = active_config()
    differences = _replace_contributions(pairs)
    newcomers = _keep_cohorts(differences, config)
    _keep_personas(differences)
    _refigure(roots, differences, newcomers, config)


def _replace_contributions(pairs: Collection[Pair]) -> dict[int, Difference]:
    differences: dict[int, Difference] = defaultdict(Difference)
    if not pairs:
        return differences
    present, stored = _present(pairs), _stored(pairs)
    gone, written = [], []
    for root, member in sorted(pairs):
        before, now = stored.get((root, member)), present.get((root, member))
        old = _contribution(before) if before else None
        if old == now:
            continue
        if before is not None and old is not None:
            differences[root].add(old, -1)
        if now is not None:
            differences[root].add(now, 1)
            written.append(_row(root, member, now))
        elif before is not None:
            gone.append(before.pk)
    _write(ClusterVoter, gone, written, ["root", "member"], ["weight", "need", "trust", "cohort", "persona", "step"])
    return differences


def _present(pairs: Collection[Pair]) -> dict[Pair, Contribution]:
    """What these people's votes say now, read after the clusters were locked."""
    roots, members = zip(*pairs, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(PRESENT, {"roots": list(roots), "members": list(members), "epoch": EPOCH})
        return {
            (root, member): Contribution(Person(trust, need, cohort if trust < ESTABLISHED else "", persona), step)
            for root, member, trust, need, cohort, persona, step in cursor.fetchall()
        }


def _stored(pairs: Collection[Pair]) -> dict[Pair, ClusterVoter]:
    roots, members = zip(*pairs, strict=True)
    return {(row.root_id, row.member_id): row for row in ClusterVoter.objects.raw(STORED, [list(roots), list(members)])}


def _contribution(row: ClusterVoter) -> Contribution:
    return Contribution(Person(row.trust, row.need, row.cohort, row.persona_id), row.step)


def _row(root: int, member: int, given: Contribution) -> ClusterVoter:
    person = given.person
    return ClusterVoter(
        root_id=root,
        member_id=member,
        weight=person.weight,
        need=person.need,
        trust=person.trust,
        cohort=person.cohort,
        persona_id=person.persona,
        step=given.step,
    )


def _keep_cohorts(differences: dict[int, Difference], config: Config) -> dict[int, list[int]]:
    """The cohorts weigh what their people weigh; answered is the change of each cluster's damped sums."""
    wanted = {
        (root, cohort): change
        for root, difference in differences.items()
        for cohort, change in difference.cohorts.items()
        if any(change)
    }
    damped: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    if not wanted:
        return damped
    roots, cohorts = zip(*wanted, strict=True)
    kept = {(row.root_id, row.cohort): row for row in ClusterCohort.objects.raw(COHORTS, [list(roots), list(cohorts)])}
    written, gone = [], []
    for (root, cohort), change in sorted(wanted.items()):
        row = kept.get((root, cohort))
        before = (row.weight, row.need) if row else (0, 0)
        now = (before[0] + change[0], before[1] + change[1])
        for side in (0, 1):
            damped[root][side] += damp(now[side], config.constants) - damp(before[side], config.constants)
        if now[0]:
            written.append(ClusterCohort(root_id=root, cohort=cohort, weight=now[0], need=now[1]))
        elif row is not None:
            gone.append(row.pk)
    _write(ClusterCohort, gone, written, ["root", "cohort"], ["weight", "need"])
    return damped


def _keep_personas(differences: dict[int, Difference]) -> None:
    wanted = {
        (root, persona): change
        for root, difference in differences.items()
        for persona, change in difference.personas.items()
        if change
    }
    rows = ClusterPersona.objects.filter(root__in={root for root, _ in wanted}) if wanted else []
    kept = {(row.root_id, row.persona_id): row for row in rows}
    written, gone = [], []
    for (root, persona), change in sorted(wanted.items()):
        row = kept.get((root, persona))
        weight = (row.weight if row else 0) + change
        if weight:
            written.append(ClusterPersona(root_id=root, persona_id=persona, weight=weight))
        elif row is not None:
            gone.append(row.pk)
    _write(ClusterPersona, gone, written, ["root", "persona"], ["weight"])


def _refigure(
    roots: Collection[int], differences: dict[int, Difference], newcomers: dict[int, list[int]], config: Config
) -> None:
    """The clusters' sums, parts and numerator follow their books and staff's judgement, and the lists say so."""
    suggestions = {row.pk: row for row in Suggestion.objects.filter(pk__in=roots).select_related("post")}
    folded = {pk for pk, row in suggestions.items() if not row.is_canonical}
    personas: dict[int, dict[int, int]] = defaultdict(dict)
    for row in ClusterPersona.objects.filter(root__in=suggestions):
        personas[row.root_id][row.persona_id] = row.weight
    written: list[ClusterScore] = []
    standings: dict[int, dict[str, Any]] = _own_numbers(folded)
    for book in ClusterScore.objects.filter(pk__in=suggestions.keys() - folded):
        before = {name: getattr(book, name) for name in SCORE_FIELDS}
        _add(book, differences.get(book.pk, Difference()), newcomers.get(book.pk, [0, 0]))
        _judge(book, suggestions[book.pk], personas[book.pk], config)
        if any(getattr(book, name) != value for name, value in before.items()):
            written.append(book)
        standings[book.pk] = {
            "votes": book.voters,
            "imported_votes": book.imported,
            "heat": book.heat,
            "score": book.numerator,
            "established": book.established,
        }
    _write(ClusterScore, [], written, ["root"], SCORE_FIELDS)
    set_standings({pk: standings[pk] for pk in folded | {book.pk for book in written}}, fields=STANDING_FIELDS)


def _add(book: ClusterScore, change: Difference, newcomers: Sequence[int]) -> None:
    book.voters += change.voters
    book.established += change.established
    book.established_need += change.established_need
    book.newcomers += newcomers[0]
    book.newcomers_need += newcomers[1]
    # Python's whole numbers: decimal arithmetic would round at 28 digits.
    book.heat = Decimal(int(book.heat) + change.heat)


def _judge(book: ClusterScore, suggestion: Suggestion, personas: dict[int, int], config: Config) -> None:
    score = score_of(sums_of(book, personas), judgement_of(suggestion), config.shares, config.constants)
    book.config, book.numerator = config.version, score.numerator
    for name in (part.name for part in fields(Score)):
        setattr(book, name, getattr(score, name))


def sums_of(book: ClusterScore, personas: dict[int, int]) -> Sums:
    """The books of a cluster as the formula reads them."""
    return Sums(book.established, book.established_need, book.newcomers, book.newcomers_need, personas)


def judgement_of(suggestion: Suggestion) -> Judgement:
    """What staff say of a canonical suggestion; talk that was a suggestion once is judged no more."""
    if suggestion.post.kind not in (PostKind.SUGGESTION, PostKind.BUG):
        return Judgement()
    return Judgement(suggestion.post.kind == PostKind.BUG, suggestion.severity, suggestion.evidence, suggestion.strategy_fit)


def _own_numbers(folded: Collection[int]) -> dict[int, dict[str, Any]]:
    """A duplicate shows how many had voted for it; whatever else it had counts in its canonical."""
    if not folded:
        return {}
    own = Vote.objects.counted().filter(suggestion__in=folded).values_list("suggestion_id").annotate(Count("pk"))
    nameless = ImportedVotes.objects.filter(suggestion__in=folded).values_list("suggestion_id").annotate(Sum("count"))
    votes, imported = dict(own), dict(nameless)
    nothing = {"heat": 0, "score": 0, "established": 0}
    return {pk: {"votes": votes.get(pk, 0), "imported_votes": imported.get(pk, 0)} | nothing for pk in folded}


def _write(
    table: type[models.Model], gone: list[int], written: Sequence[models.Model], keys: list[str], values: list[str]
) -> None:
    if gone:
        table._default_manager.filter(pk__in=gone).delete()
    if written:
        table._default_manager.bulk_create(written, update_conflicts=True, unique_fields=keys, update_fields=values)
