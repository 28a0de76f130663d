"""Whoever is concerned, or decided before, decides nothing: not about their own texts, reports, appeals or sanctions."""

from datetime import timedelta

import pytest

from community.care import decisions
from community.care.appeals import appeal, decide_appeal
from community.care.queue import count_waiting, read_queue
from community.care.reports import report
from community.care.sanctions import confirm_suspension, suspend_member
from community.care.targets import load_targets
from community.comments import delete_comment, restore_comment
from community.models import Appeal, Decision, Hold, Member, Post, Report
from community.posts import delete_post, restore_post, write_post
from community.refusals import NotAllowed
from community.screening import Answer, Manner, keep_hold
from tests.factories import NOW, make_comment, make_member, make_moderator, make_post, make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def second(board):
    return make_moderator("Sofia", board=board)


def target(thing):
    kind = {"Post": "post", "Comment": "comment", "Member": "member"}[type(thing).__name__]
    return load_targets([(kind, thing.pk)])[kind, thing.pk]


def fresh(thing):
    return type(thing).objects.get(pk=thing.pk)


def held_by(member, board):
    """A text of the member's that waits since before they kept the board."""
    post = make_post("Mine, and it waits", author=member, board=board)
    Post.objects.filter(pk=post.pk).update(state="held")
    keep_hold(fresh(post), Answer(("trap",)), at=NOW, fresh=False)
    return fresh(post)


@pytest.mark.parametrize("who", ["moderator", "staff"])
def test_nobody_lets_their_own_text_through(request, board, who):
    member = request.getfixturevalue(who)
    post = held_by(member, board)
    for act in (decisions.let_through, decisions.find_in_order):
        with pytest.raises(NotAllowed, match="about themselves"):
            act(target=target(post), by=member, at=NOW + DAY)
    assert fresh(post).state == "held" and Hold.objects.open().count() == 1 and not Decision.objects.exists()


def test_ones_own_text_waits_in_everybody_elses_queue(board, moderator, second):
    held_by(moderator, board)
    for who, count in ((moderator, 0), (second, 1)):
        assert count_waiting(who, at=NOW) == len(read_queue(who, at=NOW)) == count


def test_nobody_finds_reports_about_themselves_in_order(client, voter, moderator, board):
    post = make_post(author=moderator, board=board)
    for thing in (post, make_comment(post, author=moderator), moderator):
        report(target=target(thing), by=voter, rule="unkind", at=NOW)
    client.force_login(moderator)
    for row in Report.objects.all():
        assert client.post(f"/moderation/{row.target_kind}/{row.target_id}/in-order/").status_code == 403
    assert Report.objects.open().count() == 3 and read_queue(moderator, at=NOW) == []


def test_what_a_colleague_hid_its_author_does_not_show_again(moderator, second, board):
    post = make_post(author=moderator, board=board)
    decisions.hide(target=target(post), by=second, rule="unkind", at=NOW)
    with pytest.raises(NotAllowed, match="about themselves"):
        decisions.show_again(target=target(fresh(post)), by=moderator, at=NOW + DAY)
    with pytest.raises(NotAllowed):
        decisions.bring_back(thing=fresh(post), by=moderator, at=NOW + DAY)
    assert fresh(post).state == "hidden" and decisions.show_again(target=target(fresh(post)), by=second, at=NOW + DAY)


def test_an_author_who_keeps_no_board_is_told_what_it_takes(author, second, board):
    post = make_post(author=author, board=board)
    decisions.hide(target=target(post), by=second, rule="unkind", at=NOW)
    for act in (decisions.show_again, decisions.let_through, decisions.find_in_order):
        with pytest.raises(NotAllowed, match="This takes a right"):
            act(target=target(fresh(post)), by=author, at=NOW)


def test_nor_by_taking_it_back_and_back_again(moderator, second, board):
    post = make_post(author=moderator, board=board)
    comment = make_comment(make_post(board=board), author=moderator)
    for thing in (post, comment):
        decisions.hide(target=target(thing), by=second, rule="unkind", at=NOW)
    delete_post(post=post, by=moderator, at=NOW + DAY)
    delete_comment(comment=comment, by=moderator, at=NOW + DAY)
    restore_post(post=post, by=moderator, at=NOW + 2 * DAY)
    restore_comment(comment=comment, by=moderator, at=NOW + 2 * DAY)
    assert (fresh(post).state, fresh(comment).state) == ("hidden", "hidden")


def test_what_one_hid_of_ones_own_one_may_show_again(moderator, board):
    post = make_post(author=moderator, board=board)
    decisions.hide(target=target(post), by=moderator, rule="other", words="A slip.", at=NOW)
    decisions.show_again(target=target(fresh(post)), by=moderator, at=NOW)
    assert fresh(post).state == "visible"


@pytest.fixture
def long_one(author, moderator, second):
    """Mara's suspension for a month: Moe proposed it, Sofia confirmed it."""
    first = suspend_member(member=author, by=moderator, rule="unkind", until=NOW + 30 * DAY, at=NOW)
    return first, confirm_suspension(decision=first, by=second, at=NOW)


@pytest.mark.parametrize("half", [0, 1], ids=["the proposal", "the confirmation"])
def test_neither_of_the_two_who_suspended_decides_the_appeal(long_one, author, moderator, second, staff, half):
    row = appeal(decision=long_one[half], by=author, words="It was not me.", at=NOW)
    for by in (moderator, second):
        with pytest.raises(NotAllowed, match="somebody else"):
            decide_appeal(appeal=row, by=by, overturn=True, words="Well.", at=NOW)
        assert "appeal" not in [case.kind for case in read_queue(by, at=NOW)]
    assert [case.kind for case in read_queue(staff, at=NOW)] == ["appeal"]
    decide_appeal(appeal=row, by=staff, overturn=True, words="It was not them.", at=NOW)
    assert fresh(author).suspended_at is None


def test_a_moderator_does_not_decide_their_own_appeal(moderator, second, staff, board):
    post = make_post(author=moderator, board=board)
    row = appeal(
        decision=decisions.hide(target=target(post), by=second, rule="spam", at=NOW), by=moderator, words="No.", at=NOW
    )
    with pytest.raises(NotAllowed, match="about themselves"):
        decide_appeal(appeal=row, by=moderator, overturn=True, words="Yes.", at=NOW)
    assert count_waiting(moderator, at=NOW) == count_waiting(second, at=NOW) == 0 and count_waiting(staff, at=NOW) == 1


def test_an_appeal_against_a_rules_decision_is_anybodys(voter, author, board, moderator):
    """Nobody made it, so whoever keeps the board may look."""
    row = Decision.objects.create(verdict="hidden", target_kind="post", target_id=make_post(author=author, board=board).pk,
                                  member=author, board=board, by=None, at=NOW)  # fmt: skip
    waiting = appeal(decision=row, by=author, words="Why?", at=NOW)
    assert count_waiting(moderator, at=NOW) == 1
    assert decide_appeal(appeal=waiting, by=moderator, overturn=False, words="So.", at=NOW).against is None


def test_who_is_judged_is_read_from_the_database_and_not_from_the_page(moderator, board, second):
    """Between opening the record and pressing the button somebody joined the team."""
    seen = Member.objects.get(pk=make_member().pk)
    Member.objects.filter(pk=seen.pk).update(role="staff")
    with pytest.raises(NotAllowed, match="change their role"):
        suspend_member(member=seen, by=moderator, rule="spam", until=NOW + DAY, at=NOW)
    assert fresh(seen).suspended_at is None and seen.role == "member"


def test_a_limited_moderators_texts_wait_for_a_colleague(screened, board, staff):
    """Whoever keeps boards is asked nothing, unless limited: then the page says that what they write waits, and it does."""
    limited = make_moderator("Otto", board=board, limited_until=NOW + DAY)
    written = {}
    for who, at in ((limited, NOW), (limited, NOW + DAY), (make_staff("Free"), NOW)):
        written[who.pk, at] = write_post(author=who, board=board, kind="discussion", title=f"A word {at}", body="Said.", at=at,
                                         manner=Manner("page", 60_000)).state  # fmt: skip
    assert list(written.values()) == ["held", "visible", "visible"] and Hold.objects.get().reasons == ["limited"]
    assert count_waiting(limited, at=NOW) == 0 and count_waiting(staff, at=NOW) == 1 and not Appeal.objects.exists()
