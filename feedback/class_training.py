"""Models that guess are trained on what staff decided, and replace the former one only if they are no worse."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from community.joins import Moment
from community.models import Activity, Post, PostKind, PostState
from community.verbs import Verb
from feedback.class_rules import Rules
from feedback.classifying import WHOLE, Example, Model, calibrate, macro_f1, predict, train
from feedback.guessing import current, guess_posts, mind_of, rules_of
from feedback.models import GUESSED_KINDS, ClassifierModel, PostGuess, What

LEAST_OF_EACH, LEAST_LABELS = 20, 2  # decided examples of so many labels, before anything is learnt
MOST_EXAMPLES = 5_000  # the newest; a training takes seconds
ONE_IN = 5  # so many posts are held out, always the same ones
MOST_GUESSED_AGAIN = 500


def retrain_classifiers(*, at: datetime) -> int:
    """Every model is trained on what staff decided until now; how many of them are better than before, or as good."""
    kept = [row for what in What.values if (row := retrain_classifier(what=what, at=at)) and row.in_use]
    if kept:
        waiting = PostGuess.objects.waiting().order_by("-post_id").values_list("post_id", flat=True).distinct()
        guess_posts(sorted(waiting[:MOST_GUESSED_AGAIN]))
    return len(kept)


@transaction.atomic
def retrain_classifier(*, what: str, at: datetime) -> ClassifierModel | None:
    """A training's figures are on record, and it answers from now on if it is no worse than what answered before.

    Both are asked about posts that neither was trained on. None where staff have not decided enough yet.
    """
    posts = decided_posts(what)
    learning = [_example(post, what) for post in posts if post.pk % ONE_IN]
    held_out = [_example(post, what) for post in posts if not post.pk % ONE_IN]
    counts = Counter(one.label for one in learning)
    if sum(count >= LEAST_OF_EACH for count in counts.values()) < LEAST_LABELS or not held_out:
        return None
    rules, labels = rules_of(what)
    former = mind_of(what)
    model = calibrate(train(learning, rules, labels), rules, held_out)
    new, old = (score(one, rules, held_out) for one in (model, former.model))
    if new >= old:
        ClassifierModel.objects.filter(what=what, in_use=True).update(in_use=False, weights={})
    last = ClassifierModel.objects.filter(what=what).aggregate(last=Max("version"))["last"] or 0
    return ClassifierModel.objects.create(
        what=what,
        version=last + 1,
        weights=model.as_data() if new >= old else {},
        trained_at=at,
        examples=len(learning),
        held_out=len(held_out),
        macro_f1=new,
        former_f1=old,
        in_use=new >= old,
    )


def score(model: Model, rules: Rules, examples: Sequence[Example]) -> int:
    """Macro-F1 in basis points."""
    given = [predict(model, rules, one.title, one.body, one.place).label for one in examples]
    return round(WHOLE * macro_f1([one.label for one in examples], given))


def decided_posts(what: str) -> list[Post]:
    """The newest posts of which staff have said, or let stand, what they are."""
    posts = Post.objects.exclude(state=PostState.DELETED).filter(kind__in=GUESSED_KINDS)
    guessed = PostGuess.objects.decided().filter(what=what).values("post_id")
    looked_at = Q(suggestion__triaged_at__isnull=False) | Q(pk__in=guessed)
    if what == What.KIND:
        # Whoever is not the author and turned it into something else keeps the board.
        turned = Activity.objects.filter(verb=Verb.POST_CHANGED, data__moment=Moment.CONVERTED, subject_id=OuterRef("pk"))
        posts = posts.filter(looked_at | Exists(turned.exclude(actor=None).exclude(actor=OuterRef("author"))))
    elif what == What.SEVERITY:
        posts = posts.filter(looked_at, kind=PostKind.BUG)
    else:
        posts = posts.filter(suggestion__department__isnull=False)
    return list(posts.select_related("board", "suggestion").order_by("-pk")[:MOST_EXAMPLES])


def _example(post: Post, what: str) -> Example:
    return Example(post.title, post.body, current(post, what), post.board.slug)
