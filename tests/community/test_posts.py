"""Posts are written, edited, moved, converted, hidden, deleted and brought back, and always stand in their lists."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community import posts
from community.models import Activity, Audience, Follow, Post, Standing
from community.refusals import Conflict, Invalid, NotAllowed
from tests.factories import NOW, make_board, make_member, make_post, make_staff

pytestmark = pytest.mark.django_db


def test_a_post_stands_in_its_list_and_its_author_follows_it(author, board):
    post = make_post("Dark mode at sunset", author=author, board=board)
    row = Standing.objects.get(pk=post.pk)
    assert (row.board, row.kind, row.state, row.created_at) == (board, "discussion", "visible", NOW)
    assert Follow.objects.filter(post=post, member=author).exists()
    assert Activity.objects.get(key=f"post_written:{post.pk}").data["board_id"] == board.pk


def test_markdown_is_kept_and_its_html_is_safe(author, board):
    post = make_post(author=author, board=board, body="**Bold** <script>alert(1)</script>")
    assert "<strong>Bold</strong>" in post.body_html and "<script" not in post.body_html
    assert post.body.startswith("**Bold**")


@pytest.mark.parametrize("title", ["", "  ", "abc", "好"])
def test_a_title_says_something(author, board, title):
    with pytest.raises(Invalid) as refusal:
        posts.write_post(author=author, board=board, kind="discussion", title=title, body="", at=NOW)
    assert "title" in refusal.value.fields


def test_two_han_signs_are_title_enough(author, board):
    assert posts.write_post(author=author, board=board, kind="discussion", title="夜间", body="", at=NOW).title == "夜间"


@pytest.mark.parametrize("body", ["x" * 20_001, "[a](b) " * 60, "|" * 600])
def test_a_text_past_its_limits_is_refused_with_what_to_do(author, board, body):
    with pytest.raises(Invalid):
        posts.write_post(author=author, board=board, kind="discussion", title="A fine title", body=body, at=NOW)
    assert not Post.objects.exists()


def test_a_board_that_is_closed_to_the_author_takes_no_post(author):
    with pytest.raises(NotAllowed):
        make_post(author=author, board=make_board(post=Audience.STAFF))


def test_announcements_are_the_teams(author, board):
    with pytest.raises(NotAllowed):
        make_post(author=author, board=board, kind="announcement")
    assert make_post(author=make_staff(), board=board, kind="announcement").kind == "announcement"


def test_tags_are_made_once_and_at_most_five_are_kept(author, board):
    post = make_post(author=author, board=board, tags=["Battery", "battery ", "#夜间", "a", "b", "c", "d", "!!"])
    assert [tag.slug for tag in post.tags.order_by("pk")] == ["battery", "夜间", "a", "b", "c"]


def test_an_edit_that_changes_nothing_is_no_fact(author, board):
    post = make_post("The same title", author=author, board=board, body="Same.")
    posts.edit_post(post=post, by=author, title="The same  title", body="Same.\n", at=NOW)
    assert Post.objects.get(pk=post.pk).edited_at is None


def test_an_edit_is_seen_and_dated(author, board):
    post = posts.edit_post(post=make_post(author=author, board=board), by=author, title="Better now", body="_New_", at=NOW)
    assert (post.title, post.edited_at) == ("Better now", NOW) and "<em>" in post.body_html


def test_only_the_author_and_moderators_change_a_post(author, board, stranger, moderator):
    post = make_post(author=author, board=board)
    with pytest.raises(NotAllowed):
        posts.edit_post(post=post, by=stranger, title="Mine now", body="", at=NOW)
    assert posts.edit_post(post=post, by=moderator, title="Tidied up", body="", at=NOW).title == "Tidied up"


def test_a_deleted_post_is_gone_and_can_come_back(author, board, stranger):
    post = make_post(author=author, board=board)
    posts.delete_post(post=post, by=author, at=NOW)
    assert not Post.objects.visible_to(stranger).exists() and not Standing.objects.visible_to(author).exists()
    posts.restore_post(post=post, by=author, at=NOW + timedelta(minutes=1))
    assert Post.objects.visible_to(stranger).get() == post


def test_a_hidden_post_is_seen_by_its_author_and_those_who_moderate(author, board, stranger, moderator):
    post = make_post(author=author, board=board)
    posts.hide_post(post=post, by=moderator, at=NOW)
    seen = [Post.objects.visible_to(viewer).exists() for viewer in (None, stranger, author, moderator, make_staff())]
    assert seen == [False, False, True, True, True]


def test_nobody_hides_without_the_right(author, board, stranger):
    with pytest.raises(NotAllowed):
        posts.hide_post(post=make_post(author=author, board=board), by=stranger, at=NOW)


def test_what_was_done_already_is_a_conflict(author, board):
    post = make_post(author=author, board=board)
    posts.delete_post(post=post, by=author, at=NOW)
    with pytest.raises(Conflict):
        posts.delete_post(post=post, by=author, at=NOW)


def test_a_moved_post_stands_in_the_other_board(author, board, moderator):
    post, other = make_post(author=author, board=board), make_board("camera")
    other.moderators.add(moderator)
    posts.move_post(post=post, board=other, by=moderator, at=NOW)
    assert Standing.objects.get(pk=post.pk).board == other


def test_a_converted_post_is_of_the_other_kind_everywhere(author, board, moderator):
    post = make_post(author=author, board=board)
    posts.convert_post(post=post, kind="question", by=moderator, at=NOW)
    assert Standing.objects.get(pk=post.pk).kind == "question"


@pytest.mark.parametrize(
    ("see", "seen_by"),
    [
        ("anyone", "visitor member moderator staff"),
        ("members", "member moderator staff"),
        ("moderators", "moderator staff"),
        ("staff", "staff"),
    ],
)
def test_one_rule_says_who_sees_a_board(see, seen_by, board, moderator):
    board.see = see
    board.save()
    make_post(author=make_staff(), board=board)
    viewers = {"visitor": None, "member": make_member(), "moderator": moderator, "staff": make_staff()}
    assert {name for name, viewer in viewers.items() if Post.objects.visible_to(viewer).exists()} == set(seen_by.split())
    assert {name for name, viewer in viewers.items() if Standing.objects.visible_to(viewer).exists()} == set(seen_by.split())


@given(title=st.text(max_size=200))
def test_any_title_gives_a_slug_that_fits_an_address(title):
    slug = Post(title=title).slug
    assert slug and len(slug) <= 60 and "/" not in slug and " " not in slug and not slug.startswith("-")


def test_a_moderator_keeps_only_the_boards_they_were_given(author, board, moderator):
    elsewhere = make_post(author=author, board=make_board("camera"))
    for act in (posts.hide_post, posts.restore_post):
        with pytest.raises(NotAllowed, match="this board"):
            act(post=elsewhere, by=moderator, at=NOW)
    with pytest.raises(NotAllowed):
        posts.edit_post(post=elsewhere, by=moderator, title="Not my board", body="", at=NOW)
    with pytest.raises(NotAllowed):
        posts.move_post(post=make_post(author=author, board=board), board=elsewhere.board, by=moderator, at=NOW)


@pytest.mark.parametrize(("days", "back"), [(14, True), (15, False)])
def test_an_author_has_14_days_to_bring_a_post_back_and_a_moderator_longer(author, board, moderator, days, back):
    post = make_post(author=author, board=board)
    posts.delete_post(post=post, by=author, at=NOW)
    later = NOW + timedelta(days=days)
    if not back:
        with pytest.raises(Conflict, match="14 days"):
            posts.restore_post(post=post, by=author, at=later)
    assert posts.restore_post(post=post, by=author if back else moderator, at=later).state == "visible"
