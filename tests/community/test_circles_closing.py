"""Circles are closed by people, with a reason; who sees what of them, what notices say, and how a person leaves them all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from community.accounts.leaving import close_account
from community.accounts.registry import PARTS
from community.circles.closing import close_circle, reopen_circle
from community.circles.joining import join_circle
from community.circles.stewards import lay_down_stewardship, offer_to_steward
from community.deliveries import drain
from community.models import Audience, Circle, CircleMember, Notice
from community.notice_words import Words
from community.posts import write_post
from community.refusals import Conflict, Invalid, NotAllowed
from tests.community.circling import as_it_is, come, make_circle, make_open_circle, three_open_it  # noqa: F401
from tests.factories import NOW, make_member, make_moderator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_open_it")]
LATER = NOW + timedelta(hours=1)


def told(kind: str) -> set[int]:
    drain()
    return set(Notice.objects.filter(kind=kind).values_list("member_id", flat=True))


# ---- Closing ----


def test_a_closed_circle_takes_nobody_and_its_board_no_word(author, staff):
    circle = close_circle(circle=make_open_circle(), by=staff, reason=" Nobody comes. ", at=LATER)
    assert (circle.state, circle.closed_because) == ("closed", "Nobody comes.")
    with pytest.raises(Conflict, match="Nobody comes"):
        join_circle(circle=circle, member=author, at=LATER)
    with pytest.raises(NotAllowed):
        write_post(author=author, board=circle.board, kind="discussion", title="Anybody?", body="Hm.", at=LATER)


def test_everybody_in_it_reads_why(staff):
    circle = make_open_circle()
    close_circle(circle=circle, by=staff, reason="Nobody comes.", at=LATER)
    assert told("circle_closed") == set(circle.memberships.values_list("member_id", flat=True))


def test_closing_takes_a_reason_and_is_done_once(staff):
    circle = make_circle()
    with pytest.raises(Invalid) as refusal:
        close_circle(circle=circle, by=staff, reason="  ", at=LATER)
    assert "reason" in refusal.value.fields
    close_circle(circle=circle, by=staff, reason="Enough.", at=LATER)
    with pytest.raises(Conflict):
        close_circle(circle=circle, by=staff, reason="Enough!", at=LATER)


def test_nobody_looks_after_what_is_closed(author, staff):
    circle = come(make_circle(keeps=False), author)
    close_circle(circle=circle, by=staff, reason="Enough.", at=LATER)
    with pytest.raises(Conflict):
        offer_to_steward(circle=circle, member=author, at=LATER)


def test_a_moderator_closes_proposals_and_of_open_ones_those_whose_board_is_theirs(author):
    moderator, circle = make_moderator(), make_open_circle()
    close_circle(circle=make_circle(), by=moderator, reason="Spam.", at=LATER)
    with pytest.raises(NotAllowed):
        close_circle(circle=circle, by=moderator, reason="Spam.", at=LATER)
    circle.board.moderators.add(moderator)
    assert close_circle(circle=circle, by=moderator, reason="Spam.", at=LATER).state == "closed"
    with pytest.raises(NotAllowed):
        close_circle(circle=make_circle(), by=author, reason="Mine now.", at=LATER)


def test_the_database_refuses_a_closed_circle_without_a_reason():
    circle = make_circle()
    with pytest.raises(IntegrityError, match="closed_circle_says_why"), transaction.atomic():
        Circle.objects.filter(pk=circle.pk).update(closed_at=NOW)


def test_a_mistake_is_taken_back_with_everything(author, staff):
    circle = make_open_circle()
    close_circle(circle=circle, by=staff, reason="Oh.", at=LATER)
    reopened = reopen_circle(circle=circle, by=staff, at=LATER + timedelta(minutes=1))
    assert (reopened.state, reopened.closed_because, reopened.board.post) == ("open", "", Audience.MEMBERS)
    assert told("circle_reopened") == set(circle.memberships.values_list("member_id", flat=True))
    with pytest.raises(Conflict):
        reopen_circle(circle=circle, by=staff, at=LATER)


def test_a_circle_whose_name_was_taken_meanwhile_stays_closed(staff):
    circle = make_circle("Leipzig")
    close_circle(circle=circle, by=staff, reason="Oh.", at=LATER)
    make_circle("Leipzig")
    with pytest.raises(Conflict, match="another circle"):
        reopen_circle(circle=circle, by=staff, at=LATER)
    assert as_it_is(circle).state == "closed"


# ---- Who sees what ----


def test_everybody_sees_circles_and_a_closed_one_who_was_in_it_and_who_keeps_order(author, staff, moderator):
    circle = make_circle()
    inside = circle.steward
    assert Circle.objects.visible_to(None).get() == circle
    close_circle(circle=circle, by=staff, reason="Oh.", at=LATER)
    seen = {who: Circle.objects.visible_to(who).exists() for who in (None, author, inside, staff, moderator)}
    assert seen == {None: False, author: False, inside: True, staff: True, moderator: True}


def test_adjectives_part_circles_into_three(staff):
    proposed, opened, shut = make_circle(), make_open_circle(), make_open_circle()
    close_circle(circle=shut, by=staff, reason="Oh.", at=LATER)
    assert [list(rows) for rows in (Circle.objects.proposed(), Circle.objects.open())] == [[proposed], [opened]]
    assert {row.pk: row.count for row in Circle.objects.with_counts()} == {proposed.pk: 1, opened.pk: 3, shut.pk: 3}


# ---- In words ----


def sentences(kind: str) -> set[str | None]:
    """What each reader of notices of this kind reads now; None for what is not so any more."""
    drain()
    notices = list(Notice.objects.filter(kind=kind).select_related("member", "post__board"))
    words = Words(notices)
    assert notices
    return {(worded.sentence if (worded := words.of(notice)) else None) for notice in notices}


def test_the_opening_is_told_as_long_as_it_is_open(staff):
    circle = make_open_circle("Leipzig")
    assert sentences("circle_opened") == {"“Leipzig” is open: you were enough"}
    close_circle(circle=circle, by=staff, reason="Nobody comes.", at=LATER)
    assert sentences("circle_opened") == {None} and sentences("circle_closed") == {"“Leipzig” is closed"}
    reopen_circle(circle=circle, by=staff, at=LATER)
    assert sentences("circle_closed") == {None} and sentences("circle_reopened") == {"“Leipzig” is back, as it was before"}


def test_nobody_is_asked_any_more_once_somebody_looks_after_it(author):
    circle = come(make_open_circle("Leipzig"), author)
    lay_down_stewardship(circle=circle, member=circle.steward, at=LATER)
    assert sentences("circle_seeks") == {"“Leipzig” looks for somebody to look after it. You?"}
    offer_to_steward(circle=circle, member=author, at=LATER)
    assert sentences("circle_seeks") == {None}


def test_why_it_is_closed_stands_in_the_notice(staff):
    close_circle(circle=make_open_circle(), by=staff, reason="Nobody comes.", at=LATER)
    drain()
    notices = list(Notice.objects.filter(kind="circle_closed").select_related("member", "post__board"))
    assert {Words(notices).of(notice).quote for notice in notices} == {"Nobody comes."}


# ---- Leaving the house ----


def test_a_steward_who_closes_the_account_leaves_the_circle_looking_for_one():
    circle = make_open_circle()
    steward = circle.steward
    others = set(circle.memberships.exclude(member=steward).values_list("member_id", flat=True))
    close_account(member=steward, keeps_words=True, at=LATER)
    circle = as_it_is(circle)
    assert (circle.steward, circle.proposed_by, circle.state) == (None, None, "open")
    assert not circle.board.moderators.exists() and not CircleMember.objects.filter(member=steward).exists()
    assert told("circle_seeks") == others


def test_a_proposal_outlives_who_proposed_it(author):
    circle = come(make_circle(by=author, keeps=False), make_member())
    close_account(member=author, keeps_words=False, at=LATER)
    assert as_it_is(circle).state == "proposed" and circle.memberships.count() == 1


def test_ones_circles_are_taken_along(author):
    make_circle("Leipzig", by=author)
    rows = list(PARTS["circles"](author))
    assert [row["what"] for row in rows] == ["membership", "proposal", "stewardship"]
    assert {row["circle"] for row in rows} == {"leipzig"} and rows[1]["about"] == "Whoever lives here."


def test_the_board_of_a_circle_is_not_deleted_under_it():
    circle = make_open_circle()
    with pytest.raises(ProtectedError):
        circle.board.delete()
