"""What a visitor began is carried out as if they had been signed in, or says what became of it meanwhile."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from community.comments import hide_comment
from community.follows import Ear, Thing, ear_of, listen_to
from community.models import Audience, Comment, Post, Reaction, Tag
from community.pending import (
    DRAFTS,
    KEPT_FOR,
    MOST,
    REGISTER,
    draft_of,
    drop_draft,
    keep_act,
    keep_draft,
    tell_waiting,
    waiting_acts,
)
from community.posts import hide_post
from community.refusals import Conflict, NotAllowed
from tests.factories import NOW, make_board, make_comment, make_post, make_team_board

kinds = st.sampled_from(["follow", "react", "listen"])
acts = st.lists(
    st.tuples(kinds, st.integers(1, 9), st.sampled_from([0, 1, 5, 119, 120]), st.sampled_from([False, False, False, True])),
    max_size=12,
)


def visitor():
    return SimpleNamespace(session={})


def perform(act, member, **data):
    return REGISTER[act].perform(member, data, NOW)


@example([("follow", thing, 1, False) for thing in range(1, 9)])
@given(acts)
def test_of_what_was_begun_the_newest_few_wait_each_once_and_for_two_hours(begun):
    request, clock, model = visitor(), NOW, []
    for kind, thing, minutes, instead in begun:
        clock += timedelta(minutes=minutes)
        keep_act(request, kind, {"post": thing}, at=clock, instead=instead)
        model = [
            one for one in model if one[2] > clock - KEPT_FOR and one[:2] != (kind, thing) and not (instead and one[0] == kind)
        ]
        model = [*model, (kind, thing, clock)][-MOST:]
        assert [(act["kind"], act["data"]["post"]) for act in waiting_acts(request, at=clock)] == [one[:2] for one in model]


def test_a_kind_that_was_dropped_meanwhile_is_told_of_no_more():
    request = visitor()
    keep_act(request, "follow", {"post": 1}, at=NOW)
    request.session["pending_acts"][0]["kind"] = "handshake"
    assert waiting_acts(request, at=NOW) == tell_waiting(request, at=NOW) == []


def test_what_was_typed_into_one_form_is_nothing_to_another():
    request = visitor()
    keep_draft(request, "post", {"title": "Half a wish"})
    keep_draft(request, "comment", {"body": "Half a word"})
    drop_draft(request, "post")
    drop_draft(request, "never begun")
    assert draft_of(request, "post") == {} and draft_of(request, "comment") == {"body": "Half a word"}
    assert [*request.session[DRAFTS]] == ["comment"]


@pytest.fixture
def post(author, board):
    return make_post("Who else wakes at six?", author=author, board=board)


TYPED = {"kind": "discussion", "title": "Let it dim", "body": "At night.", "tags": ["torch"], "extras": {}}


def test_a_post_is_written_with_its_tags_and_its_writer_is_thanked(stranger, board):
    done = perform("post", stranger, board=board.slug, **TYPED)
    post = Post.objects.get(author=stranger)
    assert (done.url, done.sent) == (post.get_absolute_url(), "post") and "is posted" in done.thanks
    assert [tag.name for tag in post.tags.all()] == ["torch"]


def test_a_post_for_a_board_that_closed_meanwhile_asks_for_another(stranger):
    board = make_team_board()
    with pytest.raises(Conflict, match="choose another"):
        perform("post", stranger, board=board.slug, **TYPED)
    assert REGISTER["post"].mend_at({}) == "/posts/new/"


def test_a_comment_joins_its_thread_and_names_the_form_to_forget(stranger, post):
    root = make_comment(post, "First.")
    done = perform("comment", stranger, post=post.pk, parent=root.pk, body="Second.")
    assert Comment.objects.get(author=stranger).parent == root and done.sent == f"comment-{post.pk}-{root.pk}"
    assert perform("comment", stranger, post=post.pk, parent=None, body="Third.").sent == f"comment-{post.pk}"


def test_a_comment_whose_parent_was_hidden_meanwhile_stands_under_the_post(stranger, post, moderator):
    root = make_comment(post, "First.")
    hide_comment(comment=root, by=moderator, at=NOW)
    perform("comment", stranger, post=post.pk, parent=root.pk, body="Second.")
    assert Comment.objects.get(author=stranger).parent is None


def test_a_comment_where_comments_closed_meanwhile_is_refused_and_can_be_mended(stranger, author):
    post = make_post(author=author, board=make_board(comment=Audience.STAFF))
    with pytest.raises(NotAllowed, match="closed for you"):
        perform("comment", stranger, post=post.pk, parent=None, body="Second.")
    assert REGISTER["comment"].mend_at({"post": post.pk}) == f"/posts/{post.pk}/comments/new/"


@pytest.mark.parametrize(
    ("kind", "data"), [("comment", {"parent": None, "body": "I do."}), ("follow", {}), ("react", {"sign": "agree"})]
)
def test_what_was_hidden_meanwhile_is_said_to_be_gone(stranger, post, moderator, kind, data):
    hide_post(post=post, by=moderator, at=NOW)
    with pytest.raises(Conflict, match="not here any more"):
        perform(kind, stranger, post=post.pk, **data)
    assert not Reaction.objects.exists() and not Comment.objects.exists()


def test_a_comment_that_was_hidden_meanwhile_takes_no_sign(stranger, post, moderator):
    comment = make_comment(post, "First.")
    hide_comment(comment=comment, by=moderator, at=NOW)
    with pytest.raises(Conflict, match="comment is not here"):
        perform("react", stranger, post=post.pk, comment=comment.pk, sign="agree")


@pytest.mark.parametrize("on_comment", [True, False])
def test_a_sign_that_stands_already_is_not_taken_back(stranger, post, on_comment):
    data = {"post": post.pk, "sign": "thanks"} | ({"comment": make_comment(post, "First.").pk} if on_comment else {})
    for _twice in range(2):
        perform("react", stranger, **data)
    assert Reaction.objects.get().member == stranger


def test_whoever_muted_a_post_and_asks_for_it_hears_of_it_again(stranger, post):
    listen_to(member=stranger, kind=Thing.POST, thing=post, ear=Ear.MUTE, at=NOW)
    assert perform("follow", stranger, post=post.pk).url == post.get_absolute_url()
    assert ear_of(stranger, Thing.POST, post) == Ear.FOLLOW


def test_a_board_a_tag_and_a_person_are_followed_and_named(stranger, author, board, post):
    post.tags.add(tag := Tag.objects.create(slug="alarm", name="Alarm"))
    for kind, thing in ((Thing.BOARD, board), (Thing.TAG, tag), (Thing.PERSON, author)):
        assert str(thing) in perform("listen", stranger, kind=kind.value, thing=thing.pk).thanks
        assert ear_of(stranger, kind, thing) == Ear.FOLLOW


def test_what_one_may_not_see_once_signed_in_is_not_followed(stranger):
    with pytest.raises(Conflict, match="not here any more"):
        perform("listen", stranger, kind="board", thing=make_team_board("secret").pk)


@pytest.mark.parametrize("kind", ["comment", "follow"])
def test_the_sign_in_page_tells_no_title_that_is_not_everybodys(db, staff, kind):
    hidden = make_post("Secret plan", author=staff, board=make_team_board())
    request = visitor()
    keep_act(request, kind, {"post": hidden.pk, "parent": None, "body": "x"}, at=NOW)
    [told] = tell_waiting(request, at=NOW)
    assert "Secret" not in told and told


@pytest.mark.parametrize("want", ["mute", "none"])
def test_a_visitor_who_would_rather_not_hear_is_never_made_a_follower(client, author, want):
    address = f"/follow/person/{author.pk}/"
    answer = client.post(address, {"want": want, "email": "nora@example.org"})
    assert answer.status_code == 302 and f"want%3D{want}" in answer["Location"]
    assert "pending_acts" not in client.session


def test_a_visitors_follow_waits_for_the_sign_in(client, author):
    client.post(f"/follow/person/{author.pk}/", {"want": "follow"})
    assert [act["data"] for act in client.session["pending_acts"]] == [{"kind": "person", "thing": author.pk}]
