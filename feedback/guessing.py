"""Guesses about posts follow what is written; staff accept them with one press, or say no."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from community.joins import Moment
from community.models import Activity, Member, Post, PostKind, PostState
from community.privileges import Privilege, require
from community.refusals import Conflict
from community.verbs import Verb
from feedback.class_rules import KINDS, SEVERITIES, Rules, department_rules
from feedback.classifying import Guess, Model, predict, unlearned
from feedback.models import GUESSED_KINDS, ClassifierModel, Department, PostGuess, Suggestion, What
from feedback.models.suggestion import Severity
from feedback.triage import View, triage_suggestion

LISTENER = "feedback.guesses"
WRITTEN = (Verb.POST_WRITTEN, Verb.POST_EDITED, Verb.POST_CHANGED)
DECIDED = (Verb.SUGGESTION_TRIAGED,)
LOOKS_DIFFERENT = 7_000  # basis points from which a guess against the kind is worth a look
# Less sure than this is noise: on the demo, phrases of the text alone were wrong two times in three.
LEAST_SURE = {What.KIND: 5_000, What.SEVERITY: 4_000, What.DEPARTMENT: 3_500}
WORD_LENGTH = 80


@dataclass(frozen=True)
class Mind:
    """What guesses one thing: the rules, and the model in use on top of them."""

    what: What
    rules: Rules
    model: Model
    version: int

    def guess(self, post: Post) -> Guess | None:
        """The guess, or None where it is faint or no word led to it: nobody is told what cannot be explained."""
        if not self.model.labels:
            return None
        guess = predict(self.model, self.rules, post.title, post.body, post.board.slug)
        return guess if guess.words and guess.confidence >= LEAST_SURE[self.what] else None


def rules_of(what: str) -> tuple[Rules, tuple[str, ...]]:
    """The rules for one thing, and the labels there are."""
    if what == What.KIND:
        return KINDS, tuple(map(str, GUESSED_KINDS))
    if what == What.SEVERITY:
        return SEVERITIES, tuple(map(str, Severity.values))
    rows = {str(row.pk): (row.name, row.name_zh_hans, row.name_zh_hant) for row in Department.objects.order_by("pk")}
    return department_rules(rows), tuple(rows)


def mind_of(what: str) -> Mind:
    """What guesses this thing today; a department that is new waits for the next training."""
    rules, labels = rules_of(what)
    row = ClassifierModel.objects.filter(what=what, in_use=True).first()
    if row is None:
        return Mind(What(what), rules, unlearned(labels), 0)
    return Mind(What(what), rules, Model.of_data(row.weights), row.version)


def follow(activities: Sequence[Activity]) -> None:
    """Posts these facts tell of have their guesses, and what staff decided of them is noted; any order, any number of times."""
    ids = sorted({fact.subject_id for fact in activities if fact.subject_id})
    written = sorted({fact.subject_id for fact in activities if fact.verb in WRITTEN and fact.subject_id})
    guess_posts(written)
    settle_outcomes(ids)


@transaction.atomic
def guess_posts(ids: Iterable[int]) -> int:
    """Each of these posts has its guesses as it reads now; those decided stay, those of deleted posts are gone."""
    wanted = list(ids)
    shown = Post.objects.exclude(state=PostState.DELETED).filter(pk__in=wanted, kind__in=GUESSED_KINDS)
    posts = list(shown.select_related("board").order_by("pk"))
    decided = set(PostGuess.objects.filter(post__in=posts).decided().values_list("post_id", "what"))
    rows = [row for row in _guesses_about(posts) if (row.post_id, row.what) not in decided]
    kept = {(row.post_id, row.what) for row in rows} | decided
    for row in PostGuess.objects.filter(post__in=wanted):
        if (row.post_id, row.what) not in kept:
            row.delete()
    PostGuess.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["post", "what"],
        update_fields=["label", "confidence", "words", "version"],
    )
    return len(posts)


def _guesses_about(posts: Sequence[Post]) -> list[PostGuess]:
    minds = {what: mind_of(what) for what in What.values} if posts else {}
    rows = []
    for post in posts:
        kind = minds[What.KIND].guess(post)
        found = {What.KIND: kind, What.DEPARTMENT: minds[What.DEPARTMENT].guess(post)}
        if PostKind.BUG in (post.kind, kind.label if kind else ""):
            found[What.SEVERITY] = minds[What.SEVERITY].guess(post)
        rows += [_row(post, what, guess, minds[what].version) for what, guess in found.items() if guess]
    return rows


def _row(post: Post, what: str, guess: Guess, version: int) -> PostGuess:
    words = [word[:WORD_LENGTH] for word in guess.words]
    return PostGuess(post=post, what=what, label=guess.label, confidence=guess.confidence, words=words, version=version)


def settle_outcomes(ids: Iterable[int]) -> None:
    """Guesses that staff decided about are accepted or changed, by what the post is now."""
    told = Q(verb=Verb.SUGGESTION_TRIAGED) | Q(verb=Verb.POST_CHANGED, data__moment=Moment.CONVERTED)
    rows = PostGuess.objects.waiting().filter(post__in=list(ids)).select_related("post__suggestion")
    deciders: dict[tuple[int | None, str], set[int | None]] = {}
    for fact in Activity.objects.filter(told, subject_id__in=[row.post_id for row in rows]):
        for named in ("kind",) if fact.verb == Verb.POST_CHANGED else fact.data["fields"]:
            deciders.setdefault((fact.subject_id, named), set()).add(fact.actor_id)
    for row in rows:
        # An author who turns their own post into something else is not the team.
        if deciders.get((row.post_id, row.what), set()) - {row.post.author_id}:
            _settle(row, row.label == current(row.post, row.what))


def _settle(row: PostGuess, accepted: bool) -> None:
    row.outcome = PostGuess.Outcome.ACCEPTED if accepted else PostGuess.Outcome.CHANGED
    row.save(update_fields=["outcome"])


def current(post: Post, what: str) -> str:
    """What the post is today, as a label; empty where nobody has said."""
    if what == What.KIND:
        return str(post.kind)
    suggestion: Suggestion | None = getattr(post, "suggestion", None)
    if suggestion is None:
        return ""
    return str(suggestion.severity if what == What.SEVERITY else suggestion.department_id or "")


@transaction.atomic
def accept_guess(*, guess: PostGuess, by: Member, at: datetime) -> PostGuess:
    """The post is what it was taken for, through triage like any other decision.

    Raises NotAllowed for whoever may not triage, Conflict where the guess is decided or its department is gone.
    """
    row = _lock_waiting(guess, by)
    suggestion = Suggestion.objects.select_related("post", "root").filter(pk=row.post_id).first()
    if suggestion is None:
        raise Conflict(_("This post is not a suggestion any more."))
    triage_suggestion(suggestion=suggestion, by=by, at=at, **_view(row))
    _settle(row, True)
    return row


@transaction.atomic
def decline_guess(*, guess: PostGuess, by: Member) -> PostGuess:
    """The post stays as it is, and the next training knows that the guess was wrong."""
    row = _lock_waiting(guess, by)
    _settle(row, False)
    return row


def _lock_waiting(guess: PostGuess, by: Member) -> PostGuess:
    require(by, Privilege.TRIAGE)
    row = PostGuess.objects.select_for_update(no_key=True).filter(pk=guess.pk).first()
    if row is None or row.outcome != PostGuess.Outcome.WAITING:
        raise Conflict(_("Somebody has decided this already."))
    return row


def _view(row: PostGuess) -> View:
    if row.what == What.KIND:
        return {"kind": row.label}
    if row.what == What.SEVERITY:
        return {"severity": int(row.label)}
    department = Department.objects.filter(pk=int(row.label)).first()
    if department is None:
        raise Conflict(_("This department is gone."))
    return {"department": department}


@dataclass(frozen=True)
class Proposed:
    """A guess as the desk shows it."""

    guess: PostGuess
    what: str
    label: str
    percent: int


def proposed_for(suggestion: Suggestion) -> list[Proposed]:
    """What would change if the waiting guesses about it were accepted."""
    rows = PostGuess.objects.waiting().filter(post=suggestion.pk).order_by("pk")
    found = [row for row in rows if row.label != current(suggestion.post, row.what)]
    names = {str(row.pk): str(row) for row in Department.objects.all()} if found else {}
    return [
        Proposed(row, str(What(row.what).label), label, row.confidence // 100)
        for row in found
        if (label := _label(row, names, suggestion.post))
    ]


def _label(row: PostGuess, departments: Mapping[str, str], post: Post) -> str:
    if row.what == What.KIND:
        return str(PostKind(row.label).label)
    if row.what == What.DEPARTMENT:
        return departments.get(row.label, "")
    # Only bugs have a severity; a guess for what is not one yet waits until it is.
    return str(Severity(int(row.label)).label) if post.kind == PostKind.BUG else ""
