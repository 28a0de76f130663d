"""What the books of the score say, beside what the pure formula says of the very same votes."""

from collections import Counter

from community.deliveries import drain
from community.models import PostKind, Standing
from feedback.heat import heat_of, step_of
from feedback.models import ClusterScore, ImportedVotes, Suggestion, Vote
from feedback.rescoring import verify
from feedback.score_configs import active_config
from feedback.scoring import Judgement, Person, add_up, score_of


def settle():
    """Everything owed is paid, and the votes agree with the books to the last unit."""
    drain()
    report = verify()
    assert (report.differences, report.left_out) == (0, 0), report
    return report


def book_of(suggestion):
    return ClusterScore.objects.get(root=suggestion.pk)


def standing_of(suggestion):
    return Standing.objects.get(post=suggestion.pk)


def by_the_formula(suggestion):
    """(score, heat, voters) from votes and people alone, by the pure functions; shares no SQL with the books."""
    row, config = Suggestion.objects.select_related("post").get(pk=suggestion.pk), active_config()
    people, steps = {}, {}
    for vote in Vote.objects.of_cluster(row.pk).counted().select_related("member"):
        member, known = vote.member, people.get(vote.member_id)
        trust = member.trust if member.claimed_at else 0
        need = max(vote.need, known.need if known else 0)
        people[member.pk] = Person(trust, need, member.cohort, member.persona_id)
        steps[member.pk] = max(step_of(vote.cast_at), steps.get(member.pk, -(10**9)))
    nameless = Counter()
    for imported in ImportedVotes.objects.filter(suggestion__root=row.pk):
        nameless[f"import:{imported.batch_id}"] += imported.count
    judgement = Judgement(row.post.kind == PostKind.BUG, row.severity, row.evidence, row.strategy_fit)
    score = score_of(add_up(people.values(), config.constants, nameless), judgement, config.shares, config.constants)
    return score, sum(heat_of(person.weight, steps[pk]) for pk, person in people.items()), len(people)
