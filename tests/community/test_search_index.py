"""The index of the search holds what is shown, and nothing else."""

import pytest
from django.db import connection

from community.comments import delete_comment, edit_comment, hide_comment, restore_comment
from community.deliveries import drain
from community.imports import Incoming, IncomingComment, close_batch, import_comments, import_posts, open_batch, undo_import
from community.models import Post, PostState, SearchEntry, SearchWord
from community.posts import delete_post, edit_post, hide_post, move_post, restore_post
from community.search.index import EVERYTHING, index, index_what_is_stale
from community.search.lexemes import VERSION
from tests.factories import make_board, make_comment, make_post

pytestmark = pytest.mark.django_db


def entries_of(word: str) -> int:
    return SearchEntry.objects.filter(words__holds=f"'{word}'").count()


def count_of(word: str) -> int:
    return SearchWord.objects.filter(word=word).values_list("entries", flat=True).first() or 0


def counted_anew() -> dict[str, int]:
    """How many entries each lexeme is in, from the entries themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lexeme, count(*) FROM community_searchentry, unnest(words) GROUP BY lexeme")
        return dict(cursor.fetchall()) | {EVERYTHING: SearchEntry.objects.count()}


def assert_counts_are_right():
    kept = dict(SearchWord.objects.filter(entries__gt=0).values_list("word", "entries"))
    assert kept == {word: count for word, count in counted_anew().items() if count}


@pytest.fixture
def post(author):
    post = make_post("Dark mode at night", author=author, body="It is too bright.", tags=["Sleep"])
    drain()
    return post


def test_what_is_written_is_in_the_index_once_the_debt_is_paid(post):
    entry = SearchEntry.objects.get(post_id=post.pk)
    assert (entry.comment_id, entry.version, entry.written_at) == (0, VERSION, post.created_at)
    assert entries_of("bright") == entries_of("^dark") == entries_of(f"=by:{post.author_id}") == entries_of("=tag:sleep") == 1


def test_a_comment_is_an_entry_of_its_own_with_the_facets_of_its_post(post, voter):
    comment = make_comment(post, "The moon is enough.", author=voter)
    drain()
    entry = SearchEntry.objects.get(comment_id=comment.pk)
    assert entry.post_id == post.pk
    assert entries_of("moon") == entries_of(f"=by:{voter.pk}") == 1
    assert entries_of(f"=board:{post.board_id}") == 2


def test_an_edit_replaces_what_was_there_and_keeps_the_entry(post, author, now, hours):
    before = SearchEntry.objects.get().pk
    edit_post(post=post, by=author, title="A black theme", body="", at=now + hours(1))
    drain()
    assert SearchEntry.objects.get().pk == before
    assert (entries_of("dark"), entries_of("black"), count_of("dark"), count_of("black")) == (0, 1, 0, 1)


def test_other_tags_are_found_at_comments_too(post, author, now, hours):
    make_comment(post, "So it is.")
    edit_post(post=post, by=author, title=post.title, body=post.body, tags=["Eyes"], at=now + hours(1))
    drain()
    assert (entries_of("=tag:eyes"), entries_of("=tag:sleep")) == (2, 0)


def test_an_edited_comment_says_what_it_says_now(post, voter, now, hours):
    comment = make_comment(post, "The moon is enough.", author=voter)
    edit_comment(comment=comment, by=voter, body="The stars are enough.", at=now + hours(1))
    drain()
    assert (entries_of("moon"), entries_of("star")) == (0, 1)


def test_what_is_deleted_or_hidden_leaves_the_index_with_its_thread_and_comes_back(post, author, staff, now, hours):
    make_comment(post, "The moon is enough.")
    for day, change in enumerate((delete_post, hide_post)):
        change(post=post, by=author if change is delete_post else staff, at=now + hours(24 * day + 1))
        drain()
        assert not SearchEntry.objects.exists()
        restore_post(post=post, by=staff, at=now + hours(24 * day + 2))
        drain()
        assert SearchEntry.objects.count() == 2
        assert_counts_are_right()


def test_a_hidden_comment_leaves_and_comes_back(post, staff, voter, now, hours):
    comment = make_comment(post, "The moon is enough.", author=voter)
    for day, (change, by) in enumerate(((hide_comment, staff), (delete_comment, voter))):
        change(comment=comment, by=by, at=now + hours(24 * day + 1))
        drain()
        assert entries_of("moon") == 0
        restore_comment(comment=comment, by=staff, at=now + hours(24 * day + 2))
        drain()
        assert entries_of("moon") == 1


def test_a_moved_post_is_found_in_its_new_board(post, staff, now, hours):
    make_comment(post, "So it is.")
    there = make_board("camera")
    move_post(post=post, board=there, by=staff, at=now + hours(1))
    drain()
    assert entries_of(f"=board:{there.pk}") == 2


def test_the_counts_of_words_are_those_of_the_entries_whatever_happened(post, author, staff, now, hours):
    other = make_post("Dark and bright", author=author, body="dark dark dark")
    make_comment(other, "bright as the moon")
    drain()
    edit_post(post=post, by=author, title="A black theme", body="moon", at=now + hours(1))
    delete_post(post=other, by=author, at=now + hours(1))
    drain()
    assert_counts_are_right()


def test_reading_twice_changes_nothing(post):
    make_comment(post, "The moon is enough.")
    drain()
    before = list(SearchWord.objects.order_by("word").values_list("word", "entries"))
    assert index([(post.pk, 0), (post.pk, 0)]) == 1
    assert list(SearchWord.objects.order_by("word").values_list("word", "entries")) == before


def test_only_words_that_can_be_misspelt_keep_the_forms_of_their_slips(post):
    assert SearchWord.objects.get(word="bright").forms
    assert SearchWord.objects.get(word="^dark").forms == []


def test_what_was_missed_is_read_and_what_is_gone_is_dropped(post, author):
    lost = make_post("Written while nobody listened", author=author)
    SearchEntry.objects.filter(post_id=lost.pk).delete()
    Post.objects.filter(pk=post.pk).update(state=PostState.HIDDEN)
    SearchEntry.objects.create(post_id=999_999, version=VERSION, written_at=post.created_at, words="")
    assert index_what_is_stale() == 3
    assert list(SearchEntry.objects.values_list("post_id", flat=True)) == [lost.pk]
    assert index_what_is_stale() == 0


def test_rows_of_an_older_version_are_read_again(post):
    SearchEntry.objects.update(version=0)
    assert index_what_is_stale() == 1
    assert SearchEntry.objects.get().version == VERSION


def bring_in(board, now):
    batch = open_batch(name="old-forum", system="github", by=None, at=now)
    rows = [Incoming("1", "ann", "discussion", "Zebra stripes", "They flicker.", now)]
    posts = import_posts(board=board, rows=rows, batch=batch, at=now)
    import_comments(rows=[IncomingComment("c1", posts["1"].pk, "bob", "Giraffe", now)], batch=batch, at=now)
    return close_batch(batch=batch, counts={"posts": 1, "comments": 1}, at=now)


def test_what_an_import_brings_is_found_and_gone_when_it_is_undone(board, now):
    batch = bring_in(board, now)
    drain()
    assert (entries_of("zebra"), entries_of("giraff")) == (1, 1)
    undo_import(batch=batch, keep=set(), by=None, at=now)
    drain()
    assert not SearchEntry.objects.exists()
    assert_counts_are_right()


def test_a_text_full_of_odd_signs_is_kept(author):
    make_post("Quote ' and \\ back", author=author, body="a'b \\' '' ::: & | ! <-> \U0001f600 " + "x" * 300)
    drain()
    assert SearchEntry.objects.count() == 1
