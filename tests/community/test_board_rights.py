"""A board's rights are said in sentences, and what in them contradicts itself is said as well."""

import pytest

from community.board_rights import matrix_of
from community.boards import arrange_board
from community.comments import write_comment
from community.models import Activity, Audience, Board, BoardRight, Right
from community.posts import may_post
from community.refusals import Conflict, NotAllowed
from feedback.merges import merge_suggestions
from feedback.roadmap import adopt_suggestion
from feedback.votes import cast_vote
from tests.factories import (
    make_board,
    make_member,
    make_moderator,
    make_post,
    make_segment,
    make_segment_board,
    make_suggestion,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def insider():
    return make_member("Ida Inside")


@pytest.fixture
def testers(insider):
    return make_segment("testers", name="Beta testers", added=[insider])


def said(board: Board) -> str:
    return " ".join([line.sentence for line in matrix_of(board).lines] + list(matrix_of(board).warnings))


def test_each_right_is_a_sentence_with_the_segments_by_name(testers):
    board = make_segment_board(segment=testers, rights=["vote"], see=Audience.MEMBERS, post=Audience.STAFF)
    words = said(board)
    assert "Members of “Beta testers” may vote, and moderators of this board and staff." in words
    assert "Members may see this board." in words and "Staff may post." in words
    assert "Anyone may comment; visitors sign in on the way." in words


@pytest.mark.parametrize(
    ("audience", "cells"),
    [
        ("anyone", [True] * 5),
        ("segment", [False, False, True, True, True]),
        ("staff", [False] * 4 + [True]),
        ("nobody", [False] * 5),
    ],
)
def test_the_grid_is_filled_from_where_the_right_begins(audience, cells):
    line = matrix_of(make_board(vote=audience)).lines[3]
    assert (line.right, list(line.cells)) == ("vote", cells)


@pytest.mark.parametrize(
    ("rights", "warning"),
    [
        ({"see": "staff", "post": "members"}, "More people may post than see"),
        ({"see": "segment", "vote": "members"}, "More people may vote than see"),
        ({"see": "segment"}, "no segment is named"),
        ({"see": "moderators", "post": "nobody", "comment": "nobody", "vote": "nobody"}, "this board has none"),
        ({"one_way": True, "post": "nobody"}, "Nobody may post in this one-way board"),
        ({"one_way": True, "see": "staff"}, "one-way changes nothing"),
    ],
)
def test_contradictions_are_named(rights, warning):
    assert any(warning in told for told in matrix_of(make_board(**rights)).warnings)


@pytest.mark.parametrize("rights", [{}, {"see": "members"}, {"see": "members", "vote": "nobody"}, {"one_way": True}])
def test_what_is_meant_is_no_contradiction(rights):
    assert not matrix_of(make_board(**rights)).warnings


def test_a_segment_that_may_vote_and_not_see_is_named(testers):
    board = make_segment_board(segment=testers, rights=["see", "vote"])
    BoardRight.objects.create(board=board, right=Right.VOTE, segment=make_segment())
    assert any("does not see the board" in told for told in matrix_of(board).warnings)


def test_a_segments_board_is_there_for_its_members_and_for_nobody_else(testers, insider, stranger):
    board = make_segment_board(segment=testers)
    keeper = make_moderator(board=board)
    for person, sees in ((insider, True), (keeper, True), (stranger, False), (None, False)):
        assert Board.objects.visible_to(person).filter(pk=board.pk).exists() is sees


def test_each_right_asks_its_own_segment(testers, insider, stranger, now):
    board = make_segment_board(segment=testers, rights=["post", "comment", "vote"])
    wish = make_suggestion(author=insider, board=board, at=now)
    for act in (
        lambda: may_post(stranger, board, "question"),
        lambda: write_comment(author=stranger, post=wish.post, body="Me too", at=now),
        lambda: cast_vote(member=stranger, suggestion=wish, at=now),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert write_comment(author=insider, post=wish.post, body="Me too", at=now).pk


def test_rights_are_given_taken_and_put_on_record(testers, admin_member, board, now):
    board.see = board.vote = Audience.SEGMENT
    arrange_board(board=board, segments={"see": [testers], "vote": [testers]}, by=admin_member, at=now)
    arrange_board(board=board, segments={"vote": []}, by=admin_member, at=now.replace(hour=13))
    assert list(board.rights.values_list("right", flat=True)) == ["see"]
    facts = Activity.objects.filter(verb="board_arranged").order_by("at")
    assert [fact.data["segments"]["vote"] for fact in facts] == [[testers.pk], []]


def test_nothing_is_merged_inside_a_one_way_board_where_its_author_could_not_follow(staff, now):
    board = make_board(one_way=True)
    one, two = (make_suggestion(author=make_member(), board=board, at=now) for _number in range(2))
    with pytest.raises(Conflict) as refused:
        merge_suggestions(duplicate=one, into=two, by=staff, at=now)
    assert refused.value.code == "not-visible"


def test_a_board_with_merged_posts_does_not_become_one_way(staff, admin_member, board, now):
    one, two = (make_suggestion(author=make_member(), board=board, at=now) for _number in range(2))
    merge_suggestions(duplicate=one, into=two, by=staff, at=now)
    board.one_way = True
    with pytest.raises(Conflict):
        arrange_board(board=board, by=admin_member, at=now)


def test_what_is_adopted_from_a_one_way_board_is_not_announced(staff, now):
    wish = make_suggestion(author=make_member(), board=make_board(one_way=True), at=now)
    assert adopt_suggestion(suggestion=wish, by=staff, at=now).is_public is False


def test_counts_and_lists_say_nothing_of_others_in_a_one_way_board(client, voter):
    board = make_board("private", one_way=True)
    make_suggestion("Only mine", author=voter, board=board), make_suggestion("Not yours", author=make_member(), board=board)
    client.force_login(voter)
    told = client.get("/suggestions/").content.decode()
    assert "Only mine" in told and "Not yours" not in told
    boards = client.get("/community/").context["boards"]
    assert {one.slug: count for one, count in boards}["private"] == 1


def test_the_api_tells_what_the_caller_may_do(client, testers, insider, stranger):
    make_segment_board("lab", segment=testers, rights=["vote"], comment=Audience.STAFF, one_way=True)
    for person, vote in ((insider, True), (stranger, False)):
        client.force_login(person)
        (told,) = client.get("/api/v1/boards").json()
        assert (told["may_post"], told["may_comment"], told["may_vote"], told["one_way"]) == (True, False, vote, True)
    client.logout()
    assert client.get("/api/v1/boards").json()[0]["may_post"] is False


def test_the_api_lists_any_number_of_boards_at_the_same_cost(client, testers, insider, queries_of):
    client.force_login(insider)
    make_segment_board(segment=testers)
    few = queries_of("/api/v1/boards")
    for _number in range(12):
        make_segment_board(segment=testers)
    assert queries_of("/api/v1/boards") == few


def test_a_one_way_boards_author_reads_the_answer(client, staff, voter, now):
    post = make_post("A private matter", author=voter, board=make_board(one_way=True))
    write_comment(author=staff, post=post, body="We are looking into it.", at=now)
    client.force_login(voter)
    assert "We are looking into it." in client.get(post.get_absolute_url()).content.decode()
    client.force_login(make_member())
    assert client.get(post.get_absolute_url()).status_code == 404
