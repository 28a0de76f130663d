"""Why a score is what it is: its parts, the people behind them, what would change it, and how it came to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Count, Q
from django.utils.formats import date_format

from community.models import Persona
from community.models.board import Viewer
from community.punctuation import listed
from feedback.models import ClusterPersona, ClusterScore, ClusterVoter, Merge, Need, ScoreSnapshot, Suggestion
from feedback.models.suggestion import Severity
from feedback.score_configs import Config, active_config
from feedback.score_keeping import judgement_of, sums_of
from feedback.scoring import ESTABLISHED, STRATEGY, VOTE_WEIGHTS, WEIGHTS, Judgement, Sums, score_of
from feedback.why_words import LABELS, Change, words_of_change, words_of_part

MOST_CHANGES, MOST_MOMENTS, MOST_POINTS = 3, 3, 60
FULL = VOTE_WEIGHTS[ESTABLISHED]
# What a careful study may bring at most, honestly: conservative bounds seldom pass two thirds.
GOOD_EVIDENCE = 6_000


@dataclass(frozen=True)
class Part:
    """One part of the score. `numerator` of at most `most`, in ten-thousandths of a point; the parts add up exactly."""

    name: str
    numerator: int
    weight: int
    words: str

    @property
    def label(self) -> str:
        return str(LABELS[self.name])

    @property
    def points(self) -> str:
        """As shown: points with one decimal, rounded down."""
        return f"{self.numerator // 1000 / 10:.1f}"

    @property
    def exact(self) -> str:
        return f"{self.numerator / 10_000:.4f}"


@dataclass(frozen=True)
class People:
    """Who is behind it. musts, importants: how many said so; newcomers: below trust 2; waiting: milli-votes not counted yet."""

    voters: int = 0
    imported: int = 0
    duplicates: int = 0
    established: int = 0
    newcomers: int = 0
    musts: int = 0
    importants: int = 0
    newcomer_musts: int = 0
    newcomer_importants: int = 0
    waiting: int = 0
    personas: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """The score by day, oldest first; `path` and `last` draw it in a box of 270 × 84."""

    points: list[tuple[date, int]]
    path: str = ""
    last: tuple[str, str] = ("0", "0")

    @property
    def told(self) -> str:
        """A few of the scores, first and last among them, for those who hear the picture."""
        step = max(len(self.points) // 6, 1)
        chosen = [*self.points[:-1:step], self.points[-1]] if self.points else []
        return listed(f"{numerator // 1000 / 10:.1f}" for _day, numerator in chosen)


@dataclass(frozen=True)
class Moment:
    """Something that moved the score: another suggestion joined, or the formula's constants changed."""

    day: date
    joined: Suggestion | None = None
    config: int | None = None


@dataclass(frozen=True)
class Explanation:
    """Everything the "why" panel says of one cluster."""

    root: Suggestion
    numerator: int
    config: int
    parts: list[Part]
    people: People
    supporters: int
    changes: list[str]
    history: History
    moments: list[Moment]

    @property
    def exact(self) -> str:
        return f"{self.numerator / 10_000:.4f}"

    @property
    def first_day(self) -> str:
        return date_format(self.history.points[0][0], "MONTH_DAY_FORMAT") if self.history.points else ""

    @property
    def last_day(self) -> str:
        return date_format(self.history.points[-1][0], "MONTH_DAY_FORMAT") if self.history.points else ""


def explain(suggestion: Suggestion, viewer: Viewer) -> Explanation:
    """The score of the suggestion's cluster in words, with nothing in it that the viewer may not see."""
    root = suggestion if suggestion.is_canonical else Suggestion.objects.select_related("post").get(pk=suggestion.root_id)
    book = ClusterScore.objects.filter(pk=root.pk).first() or ClusterScore(root=root)
    config = active_config()
    weights = dict(ClusterPersona.objects.filter(root=root).values_list("persona_id", "weight"))
    sums, judgement = sums_of(book, weights), judgement_of(root)
    people = _people(root, book, weights)
    score = score_of(sums, judgement, config.shares, config.constants)
    days = list(ScoreSnapshot.objects.filter(root=root).order_by("day").values_list("day", "numerator", "config"))
    people = replace(people, waiting=sums.established + sums.newcomers - score.supporters)
    return Explanation(
        root=root,
        numerator=book.numerator,
        config=book.config,
        parts=[
            Part(name, weight * getattr(book, name), weight, words_of_part(name, root, book.supporters, people))
            for name, weight in WEIGHTS.items()
        ],
        people=people,
        supporters=book.supporters,
        changes=_changes(sums, judgement, people, config),
        history=_history([(day, numerator) for day, numerator, _config in days[-MOST_POINTS:]]),
        moments=_moments(root, viewer, [(day, config) for day, _numerator, config in days]),
    )


def _people(root: Suggestion, book: ClusterScore, weights: Mapping[int, int]) -> People:
    new = Q(trust__lt=ESTABLISHED)
    counted = ClusterVoter.objects.filter(root=root).aggregate(
        established=Count("pk", filter=~new),
        newcomers=Count("pk", filter=new),
        musts=Count("pk", filter=Q(need=Need.MUST)),
        importants=Count("pk", filter=Q(need=Need.IMPORTANT)),
        newcomer_musts=Count("pk", filter=new & Q(need=Need.MUST)),
        newcomer_importants=Count("pk", filter=new & Q(need=Need.IMPORTANT)),
    )
    names = {persona.pk: str(persona) for persona in Persona.objects.filter(pk__in=weights)}
    return People(
        voters=book.voters,
        imported=book.imported,
        duplicates=Suggestion.objects.of_cluster(root.pk).count() - 1,
        personas={names[pk]: weight for pk, weight in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))},
        **counted,
    )


def _changes(sums: Sums, judgement: Judgement, people: People, config: Config) -> list[str]:
    """What would move the score most, tried out with the formula itself; the greatest gain first."""
    now = score_of(sums, judgement, config.shares, config.constants).numerator
    gains = []
    for change, (other_sums, other_judgement) in _what_ifs(sums, judgement, people, config).items():
        gain = score_of(other_sums, other_judgement, config.shares, config.constants).numerator - now
        # Less than a tenth of a point would be shown as nothing.
        if gain >= 1000:
            gains.append((gain, change))
    gains.sort(key=lambda pair: (-pair[0], pair[1].kind))
    return [words_of_change(change, gain) for gain, change in gains[:MOST_CHANGES]]


def _what_ifs(sums: Sums, judgement: Judgement, people: People, config: Config) -> dict[Change, tuple[Sums, Judgement]]:
    wish = FULL * Need.IMPORTANT // 1000
    more = replace(sums, established=sums.established + 10 * FULL, established_need=sums.established_need + 10 * wish)
    tried = {Change("voters"): (more, judgement)}
    personas = dict(sums.personas or {})
    shared = [pk for pk, share in config.shares.items() if share]
    missing = min(shared, key=lambda pk: (personas.get(pk, 0), pk), default=None)
    if missing is not None:
        five = {**personas, missing: personas.get(missing, 0) + 5 * FULL}
        name = str(Persona.objects.get(pk=missing))
        tried[Change("persona", name)] = (replace(sums, personas=five, established=sums.established + 5 * FULL), judgement)
    if people.newcomers:
        needs = people.newcomer_musts * Need.MUST + people.newcomer_importants * Need.IMPORTANT
        settled = Sums(
            sums.established + people.newcomers * FULL,
            sums.established_need + needs,
            *_nameless(sums, people),
            sums.personas,
        )
        tried[Change("newcomers", number=people.newcomers)] = (settled, judgement)
    if judgement.evidence < GOOD_EVIDENCE:
        tried[Change("evidence")] = (sums, replace(judgement, evidence=GOOD_EVIDENCE))
    if judgement.strategy_fit < len(STRATEGY) - 1:
        tried[Change("strategy")] = (sums, replace(judgement, strategy_fit=judgement.strategy_fit + 1))
    worse = [level for level in Severity.values if level > judgement.severity]
    if judgement.is_bug and worse:
        label = str(Severity(worse[0]).label)
        tried[Change("severity", label)] = (sums, replace(judgement, severity=worse[0]))
    return tried


def _nameless(sums: Sums, people: People) -> tuple[int, int]:
    """What is left of the newcomers' sums once every named newcomer is established: at most the imported votes."""
    return (min(sums.newcomers, people.imported * VOTE_WEIGHTS[0]), 0)


def _history(points: list[tuple[date, int]]) -> History:
    if len(points) < 2:
        return History(points)
    first, days = points[0][0], max((points[-1][0] - points[0][0]).days, 1)
    most = max(numerator for _day, numerator in points) or 1
    drawn = [(f"{4 + 246 * (day - first).days / days:.0f}", f"{62 - 50 * numerator / most:.0f}") for day, numerator in points]
    return History(points, "M" + " ".join(f"{x} {y}" for x, y in drawn), drawn[-1])


def _moments(root: Suggestion, viewer: Viewer, configs: list[tuple[date, int]]) -> list[Moment]:
    visible = Suggestion.objects.visible_to(viewer)
    merges = Merge.objects.filter(undone_at__isnull=True, duplicate__root=root, duplicate__in=visible)
    moments = [
        Moment(merge.at.date(), joined=merge.duplicate)
        for merge in merges.select_related("duplicate__post").order_by("-at")[:MOST_MOMENTS]
    ]
    before: int | None = None
    for day, config in configs:
        if before is not None and config != before:
            moments.append(Moment(day, config=config))
        before = config
    return sorted(moments, key=lambda moment: moment.day, reverse=True)[:MOST_MOMENTS]
