"""`index_suggestions` and the listener: the index follows what is written."""

import threading
from io import StringIO

from django.core.management import call_command
from django.db import connection, connections

from community import comments, posts
from community.deliveries import drain
from community.models import ImportBatch, Post
from feedback import text
from feedback.models import SimilarPosting, SimilarTerm, SimilarText, Suggestion
from feedback.similar_index import index_batches, index_suggestion, index_suggestions, index_what_is_stale
from tests.factories import NOW, make_board, make_comment, make_member, make_post, make_staff, make_suggestion


def terms_of(suggestion):
    keys = set(SimilarPosting.objects.filter(suggestion_id=suggestion.pk).values_list("term", flat=True))
    row = SimilarText.objects.filter(suggestion_id=suggestion.pk).first()
    assert keys == set(row.terms if row else ())
    return keys


def counted(word):
    return SimilarTerm.objects.filter(term=text.key(text.stem(word))).values_list("suggestions", flat=True).first() or 0


def assert_counts_are_right():
    kept = dict(SimilarTerm.objects.filter(suggestions__gt=0).values_list("term", "suggestions"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT term, count(DISTINCT suggestion_id) FROM feedback_similarposting GROUP BY term")
        counts = dict(cursor.fetchall())
    documents = SimilarText.objects.count()
    assert kept == counts | ({SimilarTerm.EVERYTHING: documents} if documents else {})


def test_a_suggestion_is_indexed_term_by_term(db):
    suggestion = make_suggestion("Dark mode", body="At night")
    index_suggestion(suggestion_id=suggestion.pk)
    assert terms_of(suggestion) == {text.key(term) for term in text.tokens("Dark mode", "At night")}
    assert_counts_are_right()


def test_indexing_twice_changes_nothing(db):
    suggestion = make_suggestion("Dark mode")
    index_suggestion(suggestion_id=suggestion.pk)
    before = list(SimilarTerm.objects.order_by("term").values_list("term", "suggestions"))
    index_suggestion(suggestion_id=suggestion.pk)
    assert list(SimilarTerm.objects.order_by("term").values_list("term", "suggestions")) == before


def test_the_same_id_twice_in_one_call_counts_once(db):
    suggestion = make_suggestion("Dark mode")
    index_suggestions([suggestion.pk, suggestion.pk])
    assert counted("dark") == 1


def test_terms_are_counted_over_all_suggestions(db):
    index_suggestions([make_suggestion("Dark mode").pk, make_suggestion("Dark icons").pk])
    assert (counted("dark"), counted("mode")) == (2, 1)
    assert SimilarTerm.objects.get(term=SimilarTerm.EVERYTHING).suggestions == 2


def test_talk_is_not_indexed(db):
    post = make_post("Dark mode", kind="discussion")
    index_suggestions([post.pk])
    assert not SimilarText.objects.exists()


def test_a_written_suggestion_is_indexed_by_the_worker(db):
    suggestion = make_suggestion("Dark mode")
    assert not SimilarText.objects.exists()
    drain()
    assert terms_of(suggestion)


def test_an_edit_takes_the_old_words_out(db):
    suggestion = make_suggestion("Dark mode")
    drain()
    posts.edit_post(post=suggestion.post, by=suggestion.post.author, title="Bright mode", body="", at=NOW)
    drain()
    assert (counted("dark"), counted("bright"), counted("mode")) == (0, 1, 1)
    assert_counts_are_right()


def test_a_comment_adds_its_words_and_a_deleted_one_takes_them_back(db):
    suggestion = make_suggestion("Dark mode")
    comment = make_comment(suggestion.post, "A black theme would do.")
    drain()
    assert counted("black") == 1
    comments.delete_comment(comment=comment, by=comment.author, at=NOW)
    drain()
    assert counted("black") == 0
    assert_counts_are_right()


def test_a_hidden_suggestion_is_out_and_a_restored_one_is_back(db):
    suggestion, staff = make_suggestion("Dark mode"), make_staff()
    drain()
    posts.hide_post(post=suggestion.post, by=staff, at=NOW)
    drain()
    assert not terms_of(suggestion)
    posts.restore_post(post=Post.objects.get(pk=suggestion.pk), by=staff, at=NOW)
    drain()
    assert terms_of(suggestion)
    assert_counts_are_right()


def test_an_import_is_indexed_as_a_whole(db):
    batch = ImportBatch.objects.create(name="old-forum", system="github")
    inside, outside = make_suggestion("Dark mode"), make_suggestion("Bright mode")
    Post.objects.filter(pk=inside.pk).update(batch=batch)
    index_batches([batch.pk])
    assert terms_of(inside)
    assert not terms_of(outside)


def test_an_imported_suggestion_is_found_and_an_undone_import_is_not(db, tmp_path):
    make_board("wishes")
    path = tmp_path / "old.csv"
    path.write_text("id,title,body,author,created_at,kind\na,Dark mode at sunset,Please,mara,2024-05-01T08:00:00Z,suggestion\n")
    call_command("import_posts", path, format="sprout", board="wishes", batch="old", stdout=StringIO())
    drain()
    assert counted("sunset") == 1
    call_command("undo_import", "old", stdout=StringIO())
    drain()
    assert counted("sunset") == 0
    assert_counts_are_right()


def test_what_an_undone_import_took_away_leaves_no_trace(db):
    gone = make_suggestion("Dark mode")
    index_suggestions([gone.pk, make_suggestion("Bright mode").pk])
    Suggestion.objects.get(pk=gone.pk).delete()
    index_batches([0])
    assert counted("dark") == 0
    assert_counts_are_right()


def test_a_new_version_reads_everything_again(db):
    suggestion = make_suggestion("Dark mode")
    index_suggestion(suggestion_id=suggestion.pk)
    SimilarText.objects.update(version=0)
    assert index_what_is_stale() == 1
    assert SimilarText.objects.get().version == text.VERSION
    assert index_what_is_stale() == 0


def test_what_was_missed_is_made_good(db):
    suggestion = make_suggestion("Dark mode")
    assert index_what_is_stale() == 1
    assert terms_of(suggestion)


def test_the_number_of_queries_does_not_depend_on_the_number_of_suggestions(db, django_assert_num_queries):
    few, many = ([make_suggestion(f"Wish {at} of {size}").pk for at in range(size)] for size in (2, 20))
    with django_assert_num_queries(10):
        index_suggestions(few)
    with django_assert_num_queries(10):
        index_suggestions(many)


def test_two_workers_with_the_same_suggestion_count_it_once(committed_db):
    suggestion = make_suggestion("Dark mode", author=make_member("Mara"))

    def work():
        index_suggestion(suggestion_id=suggestion.pk)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(6)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    assert counted("dark") == 1
    assert_counts_are_right()
