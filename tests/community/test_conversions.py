"""A post becomes another kind and goes to another board, loses nothing, and can go back."""

from datetime import timedelta

import pytest

from community import posts
from community.deliveries import drain
from community.models import Audience, Follow, Notice, Post, PostKind, Standing
from community.refusals import Conflict, NotAllowed
from community.writing.conversions import boards_to_move_to, kinds_open_to
from feedback.merges import merge_suggestions
from feedback.models import RoadmapItem, Suggestion
from feedback.roadmap import adopt_suggestion
from tests.factories import (
    NOW,
    make_board,
    make_comment,
    make_member,
    make_post,
    make_staff,
    make_suggestion,
    make_team_board,
    make_vote,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def talk(author, board):
    return make_post("What if it knew my alarm?", author=author, board=board)


def become(post, kind, by, at=LATER):
    return posts.convert_post(post=Post.objects.get(pk=post.pk), kind=kind, by=by, at=at)


def go_to(post, board, by, at=LATER):
    return posts.move_post(post=Post.objects.get(pk=post.pk), board=board, by=by, at=at)


def standing(post):
    return Standing.objects.get(pk=post.pk)


def test_a_discussion_that_becomes_a_suggestion_keeps_everything_and_its_author_votes_first(talk, author, voter, moderator):
    comment, _follow = make_comment(talk, author=voter), Follow.objects.get_or_create(post=talk, member=voter)
    become(talk, "suggestion", moderator)
    drain()
    suggestion = Suggestion.objects.get(pk=talk.pk)
    assert [vote.member for vote in suggestion.votes.all()] == [author] and standing(talk).status == "open"
    assert talk.comments.get() == comment and talk.follows.filter(member=voter).exists()


def test_a_suggestion_that_becomes_talk_keeps_its_votes_for_the_way_back(moderator, board):
    wish = make_suggestion(board=board)
    for _voter in range(2):
        make_vote(wish)
    become(wish.post, "discussion", moderator)
    assert standing(wish.post).status == ""
    become(wish.post, "suggestion", moderator, at=LATER + timedelta(hours=1))
    drain()
    assert (standing(wish.post).status, standing(wish.post).votes) == ("open", 3)


@pytest.mark.parametrize("kind", [kind for kind in PostKind if kind not in ("discussion", "announcement")])
def test_an_author_may_think_again_while_nobody_has_answered(talk, author, kind):
    assert become(talk, kind, author).kind == kind


def test_once_somebody_answered_it_takes_a_moderator(talk, author, moderator):
    make_comment(talk)
    with pytest.raises(NotAllowed, match="A moderator can still"):
        become(talk, "suggestion", author)
    assert become(talk, "suggestion", moderator).kind == "suggestion"


def test_ones_own_comment_is_no_answer(talk, author):
    make_comment(talk, author=author)
    assert become(talk, "question", author).kind == "question"


def test_once_somebody_voted_it_takes_a_moderator(author, board):
    wish = make_suggestion(author=author, board=board)
    make_vote(wish)
    drain()
    with pytest.raises(NotAllowed):
        become(wish.post, "discussion", author)


def test_nobody_else_converts(talk, stranger):
    with pytest.raises(NotAllowed):
        become(talk, "suggestion", stranger)
    assert kinds_open_to(None, talk) == kinds_open_to(stranger, talk) == []


def test_announcements_are_made_and_unmade_by_staff_alone(talk, board, moderator, staff):
    with pytest.raises(NotAllowed, match="by staff"):
        become(talk, "announcement", moderator)
    assert become(talk, "announcement", staff).kind == "announcement"
    with pytest.raises(NotAllowed, match="by staff"):
        become(talk, "discussion", moderator)


def test_what_was_merged_or_promised_stays_a_suggestion(board, moderator, staff):
    wish, twin, promised = (make_suggestion(board=board) for _one in range(3))
    merge_suggestions(duplicate=twin, into=wish, by=staff, at=NOW)
    adopt_suggestion(suggestion=promised, by=staff, at=NOW)
    for suggestion, words in ((twin, "merged"), (wish, "merged"), (promised, "roadmap")):
        with pytest.raises(Conflict, match=words):
            become(suggestion.post, "discussion", moderator)
    assert Post.objects.filter(kind="suggestion").count() == 3


def test_the_author_hears_of_it_from_others_and_not_from_themselves(talk, author, moderator):
    become(talk, "question", author)
    become(talk, "suggestion", moderator, at=LATER + timedelta(hours=1))
    drain()
    assert [notice.data["kind"] for notice in Notice.objects.filter(member=author, kind="post_converted")] == ["suggestion"]


def test_a_moved_post_takes_everything_along_and_its_author_hears_of_it(author, board, moderator):
    wish, other = make_suggestion(author=author, board=board), make_board("camera")
    other.moderators.add(moderator)
    go_to(wish.post, other, moderator)
    drain()
    assert standing(wish.post).votes == 1 and Notice.objects.get(member=author, kind="post_moved").post == wish.post
    assert go_to(wish.post, board, moderator, at=LATER + timedelta(hours=1)).board == board


def test_boards_to_move_to_are_those_one_keeps(talk, moderator, staff, stranger, board):
    camera, team = make_board("camera"), make_team_board("team")
    camera.moderators.add(moderator)
    assert boards_to_move_to(moderator, talk) == [camera]
    assert set(boards_to_move_to(staff, talk)) == {camera, team} and boards_to_move_to(stranger, talk) == []


def test_whose_post_went_out_of_their_sight_is_told_so_and_nothing_of_the_place(author, board, staff):
    post = make_post("My own words", author=author, board=board)
    go_to(post, make_team_board("team"), staff)
    drain()
    notice = Notice.objects.get(member=author)
    assert (notice.kind, notice.post, notice.data) == ("post_moved_away", None, {})


def test_a_duplicate_does_not_move_to_where_its_readers_could_not_follow(board, staff):
    wish, twin, team = make_suggestion(board=board), make_suggestion(board=board), make_team_board("team")
    merge_suggestions(duplicate=twin, into=wish, by=staff, at=NOW)
    with pytest.raises(Conflict, match="merged"):
        go_to(wish.post, team, staff)
    assert go_to(twin.post, team, staff).board == team


def test_the_public_roadmap_tells_of_nothing_that_went_out_of_sight(board, staff):
    wish, other = make_suggestion(board=board), make_suggestion(board=board)
    item, still = (adopt_suggestion(suggestion=one, by=staff, at=NOW) for one in (wish, other))
    go_to(wish.post, make_team_board("team"), staff)
    shown = dict(RoadmapItem.objects.values_list("pk", "is_public"))
    assert shown == {item.pk: False, still.pk: True}


@pytest.fixture
def keeper(client, moderator):
    client.force_login(moderator)
    return client


def test_the_page_of_kinds_leads_to_what_would_happen_and_to_one_press(keeper, talk, author):
    assert f"/posts/{talk.pk}/convert/suggestion/" in keeper.get(f"/posts/{talk.pk}/convert/").content.decode()
    asked = keeper.get(f"/posts/{talk.pk}/convert/suggestion/").content.decode()
    assert "its author casts the first" in asked and f"{author} hears of it" in asked
    done = keeper.post(f"/posts/{talk.pk}/convert/suggestion/", follow=True).content.decode()
    assert f'action="/posts/{talk.pk}/convert/discussion/"' in done and standing(talk).kind == "suggestion"


def test_a_refused_conversion_says_why_on_the_page(keeper, board, staff):
    wish = make_suggestion(board=board)
    adopt_suggestion(suggestion=wish, by=staff, at=NOW)
    assert "on the roadmap" in keeper.post(f"/posts/{wish.pk}/convert/discussion/", follow=True).content.decode()


def test_moving_warns_where_fewer_people_see_it(keeper, talk, moderator):
    inner = make_board("inner", see=Audience.MODERATORS)
    inner.moderators.add(moderator)
    assert "Not everybody who sees" in keeper.get(f"/posts/{talk.pk}/move/inner/").content.decode()
    done = keeper.post(f"/posts/{talk.pk}/move/inner/", follow=True).content.decode()
    assert f'action="/posts/{talk.pk}/move/battery/"' in done


@pytest.mark.parametrize("address", ["convert/", "convert/nonsense/", "convert/announcement/", "move/", "move/nowhere/"])
def test_what_one_may_not_do_is_not_there(client, talk, address):
    client.force_login(make_member())
    assert client.get(f"/posts/{talk.pk}/{address}").status_code == 404


def test_the_ways_stand_on_the_page_for_who_may_take_them(client, talk, author, moderator):
    make_board("camera").moderators.add(moderator)
    shown = {}
    for name, member in {"author": author, "moderator": moderator, "staff": make_staff(), "other": make_member()}.items():
        client.force_login(member)
        page = client.get(talk.get_absolute_url()).content.decode()
        shown[name] = ("/convert/" in page, "/move/" in page)
    assert shown == {"author": (True, False), "moderator": (True, True), "staff": (True, True), "other": (False, False)}
