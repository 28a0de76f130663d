"""People and posts of a source come in once, under names that are free, and lists count what they brought."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community import imports
from community.models import Board, Comment, ImportBatch, Member, Post, Standing, Tag
from community.refusals import Conflict
from tests.factories import NOW, make_comment, make_member, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(db):
    return imports.open_batch(name="old-tracker", system="github", by=None, at=NOW)


def incoming(number, **said):
    whole = {"source_id": str(number), "author": "mara", "kind": "discussion", "title": f"Post {number}", "body": "Text."}
    return imports.Incoming(**(whole | {"created_at": NOW} | said))


def bring(board, batch, *rows):
    return imports.import_posts(board=board, rows=rows, batch=batch, at=NOW)


def say(batch, post, number, **said):
    whole = {"source_id": str(number), "post_id": post.pk, "author": "nora", "body": "Same.", "created_at": NOW}
    return imports.import_comments(rows=[imports.IncomingComment(**(whole | said))], batch=batch, at=NOW)


def test_a_batch_can_go_on_but_not_after_it_was_undone(batch):
    assert imports.open_batch(name="old-tracker", system="github", by=None, at=NOW) == batch
    ImportBatch.objects.update(undone_at=NOW)
    with pytest.raises(Conflict, match="old-tracker"):
        imports.open_batch(name="old-tracker", system="github", by=None, at=NOW)


def test_a_batchs_name_belongs_to_one_source(batch):
    with pytest.raises(Conflict):
        imports.open_batch(name="old-tracker", system="sprout", by=None, at=NOW)


def test_a_name_that_is_taken_gets_letters_of_its_own(batch):
    make_member(username="mara-")
    ids = imports.members_of(names=["mara!", "mara?", "Mara?"], batch=batch, at=NOW)
    ids |= imports.members_of(names=["mara+", "mara "], batch=batch, at=NOW)
    names = set(Member.objects.filter(source_system="github").values_list("username", flat=True))
    assert len(names) == len(set(ids.values())) == 5 and {"Mara-", "mara"} <= names


def test_the_same_person_of_a_source_is_one_member(batch):
    first = imports.members_of(names=["mara"], batch=batch, at=NOW)
    assert imports.members_of(names=["mara", "nora"], batch=batch, at=NOW)["mara"] == first["mara"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=150).filter(str.strip))
def test_any_name_makes_an_address(batch, name):
    [pk] = imports.members_of(names=[name], batch=batch, at=NOW).values()
    member = Member.objects.get(pk=pk)
    assert 0 < len(member.username) <= 40 and "/" not in member.username and member.get_absolute_url()


def test_the_same_post_twice_in_one_file_is_one_post(board, batch):
    bring(board, batch, incoming(1), incoming(1, title="Again"))
    assert [post.title for post in Post.objects.all()] == ["Post 1"]


def test_tags_are_shared_and_named_as_the_source_names_them(board, batch):
    bring(board, batch, incoming(1, tags=("Type System", "night")), incoming(2, tags=("type-system", "!!")))
    assert set(Tag.objects.values_list("slug", flat=True)) == {"type-system", "night"}
    assert Tag.objects.get(slug="type-system").posts.count() == 2


def test_an_empty_or_endless_title_still_makes_a_post(board, batch):
    posts = bring(board, batch, incoming(1, title="  "), incoming(2, title="x" * 500))
    assert posts["1"].title == "–" and len(posts["2"].title) == 200


def test_comments_come_in_once_and_are_counted(board, batch):
    post = bring(board, batch, incoming(1))["1"]
    assert (say(batch, post, 5), say(batch, post, 5)) == (1, 0)
    imports.count_comments_of(batch=batch)
    assert Standing.objects.get(pk=post.pk).comments == 1


def test_comments_on_what_was_here_before_are_counted_with_the_others(board, batch):
    post = make_post(board=board)
    make_comment(post)
    say(batch, post, 5)
    imports.count_comments_of(batch=batch)
    assert Standing.objects.get(pk=post.pk).comments == 2


def test_a_people_who_wrote_elsewhere_stay_when_an_import_goes(board, batch):
    imported = bring(board, batch, incoming(1))["1"]
    Post.objects.filter(pk=make_post(board=board).pk).update(author=imported.author_id)
    gone = imports.undo_import(batch=batch, keep=set(), by=None, at=NOW)
    assert gone["posts"] == 1 and Member.objects.filter(pk=imported.author_id).exists()


@pytest.mark.parametrize("touch", ["comment", "edit", "hide", "follow"])
def test_a_touched_post_is_known_as_such(board, batch, voter, touch):
    post, other = (bring(board, batch, incoming(number))[str(number)] for number in (1, 2))
    match touch:
        case "comment":
            make_comment(Post.objects.get(pk=post.pk), author=voter)
        case "edit":
            Post.objects.filter(pk=post.pk).update(edited_at=NOW)
        case "hide":
            Post.objects.filter(pk=post.pk).update(state="hidden")
        case "follow":
            post.follows.create(member=voter)
    assert imports.touched_posts(batch=batch) == {post.pk} and other.pk not in imports.touched_posts(batch=batch)


def test_what_is_kept_keeps_its_comments(board, batch):
    post = bring(board, batch, incoming(1))["1"]
    say(batch, post, 5)
    imports.undo_import(batch=batch, keep={post.pk}, by=None, at=NOW)
    assert Post.objects.filter(pk=post.pk).exists() and Comment.objects.filter(post=post).count() == 1


def test_chunks_cost_the_same_queries_for_2_and_for_20(board, batch, django_assert_max_num_queries):
    for rows in ([incoming(n, tags=("a", "b")) for n in range(2)], [incoming(n, tags=("a", "b")) for n in range(10, 30)]):
        with django_assert_max_num_queries(12):
            bring(board, batch, *rows)
    assert Board.objects.get().posts.count() == 22
