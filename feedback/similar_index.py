"""The index of similar suggestions follows what is written: set by set, one writer at a time, outside every request."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from django.db import connection, transaction

from community.models import Activity, Comment, Post, PostKind, PostState
from community.verbs import Verb
from feedback import text
from feedback.models import SimilarTerm, SimilarText, Suggestion

# Any number will do that no other advisory lock of ours uses.
ONE_WRITER = 0x51311A5
CHUNK = 500
WISHES = (PostKind.SUGGESTION, PostKind.BUG)
LISTENER = "feedback.similar"
WRITTEN = (
    Verb.POST_WRITTEN,
    Verb.POST_EDITED,
    Verb.POST_CHANGED,
    Verb.COMMENT_WRITTEN,
    Verb.COMMENT_EDITED,
    Verb.COMMENT_CHANGED,
)
BROUGHT = (Verb.POSTS_IMPORTED, Verb.IMPORT_UNDONE)
Impacts = dict[int, int]

TAKE_OUT = """
    DELETE FROM feedback_similarposting posting
    USING unnest(%s::bigint[], %s::bigint[], %s::smallint[]) AS gone (term, suggestion_id, impact)
    WHERE posting.term = gone.term AND posting.suggestion_id = gone.suggestion_id AND posting.impact = gone.impact
"""
PUT_IN = """
    INSERT INTO feedback_similarposting (term, suggestion_id, impact)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[]) ON CONFLICT DO NOTHING
"""
COUNT_UP = """
    INSERT INTO feedback_similarterm AS known (term, suggestions) SELECT * FROM unnest(%s::bigint[], %s::int[])
    ON CONFLICT (term) DO UPDATE SET suggestions = known.suggestions + excluded.suggestions
"""
COUNT_DOWN = """
    UPDATE feedback_similarterm known SET suggestions = known.suggestions - fewer.suggestions
    FROM unnest(%s::bigint[], %s::int[]) AS fewer (term, suggestions) WHERE known.term = fewer.term
"""


def index_suggestion(*, suggestion_id: int) -> None:
    """The suggestion is found by what it and its thread say now, or not at all where it is not shown."""
    index_suggestions([suggestion_id])


def index_suggestions(ids: Iterable[int]) -> int:
    """The index knows these suggestions as they stand; those gone, hidden or converted are out of it.

    Set-based and repeatable; a chunk is one transaction, so that the counts of terms are always right. Returns how many
    were read.
    """
    return sum(_index_chunk(chunk) for chunk in _chunks(ids))


def follow(activities: Sequence[Activity]) -> None:
    """The index knows what these facts tell of; facts about other things change nothing."""
    index_suggestions(sorted({fact.subject_id for fact in activities if fact.verb in WRITTEN and fact.subject_id}))
    if batches := {fact.subject_id for fact in activities if fact.verb in BROUGHT and fact.subject_id}:
        index_batches(sorted(batches))


def index_what_is_stale() -> int:
    """Every suggestion is in the index as this version reads it, and nothing else is; how many were read."""
    shown = Suggestion.objects.filter(post__state=PostState.VISIBLE, post__kind__in=WISHES)
    known = SimilarText.objects.filter(version=text.VERSION).values("suggestion_id")
    fresh = shown.exclude(pk__in=known).values_list("pk", flat=True)
    gone = SimilarText.objects.exclude(suggestion_id__in=shown.values("pk")).values_list("suggestion_id", flat=True)
    return index_suggestions(sorted({*fresh, *gone}))


def index_batches(batch_ids: Iterable[int]) -> int:
    """What these imports wrote or answered is found; what an undone import took away is not."""
    batches = list(batch_ids)
    written = Suggestion.objects.filter(post__batch_id__in=batches).values_list("pk", flat=True)
    answered = Comment.objects.filter(batch_id__in=batches, post__suggestion__isnull=False).values_list("post_id", flat=True)
    gone = SimilarText.objects.exclude(suggestion_id__in=Suggestion.objects.values("pk"))
    return index_suggestions(sorted({*written, *answered, *gone.values_list("suggestion_id", flat=True)}))


@transaction.atomic
def _index_chunk(ids: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        # Two workers with the same suggestion would count its terms twice.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_WRITER])
    before = {
        row.suggestion_id: dict(zip(row.terms, row.impacts, strict=True))
        for row in SimilarText.objects.filter(suggestion_id__in=ids)
    }
    after = _read(ids)
    _write_postings(before, after)
    _count_terms(before, after)
    SimilarText.objects.filter(suggestion_id__in=before.keys() - after.keys()).delete()
    SimilarText.objects.bulk_create(
        [
            SimilarText(suggestion_id=pk, version=text.VERSION, terms=list(of), impacts=list(of.values()))
            for pk, of in after.items()
        ],
        update_conflicts=True,
        unique_fields=["suggestion_id"],
        update_fields=["version", "terms", "impacts"],
    )
    return len(ids)


def _read(ids: Sequence[int]) -> dict[int, Impacts]:
    """What each shown suggestion is about, its thread included."""
    # Three plain look-ups by key: a join right after a large import is planned without statistics, and crawls.
    wishes = set(Suggestion.objects.filter(pk__in=ids).values_list("pk", flat=True))
    posts = Post.objects.filter(pk__in=wishes, state=PostState.VISIBLE, kind__in=WISHES)
    threads: dict[int, list[str]] = defaultdict(list)
    said = Comment.objects.filter(post_id__in=wishes, state=PostState.VISIBLE).oldest_first()
    for post_id, body in said.values_list("post_id", "body"):
        threads[post_id].append(body)
    return {
        pk: {text.key(term): impact for term, impact in text.tokens(title, body, "\n".join(threads[pk])).items()}
        for pk, title, body in posts.order_by("pk").values_list("pk", "title", "body")
    }


def _write_postings(before: Mapping[int, Impacts], after: Mapping[int, Impacts]) -> None:
    old = {(term, pk, impact) for pk, impacts in before.items() for term, impact in impacts.items()}
    new = {(term, pk, impact) for pk, impacts in after.items() for term, impact in impacts.items()}
    with connection.cursor() as cursor:
        for sql, rows in ((TAKE_OUT, sorted(old - new)), (PUT_IN, sorted(new - old))):
            if rows:
                cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


def _count_terms(before: Mapping[int, Impacts], after: Mapping[int, Impacts]) -> None:
    change = Counter(term for impacts in after.values() for term in impacts)
    change.subtract(Counter(term for impacts in before.values() for term in impacts))
    change[SimilarTerm.EVERYTHING] += len(after) - len(before)
    more = sorted((term, by) for term, by in change.items() if by > 0)
    fewer = sorted((term, -by) for term, by in change.items() if by < 0)
    with connection.cursor() as cursor:
        for sql, rows in ((COUNT_UP, more), (COUNT_DOWN, fewer)):
            if rows:
                cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    waiting = iter(dict.fromkeys(ids))
    while chunk := sorted(islice(waiting, CHUNK)):
        yield chunk
