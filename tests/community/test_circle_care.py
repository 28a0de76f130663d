"""Circles in the hands of who keeps order: reported, closed as a decision, appealed, and there again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.care.appeals import appeal, decide_appeal
from community.care.decisions import find_in_order, hide, let_through, show_again
from community.care.queue import count_waiting, read_queue
from community.care.reports import report
from community.care.targets import find_target, load_targets
from community.care.words import headline
from community.circles.deciding import decide_to_close
from community.circles.targets import told_of_circle
from community.deliveries import drain
from community.mail_choices import stop_list
from community.models import Audience, Circle, Decision, MailedAs, MailList, Notice, Report
from community.refusals import Conflict, Invalid, NotAllowed
from tests.community.circling import as_it_is, make_circle, make_open_circle, three_open_it  # noqa: F401
from tests.factories import NOW, make_member, make_moderator, make_newcomer, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_open_it")]
LATER = NOW + timedelta(hours=1)


def close(circle: Circle, by) -> Decision:
    decide_to_close(circle=circle, by=by, reason="An advertisement.", at=LATER)
    return Decision.objects.get(target_kind="circle", target_id=circle.pk)


# ---- Reports ----


def test_a_reported_proposal_waits_for_every_moderator(author, voter):
    circle = make_circle("Cheap watches", by=author)
    report(target=told_of_circle(circle), by=voter, rule="spam", at=NOW)
    (case,) = read_queue(make_moderator(), at=LATER)
    assert (case.target.title, case.target.author, case.target.words) == ("Cheap watches", author, "Whoever lives here.")


def test_a_reported_open_circle_waits_for_who_keeps_its_board(voter):
    circle, stranger = make_open_circle(), make_moderator()
    report(target=told_of_circle(circle), by=voter, rule="spam", at=NOW)
    keeper = make_moderator(board=circle.board)
    assert (count_waiting(keeper, at=LATER), count_waiting(stranger, at=LATER), count_waiting(make_staff(), at=LATER)) == (
        1,
        0,
        1,
    )


def test_nobody_reports_the_circle_they_proposed(author):
    with pytest.raises(NotAllowed):
        report(target=told_of_circle(make_circle(by=author)), by=author, rule="spam", at=NOW)


def test_reports_by_number_close_no_circle():
    """What three established members withhold is a newcomer's text; a circle is closed by people alone."""
    circle = make_circle()
    Circle.objects.update(proposed_by=make_newcomer())
    for _reporter in range(4):
        report(target=told_of_circle(as_it_is(circle)), by=make_member(), rule="spam", at=NOW)
    assert as_it_is(circle).state == "proposed"


def test_what_is_in_order_stays_and_its_report_is_answered(voter):
    circle = make_circle()
    report(target=told_of_circle(circle), by=voter, rule="spam", at=NOW)
    find_in_order(target=told_of_circle(circle), by=make_moderator(), at=LATER)
    assert as_it_is(circle).state == "proposed" and Report.objects.get().settled_at == LATER


def test_a_report_waits_no_more_once_its_circle_is_closed(voter):
    circle, moderator = make_circle(), make_moderator()
    report(target=told_of_circle(circle), by=voter, rule="spam", at=NOW)
    decision = close(circle, make_staff())
    assert count_waiting(moderator, at=LATER) == 0 and Report.objects.get().decision == decision


def test_a_circle_never_waits_to_be_let_through():
    with pytest.raises(Conflict):
        let_through(target=told_of_circle(make_circle()), by=make_staff(), at=NOW)


def test_targets_are_found_as_far_as_the_viewer_sees_them(author):
    circle = make_circle()
    close(circle, make_staff())
    seen = [find_target(viewer, "circle", circle.pk) is not None for viewer in (None, author, circle.steward, make_staff())]
    assert seen == [False, False, True, True]
    assert load_targets([("circle", circle.pk)])["circle", circle.pk].shown is False


def test_a_circle_without_a_proposer_has_nobody_to_decide_about():
    circle = make_circle()
    Circle.objects.update(proposed_by=None)
    assert find_target(make_staff(), "circle", circle.pk) is None and not load_targets([("circle", circle.pk)])


# ---- Decisions and appeals ----


def test_a_rule_alone_gives_the_reason_in_the_proposers_language():
    circle = make_circle(by=make_member(language="zh-hans"))
    hide(target=told_of_circle(circle), by=make_moderator(), rule="spam", at=LATER)
    because = as_it_is(circle).closed_because
    assert because and not because.isascii()


def test_closing_without_a_reason_does_nothing_at_all():
    circle = make_circle()
    with pytest.raises(Invalid) as refusal:
        decide_to_close(circle=circle, by=make_moderator(), reason=" ", at=LATER)
    assert list(refusal.value.fields) == ["reason"] and as_it_is(circle).state == "proposed"
    assert not Decision.objects.exists()


def test_who_may_not_close_it_leaves_no_decision(author):
    with pytest.raises(NotAllowed):
        close(make_circle(), author)
    assert not Decision.objects.exists()


def test_the_proposer_is_told_and_may_appeal_and_another_moderator_brings_it_back(author):
    circle = make_open_circle(by=author)
    decision = close(circle, make_moderator(board=circle.board))
    assert headline(decision) == "The circle you proposed was closed by a moderator."
    asked = appeal(decision=decision, by=author, words="We only talk about watches.", at=LATER)
    decide_appeal(appeal=asked, by=make_staff(), overturn=True, words="They do.", at=LATER + timedelta(hours=1))
    circle = as_it_is(circle)
    assert (circle.state, circle.board.post) == ("open", Audience.MEMBERS)


def test_who_closed_it_does_not_decide_the_appeal(author):
    moderator = make_moderator()
    asked = appeal(decision=close(make_circle(by=author), moderator), by=author, words="Please.", at=LATER)
    with pytest.raises(NotAllowed):
        decide_appeal(appeal=asked, by=moderator, overturn=True, words="No.", at=LATER)


def test_an_appeal_that_comes_too_late_for_the_name_changes_nothing(author):
    circle = make_circle("Leipzig", by=author)
    asked = appeal(decision=close(circle, make_moderator()), by=author, words="Please.", at=LATER)
    make_circle("Leipzig")
    with pytest.raises(Conflict, match="another circle"):
        decide_appeal(appeal=asked, by=make_staff(), overturn=True, words="Yes.", at=LATER)
    asked.refresh_from_db()
    assert asked.settled_at is None and as_it_is(circle).state == "closed"


def test_shown_again_is_said_to_its_proposer():
    circle = make_circle()
    close(circle, make_staff())
    decision = show_again(target=told_of_circle(as_it_is(circle)), by=make_staff(), at=LATER + timedelta(hours=1))
    assert headline(decision) == "The circle you proposed is there again." and as_it_is(circle).closed_because == ""


# ---- By mail, as each wants it ----


def test_who_wants_no_mail_of_gatherings_reads_it_on_the_page_alone():
    silent = make_member()
    stop_list(member=silent, name=MailList.GATHERINGS, at=NOW)
    circle = make_open_circle(by=silent, at=timezone.now())
    drain()
    rows = Notice.objects.filter(kind="circle_opened")
    mailed = {row.member_id: row.mailed_as for row in rows}
    assert set(mailed) == set(circle.memberships.values_list("member_id", flat=True))
    assert mailed.pop(silent.pk) == MailedAs.NEVER and MailedAs.NEVER not in mailed.values()
