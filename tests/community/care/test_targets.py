"""What can be reported and decided about, found for whoever may see it, and many at once."""

import pytest
from django.db.models import QuerySet

from community.care import targets
from community.care.decisions import hide, target_of_member
from community.care.reports import report, target_for
from community.care.targets import Target, find_target, load_targets
from community.models import Board, Decision, Member, Report
from community.refusals import Conflict
from tests.factories import NOW, make_board, make_comment, make_member, make_moderator, make_post, make_suggestion

pytestmark = pytest.mark.django_db


def test_each_kind_says_who_where_and_what(author, board):
    post = make_post("A title", author=author, board=board, body="**Words**")
    comment = make_comment(post, "Said below", author=author)
    told = load_targets([("post", post.pk), ("comment", comment.pk), ("member", author.pk)])
    assert [(one.author, one.board_id, one.title, one.shown) for one in told.values()] == [
        (author, board.pk, "A title", True), (author, board.pk, "A title", True), (author, None, "Mara Lindqvist", True)]  # fmt: skip
    assert told["comment", comment.pk].words == "Said below" and "<strong>" in told["post", post.pk].html
    assert told["post", post.pk].url == post.get_absolute_url()


def test_a_suggestion_is_a_post_like_others(author, board):
    wish = make_suggestion("A wish", author=author, board=board)
    assert find_target(author, "post", wish.pk).title == "A wish"


def test_many_are_found_with_one_query_per_kind(board, django_assert_num_queries):
    posts = [make_post(board=board) for _ in range(5)]
    wanted = [("post", post.pk) for post in posts] + [("comment", make_comment(post).pk) for post in posts]
    with django_assert_num_queries(2):
        found = load_targets(wanted)
        assert [(one.author.display_name, one.url) for one in found.values()]
    assert set(found) == set(wanted)


def test_what_is_gone_or_unknown_is_left_out(board):
    post = make_post(board=board)
    assert set(load_targets([("post", post.pk), ("post", 10**9), ("rocket", 1)])) == {("post", post.pk)}
    assert load_targets([]) == {}


@pytest.mark.parametrize("kind", ["post", "comment", "member", "rocket"])
def test_a_report_of_what_is_gone_says_so(voter, kind):
    with pytest.raises(Conflict, match="not here any more"):
        target_for(voter, kind, 10**9)


def test_hidden_things_are_found_by_their_keepers_alone(author, voter, moderator, board):
    comment = make_comment(make_post(board=board), author=author)
    hide(target=find_target(moderator, "comment", comment.pk), by=moderator, rule="spam", at=NOW)
    assert find_target(moderator, "comment", comment.pk).state == "hidden"
    assert find_target(voter, "comment", comment.pk) is find_target(None, "comment", comment.pk) is None


def test_closed_accounts_cannot_be_reported_and_open_ones_can(voter, author):
    assert find_target(voter, "member", author.pk)
    Member.objects.filter(pk=author.pk).update(closed_at=NOW)
    assert find_target(voter, "member", author.pk) is None
    assert target_of_member(Member.objects.get(pk=author.pk)).state == "deleted"


def test_another_area_brings_its_own_kind(monkeypatch, voter, author, board):
    """A board stands for a contest's entry or a meetup: anything with an author and an address."""
    monkeypatch.setattr(targets, "REGISTER", dict(targets.REGISTER))

    @targets.targets("thing", seen=lambda viewer: Board.objects.visible_to(viewer), every=Board.objects.all)
    def told_of_thing(thing: Board) -> Target:
        return Target("thing", thing.pk, author, thing.pk, thing.name, "", "", "/there/", "visible", thing)

    assert isinstance(targets.REGISTER["thing"].every(), QuerySet)
    row = report(target=find_target(voter, "thing", board.pk), by=voter, rule="off-topic", at=NOW)
    assert (row.target_kind, row.board, row.author) == ("thing", board, author)


def test_its_reports_stand_in_the_queue_like_any_other(monkeypatch, client, voter, author, board, moderator):
    monkeypatch.setattr(targets, "REGISTER", dict(targets.REGISTER))
    targets.targets("thing", seen=lambda viewer: Board.objects.visible_to(viewer), every=Board.objects.all)(
        lambda thing: Target("thing", thing.pk, author, thing.pk, "A thing reported", "", "", "/there/", "visible", thing)
    )
    report(target=find_target(voter, "thing", board.pk), by=voter, rule="off-topic", at=NOW)
    client.force_login(moderator)
    assert "A thing reported" in client.get("/moderation/").content.decode()
    client.post(f"/moderation/thing/{board.pk}/in-order/")
    assert Report.objects.get().decision == Decision.objects.get()


@pytest.mark.parametrize("kind", ["post", "comment"])
def test_a_decision_remembers_board_and_person_of_that_moment(kind, moderator, board):
    thing = make_post(board=board) if kind == "post" else make_comment(make_post(board=board))
    row = hide(target=find_target(moderator, kind, thing.pk), by=moderator, rule="private", at=NOW)
    assert (row.board, row.member, row.target_kind, row.target_id, row.before) == (
        board,
        thing.author,
        kind,
        thing.pk,
        "visible",
    )


def test_moderators_of_two_boards_decide_each_in_their_own(board):
    camera = make_board("camera")
    moe, sofia = make_moderator("Moe", board=board), make_moderator("Sofia", board=camera)
    for place, keeper, other in ((board, moe, sofia), (camera, sofia, moe)):
        post = make_post(author=make_member(), board=place)
        assert hide(target=find_target(keeper, "post", post.pk), by=keeper, rule="spam", at=NOW)
        assert find_target(other, "post", post.pk) is None
