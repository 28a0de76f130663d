"""What pieces of work are worth: the score's formula over everybody who wants any of the suggestions one serves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Sum

from community.models import PostKind
from feedback.models import ClusterScore, ClusterVoter, ImportedVotes, RoadmapItem, Status, Suggestion
from feedback.score_configs import Config, active_config
from feedback.scoring import Judgement, Person, add_up, score_of

WISHES = (PostKind.SUGGESTION, PostKind.BUG)


@dataclass(frozen=True)
class Worth:
    """value: a score numerator; voters: distinct people; community: whether a fan asked for it; first_timers: authors who
    never saw a suggestion of theirs ship."""

    value: int = 0
    voters: int = 0
    community: bool = False
    first_timers: int = 0


def worth_of(items: Iterable[RoadmapItem]) -> dict[int, Worth]:
    """Each piece of work by its id, in seven queries whatever their number. Work that serves nothing is worth nothing here:
    its reasons are the team's own, and it comes into a plan as a must or by hand."""
    served = _served(items)
    roots = {pk for one in served.values() for pk in one}
    suggestions = Suggestion.objects.filter(pk__in=roots).select_related("post__author").in_bulk()
    merged = _authors(roots)
    veterans = _veterans({pk for people in merged.values() for pk in people})
    books = _Books.of(roots)
    return {
        item: Worth(
            *books.value_of([suggestions[pk] for pk in mine]),
            any(not suggestions[pk].post.author.is_staff for pk in mine),
            len({author for pk in mine for author in merged[pk]} - veterans),
        )
        if mine
        else Worth()
        for item, mine in served.items()
    }


def _served(items: Iterable[RoadmapItem]) -> dict[int, set[int]]:
    """Piece of work → the canonical suggestions it serves."""
    served: dict[int, set[int]] = {item.pk: set() for item in items}
    rows = RoadmapItem.suggestions.through.objects.filter(roadmapitem__in=served)
    for item, root in rows.values_list("roadmapitem_id", "suggestion__root_id"):
        served[item].add(root)
    return served


def _authors(roots: Iterable[int]) -> Mapping[int, set[int]]:
    """Canonical → the fans who wrote it or what was merged into it."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Suggestion.objects.filter(root__in=roots, post__author__is_staff=False)
    for root, author in rows.values_list("root_id", "post__author_id"):
        found[root].add(author)
    return found


def _veterans(authors: Iterable[int]) -> set[int]:
    """Those of them who have seen something of theirs ship."""
    shipped = Suggestion.objects.filter(root__status=Status.SHIPPED, post__author__in=authors)
    return set(shipped.values_list("post__author_id", flat=True))


@dataclass(frozen=True)
class _Books:
    """What the workers keep of these clusters, person by person, and per cohort of nameless votes."""

    people: Mapping[int, Sequence[ClusterVoter]]
    nameless: Mapping[int, Mapping[str, int]]
    scores: Mapping[int, ClusterScore]
    config: Config

    @classmethod
    def of(cls, roots: Iterable[int]) -> "_Books":
        people: dict[int, list[ClusterVoter]] = defaultdict(list)
        for row in ClusterVoter.objects.filter(root__in=roots):
            people[row.root_id].append(row)
        nameless: dict[int, dict[str, int]] = defaultdict(dict)
        brought = ImportedVotes.objects.filter(suggestion__root__in=roots, suggestion__post__kind__in=WISHES)
        for root, batch, count in brought.order_by().values_list("suggestion__root", "batch").annotate(Sum("count")):
            nameless[root][f"import:{batch}"] = count
        return cls(people, nameless, ClusterScore.objects.in_bulk(list(roots)), active_config())

    def value_of(self, suggestions: Sequence[Suggestion]) -> tuple[int, int]:
        """The numerator over the union of their voters, and how many those are.

        Everybody counts once with their strongest need; staff's judgement is the highest given to any of them, and the
        most wanted of them says whether it is a fault or an idea.
        """
        people: dict[int, ClusterVoter] = {}
        nameless: dict[str, int] = defaultdict(int)
        for suggestion in suggestions:
            for row in self.people[suggestion.pk]:
                if row.member_id not in people or people[row.member_id].need < row.need:
                    people[row.member_id] = row
            for cohort, count in self.nameless[suggestion.pk].items():
                nameless[cohort] += count
        leading = max(suggestions, key=lambda one: (self._numerator(one), -one.pk))
        judgement = Judgement(
            is_bug=leading.post.kind == PostKind.BUG,
            severity=max(one.severity for one in suggestions),
            evidence=max(one.evidence for one in suggestions),
            strategy_fit=max(one.strategy_fit for one in suggestions),
        )
        persons = [Person(row.trust, row.need, row.cohort, row.persona_id) for row in people.values()]
        sums = add_up(persons, self.config.constants, nameless)
        return score_of(sums, judgement, self.config.shares, self.config.constants).numerator, len(people)

    def _numerator(self, suggestion: Suggestion) -> int:
        kept = self.scores.get(suggestion.pk)
        return kept.numerator if kept else 0
