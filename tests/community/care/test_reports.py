"""Members report once, hear what came of it, and three of them withhold a newcomer's text."""

from datetime import timedelta

import pytest

from community.care import decisions
from community.care.reports import report, withdraw_report
from community.care.targets import find_target, load_targets
from community.deliveries import drain
from community.models import Decision, Hold, Notice, Post, Report
from community.notice_words import Words
from community.refusals import Conflict, Invalid, NotAllowed, TooMany
from tests.factories import NOW, make_comment, make_member, make_newcomer, make_post, make_team_board

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def post(stranger, board):
    return make_post("Buy my phone", author=stranger, board=board)


def target(thing, kind="post"):
    return load_targets([(kind, thing.pk)])[kind, thing.pk]


def by(member, thing, rule="spam", *, at=NOW, kind="post", **more):
    return report(target=target(thing, kind), by=member, rule=rule, at=at, **more)


def told(member) -> list[str]:
    drain()
    rows = list(Notice.objects.filter(member=member).select_related("member", "post__board"))
    words = Words(rows)
    return [words.of(row).sentence for row in rows]


def test_a_report_names_its_reason_and_waits(voter, post):
    row = by(voter, post, words="Twice today.")
    assert (row.rule, row.words, row.author, row.board, row.settled_at) == (
        "spam",
        "Twice today.",
        post.author,
        post.board,
        None,
    )


def test_one_per_member_and_thing_and_the_reason_may_change(voter, post):
    by(voter, post)
    by(voter, post, "unkind")
    assert [row.rule for row in Report.objects.all()] == ["unkind"]


def test_it_can_be_taken_back_and_made_again(voter, post):
    row = by(voter, post)
    withdraw_report(report=row, by=voter, at=LATER)
    assert not Report.objects.open().exists()
    by(voter, post, at=LATER)
    assert Report.objects.open().count() == Report.objects.count() == 1


def test_nobody_takes_back_somebody_elses_report(voter, author, post):
    with pytest.raises(NotAllowed):
        withdraw_report(report=by(voter, post), by=author, at=LATER)


def test_ones_own_is_not_reported(stranger, post):
    with pytest.raises(NotAllowed, match="your own"):
        by(stranger, post)


@pytest.mark.parametrize("rule", ["", "boring", "other"])
def test_a_reason_is_needed_and_something_else_says_what(voter, post, rule):
    with pytest.raises(Invalid):
        by(voter, post, rule)


def test_twenty_reports_are_what_a_day_takes(voter, board, settings):
    posts = [make_post(board=board) for _ in range(21)]
    for one in posts[:20]:
        by(voter, one)
    with pytest.raises(TooMany):
        by(voter, posts[20])
    assert by(voter, posts[20], at=NOW + timedelta(hours=25))
    settings.RATE_LIMITS = False
    assert by(voter, make_post(board=board))


def test_the_reporter_hears_what_came_of_it_and_of_nothing_else(voter, post, moderator):
    by(voter, post)
    decisions.hide(target=target(post), by=moderator, rule="spam", at=LATER)
    assert told(voter) == ["Thank you: what you reported is not shown any more."]
    assert told(post.author) == ["Your post was hidden by a moderator."]


def test_found_in_order_only_the_reporters_hear(voter, post, moderator):
    by(voter, post)
    decisions.find_in_order(target=target(post), by=moderator, at=LATER)
    assert "found it to be in order" in told(voter)[0] and told(post.author) == []
    assert Post.objects.get(pk=post.pk).state == "visible" and not Report.objects.open().exists()


def test_what_a_moderator_has_looked_at_is_not_reported_again(voter, post, moderator):
    row = by(voter, post)
    decisions.find_in_order(target=target(post), by=moderator, at=LATER)
    with pytest.raises(Conflict, match="a moderator has looked"):
        by(voter, post, at=LATER)
    with pytest.raises(Conflict):
        withdraw_report(report=row, by=voter, at=LATER)
    with pytest.raises(Conflict):
        decisions.find_in_order(target=target(post), by=moderator, at=LATER)


def test_three_established_members_withhold_a_newcomers_text(post, moderator):
    for _ in range(2):
        by(make_member(trust=1), post)
    by(make_newcomer(), post)
    assert Post.objects.get(pk=post.pk).state == "visible"
    by(make_member(trust=1), post)
    assert Post.objects.get(pk=post.pk).state == "held" and Hold.objects.get().reasons == ["reported"]
    assert Decision.objects.get().by is None and told(post.author) == ["Your post waits for a moderator."]
    decisions.find_in_order(target=target(Post.objects.get(pk=post.pk)), by=moderator, at=LATER)
    assert Post.objects.get(pk=post.pk).state == "visible" and not Report.objects.open().exists()


def test_nobody_who_is_known_here_is_silenced_by_number(author, board):
    known = make_post(author=author, board=board)
    for _ in range(5):
        by(make_member(), known)
    assert Post.objects.get(pk=known.pk).state == "visible"


def test_a_newcomers_comment_is_withheld_too(stranger, board):
    comment = make_comment(make_post(board=board), author=stranger)
    for _ in range(3):
        by(make_member(), comment, kind="comment")
    comment.refresh_from_db()
    assert comment.state == "held"


def test_a_person_is_reported_and_nothing_of_theirs_is_withheld(stranger):
    for _ in range(3):
        by(make_member(), stranger, kind="member")
    assert Report.objects.filter(board=None, author=stranger).count() == 3 and not Hold.objects.exists()


def test_what_one_may_not_see_cannot_be_reported(voter, staff):
    secret = make_post(author=staff, board=make_team_board())
    assert find_target(voter, "post", secret.pk) is None and find_target(staff, "post", secret.pk)
    assert find_target(voter, "spaceship", 1) is None
