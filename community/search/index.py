"""The search index follows what is written: set by set, one writer at a time, outside every request."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.db import connection, transaction
from django.db.models import Q

from community.models import Activity, Comment, Post, PostState, SearchEntry
from community.search.lexemes import VERSION, Text, facet, forms_of, vector_of
from community.verbs import Verb

LISTENER = "community.search"
EVERYTHING = ""  # the word whose count is that of all entries; no text has an empty lexeme
# Any number will do that no other advisory lock of ours uses.
ONE_WRITER = 0x5EA2C4
CHUNK = 500
WRITTEN = (Verb.POST_WRITTEN,)
CHANGED = (Verb.POST_EDITED, Verb.POST_CHANGED)
# Whatever becomes of a comment, its fact says which one it is.
SAID = tuple(verb for verb in Verb if verb.startswith("comment_"))
NAMED = (Verb.TAGS_MERGED,)
BROUGHT = (Verb.POSTS_IMPORTED, Verb.IMPORT_UNDONE)
Key = tuple[int, int]  # post, and comment or 0
Row = tuple[datetime, int, str]  # written at, title length, vector

PUT_IN = """
    INSERT INTO community_searchentry AS known (post_id, comment_id, written_at, title_length, version, words)
    SELECT post_id, comment_id, written_at, title_length, %s, words::tsvector
    FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::smallint[], %s::text[])
        AS fresh (post_id, comment_id, written_at, title_length, words)
    ON CONFLICT (post_id, comment_id) DO UPDATE SET written_at = excluded.written_at, title_length = excluded.title_length,
        version = excluded.version, words = excluded.words
"""
TAKE_OUT = """
    DELETE FROM community_searchentry known USING unnest(%s::bigint[], %s::bigint[]) AS gone (post_id, comment_id)
    WHERE known.post_id = gone.post_id AND known.comment_id = gone.comment_id
"""
HELD = """
    SELECT tsvector_to_array(known.words) FROM community_searchentry known
    JOIN unnest(%s::bigint[], %s::bigint[]) AS asked (post_id, comment_id)
    ON known.post_id = asked.post_id AND known.comment_id = asked.comment_id
"""
COUNT = """
    INSERT INTO community_searchword AS known (word, entries, forms)
    SELECT word, entries, forms::int[] FROM unnest(%s::text[], %s::int[], %s::text[]) AS fresh (word, entries, forms)
    ON CONFLICT (word) DO UPDATE SET entries = known.entries + excluded.entries
"""
COUNT_DOWN = """
    UPDATE community_searchword known SET entries = greatest(0, known.entries - fewer.entries)
    FROM unnest(%s::text[], %s::int[]) AS fewer (word, entries) WHERE known.word = fewer.word
"""


def follow(activities: Sequence[Activity]) -> None:
    """The index knows what these facts tell of; facts about other things change nothing."""
    keys: set[Key] = {(fact.subject_id, 0) for fact in activities if fact.verb in WRITTEN and fact.subject_id}
    for fact in activities:
        if fact.verb in SAID and fact.subject_id and "comment_id" in fact.data:
            keys.add((fact.subject_id, fact.data["comment_id"]))
    changed = {fact.subject_id for fact in activities if fact.verb in CHANGED and fact.subject_id}
    # What carries a tag that was merged into another is found by its new name.
    renamed = Post.tags.through.objects.filter(tag__in=[fact.data["into_id"] for fact in activities if fact.verb in NAMED])
    changed |= set(renamed.values_list("post_id", flat=True))
    batches = {fact.subject_id for fact in activities if fact.verb in BROUGHT and fact.subject_id}
    index(keys | set(_threads(changed)) | set(_brought(batches)))


def index_what_is_stale() -> int:
    """Every shown post and comment is in the index as this version reads it, and nothing else is; how many were read."""
    fresh = SearchEntry.objects.filter(version=VERSION)
    posts = Post.objects.filter(state=PostState.VISIBLE)
    comments = Comment.objects.filter(state=PostState.VISIBLE, post__state=PostState.VISIBLE)
    missing = posts.exclude(pk__in=fresh.filter(comment_id=0).values("post_id")).values_list("pk", flat=True)
    unsaid = comments.exclude(pk__in=fresh.exclude(comment_id=0).values("comment_id")).values_list("post_id", "pk")
    return index([*((pk, 0) for pk in missing), *unsaid, *_gone()])


def index(keys: Iterable[Key]) -> int:
    """The index knows these posts and comments as they stand; those gone or hidden are out of it.

    Repeatable; a chunk is one transaction, so that the counts of words are always right. Returns how many were read.
    """
    return sum(_index_chunk(chunk) for chunk in _chunks(keys))


def _threads(post_ids: Iterable[int]) -> Iterator[Key]:
    """These posts with everything said about them: board, kind and tags stand with each."""
    ids = sorted(post_ids)
    yield from ((pk, 0) for pk in ids)
    yield from Comment.objects.filter(post__in=ids).values_list("post_id", "pk")


def _brought(batch_ids: Iterable[int]) -> Iterator[Key]:
    batches = sorted(batch_ids)
    if batches:
        yield from ((pk, 0) for pk in Post.objects.filter(batch__in=batches).values_list("pk", flat=True))
        yield from Comment.objects.filter(batch__in=batches).values_list("post_id", "pk")
        yield from _gone()


def _gone() -> Iterator[Key]:
    """Entries of what is not there or not shown any more."""
    posts = Post.objects.filter(state=PostState.VISIBLE).values("pk")
    said = Comment.objects.filter(state=PostState.VISIBLE).values("pk")
    lost = SearchEntry.objects.filter(~Q(post_id__in=posts) | (~Q(comment_id=0) & ~Q(comment_id__in=said)))
    yield from lost.values_list("post_id", "comment_id")


@transaction.atomic
def _index_chunk(keys: Sequence[Key]) -> int:
    with connection.cursor() as cursor:
        # Two workers with the same post would count its words twice.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_WRITER])
        before = _lexemes_of(keys)
        rows = _read(keys)
        if rows:
            columns = zip(*((post, comment, *row) for (post, comment), row in rows.items()), strict=True)
            cursor.execute(PUT_IN, [VERSION, *map(list, columns)])
        if gone := [key for key in keys if key not in rows]:
            cursor.execute(TAKE_OUT, [list(column) for column in zip(*gone, strict=True)])
        change = _lexemes_of(keys)
        change.subtract(before)
        _count(change)
    return len(keys)


def _read(keys: Sequence[Key]) -> Mapping[Key, Row]:
    """What each shown post and comment says. Plain look-ups by key: joins right after a large import are planned blindly."""
    shown = Post.objects.filter(pk__in={post for post, _ in keys}, state=PostState.VISIBLE)
    posts = {post.pk: post for post in shown.prefetch_related("tags").order_by("pk")}
    said = [comment for post, comment in keys if comment and post in posts]
    rows: dict[Key, Row] = {}
    for key in keys:
        if key[1] == 0 and (post := posts.get(key[0])):
            vector, length = vector_of(Text(post.title, post.body, (*_facets(post), facet("by", post.author_id))))
            rows[key] = post.created_at, length, vector
    for comment in Comment.objects.filter(pk__in=said, state=PostState.VISIBLE).order_by("pk"):
        facets = (*_facets(posts[comment.post_id]), facet("by", comment.author_id))
        vector, _length = vector_of(Text("", comment.body, facets))
        rows[comment.post_id, comment.pk] = comment.created_at, 0, vector
    return rows


def _facets(post: Post) -> tuple[str, ...]:
    return facet("board", post.board_id), facet("kind", post.kind), *(facet("tag", tag.slug) for tag in post.tags.all())


def _lexemes_of(keys: Sequence[Key]) -> Counter[str]:
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(HELD, [list(column) for column in zip(*keys, strict=True)])
        for (lexemes,) in cursor.fetchall():
            found.update([EVERYTHING, *lexemes])
    return found


def _count(change: Counter[str]) -> None:
    more = sorted((word, by) for word, by in change.items() if by > 0)
    fewer = sorted((word, -by) for word, by in change.items() if by < 0)
    with connection.cursor() as cursor:
        if more:
            forms = ["{" + ",".join(map(str, forms_of(word))) + "}" for word, _ in more]
            cursor.execute(COUNT, [*(list(column) for column in zip(*more, strict=True)), forms])
        if fewer:
            cursor.execute(COUNT_DOWN, [list(column) for column in zip(*fewer, strict=True)])


def _chunks(keys: Iterable[Key]) -> Iterator[list[Key]]:
    waiting = iter(dict.fromkeys(keys))
    while chunk := sorted(islice(waiting, CHUNK)):
        yield chunk
