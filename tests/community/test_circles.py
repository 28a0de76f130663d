"""Circles: proposed, joined, opened by number and steward, left and looked after."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from community.circles import opening
from community.circles.closing import close_circle
from community.circles.joining import join_circle, leave_circle
from community.circles.proposing import SameCircle, propose_circle
from community.circles.stewards import lay_down_stewardship, offer_to_steward
from community.deliveries import drain
from community.follows import Ear, Thing, ear_of, listen_to
from community.models import Activity, Audience, Board, BoardFollow, Circle, Notice, Product
from community.posts import write_post
from community.refusals import Conflict, Invalid, NotAllowed
from tests.community.circling import as_it_is, come, make_circle, make_open_circle, three_open_it  # noqa: F401
from tests.factories import NOW, make_member, make_moderator, make_newcomer, make_product, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_open_it")]
LATER = NOW + timedelta(hours=1)


def told(kind: str) -> set[int]:
    drain()
    return set(Notice.objects.filter(kind=kind).values_list("member_id", flat=True))


# ---- Proposing ----


def test_whoever_proposes_is_the_first_member(author):
    circle = make_circle("Leipzig", by=author, keeps=False)
    assert [row.member for row in circle.memberships.all()] == [author] and circle.state == "proposed"
    assert (circle.steward, circle.board, circle.slug) == (None, None, "leipzig")


def test_who_ticks_it_looks_after_it_from_the_start(author):
    assert make_circle(by=author, keeps=True).steward == author


def test_the_very_new_join_and_do_not_propose():
    newcomer = make_newcomer()
    with pytest.raises(NotAllowed, match="second day"):
        make_circle(by=newcomer)
    assert come(make_circle(), newcomer).memberships.filter(member=newcomer).exists()


def test_staff_propose_whatever_their_trust():
    assert make_circle(by=make_staff(trust=0)).state == "proposed"


def test_a_second_proposal_waits_for_the_first_to_open(author):
    make_product()
    first = make_circle("Leipzig", by=author)
    with pytest.raises(Conflict, match="Leipzig"):
        make_circle("Dresden", by=author)
    come(first, make_member(), make_member())
    assert make_circle("Dresden", by=author).state == "proposed"


def test_the_database_refuses_a_second_proposal(author):
    make_circle("Leipzig", by=author)
    with pytest.raises(IntegrityError, match="one_waiting_proposal_per_member"), transaction.atomic():
        Circle.objects.create(slug="x", name="X", key="x", about="X", proposed_by=author)


@pytest.mark.parametrize("name", ["Leipzig", "leipzig circle", "ＬＥＩＰＺＩＧ"])
def test_what_is_there_is_named_instead_of_made_twice(name):
    there = make_circle("Leipzig")
    with pytest.raises(SameCircle, match="Leipzig") as refusal:
        make_circle(name)
    assert refusal.value.circle == there and "name" in refusal.value.fields


def test_the_database_refuses_the_same_name_twice():
    make_circle("Leipzig")
    with pytest.raises(IntegrityError, match="one_circle_per_name"), transaction.atomic():
        Circle.objects.create(slug="x", name="X", key="leipzig", about="X")


def test_a_name_is_free_again_when_its_circle_is_closed(moderator):
    close_circle(circle=make_circle("Leipzig"), by=moderator, reason="A mistake.", at=NOW)
    assert make_circle("Leipzig").slug == "leipzig-2"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", " ! "), ("name", "x"), ("name", "y" * 61), ("about", "  "), ("about", "z" * 281), ("kind", "cult")],
)
def test_what_does_not_fit_is_said_beside_its_field(author, field, typed):
    said = {"name": "Leipzig", "about": "All of us", "kind": "city"} | {field: typed}
    with pytest.raises(Invalid) as refusal:
        propose_circle(by=author, keeps=False, at=NOW, **said)
    assert list(refusal.value.fields) == [field] and not Circle.objects.exists()


def test_a_proposal_is_on_record_without_a_word_of_it(author):
    circle = make_circle("Leipzig", by=author)
    fact = Activity.objects.get(verb="circle_proposed")
    assert (fact.actor, fact.subject_id, fact.data) == (author, circle.pk, {"kind": "city", "kept": True})


# ---- Opening ----


def test_it_opens_with_the_last_one_and_not_before():
    make_product()
    circle = come(make_circle(), make_member())
    assert circle.state == "proposed"
    assert come(circle, make_member(), at=LATER).opened_at == LATER


def test_twenty_is_the_number(monkeypatch):
    monkeypatch.undo()
    assert opening.OPENS_AT == 20


def test_enough_people_wait_for_a_steward():
    make_product()
    people = [make_member() for _person in range(3)]
    circle = come(make_circle(keeps=False), *people)
    assert circle.state == "proposed"
    offer_to_steward(circle=circle, member=people[1], at=LATER)
    assert as_it_is(circle).state == "open" and list(as_it_is(circle).board.moderators.all()) == [people[1]]


def test_its_board_is_read_by_everybody_and_written_by_members():
    board = make_open_circle("Leipzig", about="Whoever lives here.").board
    assert (board.see, board.post, board.comment, board.vote) == (Audience.ANYONE, *[Audience.MEMBERS] * 3)
    assert (board.name, board.slug, board.about, board.is_public) == ("Leipzig", "circle-leipzig", "Whoever lives here.", True)


def test_its_board_is_on_record_like_any_other():
    circle = make_open_circle()
    fact = Activity.objects.get(verb="board_arranged", subject_id=circle.board_id)
    assert fact.data["moderators"] == [circle.steward_id]


def test_a_board_of_that_address_is_no_obstacle():
    Board.objects.create(slug="circle-leipzig", name="Other", product=make_product())
    assert make_open_circle("Leipzig").board.slug == "circle-leipzig-2"


def test_a_house_without_a_product_has_circles_all_the_same():
    assert make_open_circle(bare=True).board.product == Product.objects.get()


def test_everybody_in_it_follows_its_board_and_hears_of_it():
    circle = make_open_circle()
    people = set(circle.memberships.values_list("member_id", flat=True))
    assert set(BoardFollow.objects.filter(board=circle.board).values_list("member_id", flat=True)) == people
    assert told("circle_opened") == people


def test_a_new_post_in_it_is_told_to_those_in_it():
    circle = make_open_circle()
    first, *others = [row.member for row in circle.memberships.all()]
    write_post(author=first, board=circle.board, kind="discussion", title="Who is up for soup?", body="Now.", at=LATER)
    drain()
    heard = set(Notice.objects.filter(post__isnull=False).values_list("member_id", flat=True))
    assert {member.pk for member in others} <= heard


def test_the_database_refuses_an_open_circle_without_a_board():
    circle = make_circle()
    with pytest.raises(IntegrityError, match="open_circle_has_a_board"), transaction.atomic():
        Circle.objects.filter(pk=circle.pk).update(opened_at=NOW)


# ---- Coming and going ----


def test_to_join_twice_is_to_join_once(author):
    circle = make_circle()
    come(circle, author, author)
    assert circle.memberships.filter(member=author).count() == 1
    assert Activity.objects.filter(verb="circle_joined").count() == 1


def test_who_joins_an_open_circle_follows_its_board_and_who_leaves_does_not(author):
    circle = come(make_open_circle(), author)
    assert ear_of(author, Thing.BOARD, circle.board) == Ear.FOLLOW
    leave_circle(circle=circle, member=author, at=LATER)
    assert ear_of(author, Thing.BOARD, circle.board) == Ear.NONE


def test_a_board_that_was_muted_stays_so(author):
    circle = make_open_circle()
    listen_to(member=author, kind=Thing.BOARD, thing=circle.board, ear=Ear.MUTE, at=NOW)
    come(circle, author)
    leave_circle(circle=circle, member=author, at=LATER)
    assert ear_of(author, Thing.BOARD, circle.board) == Ear.MUTE


def test_to_leave_what_one_is_not_in_changes_nothing(author):
    leave_circle(circle=make_circle(), member=author, at=LATER)
    assert not Activity.objects.filter(verb="circle_left").exists()


def test_an_open_circle_does_not_close_when_its_people_go():
    circle = make_open_circle()
    for row in circle.memberships.all():
        leave_circle(circle=circle, member=row.member, at=LATER)
    circle = as_it_is(circle)
    assert (circle.state, circle.steward, circle.memberships.count()) == ("open", None, 0)


def test_the_suspended_join_nothing(author):
    author.suspended_at = NOW
    with pytest.raises(NotAllowed):
        join_circle(circle=make_circle(), member=author, at=NOW)


# ---- Stewards ----


def test_only_who_is_in_it_looks_after_it(author):
    with pytest.raises(NotAllowed, match="join it first"):
        offer_to_steward(circle=make_circle(keeps=False), member=author, at=NOW)


def test_the_very_new_look_after_nothing():
    newcomer = make_newcomer()
    circle = come(make_circle(keeps=False), newcomer)
    with pytest.raises(NotAllowed, match="Look around"):
        offer_to_steward(circle=circle, member=newcomer, at=NOW)


def test_who_has_a_steward_needs_no_second(author):
    circle = come(make_circle(keeps=True), author)
    with pytest.raises(Conflict, match="looks after it already"):
        offer_to_steward(circle=circle, member=author, at=NOW)
    assert offer_to_steward(circle=circle, member=circle.steward, at=NOW).steward == circle.steward


def test_nobody_lays_down_what_is_not_theirs(author):
    with pytest.raises(Conflict, match="do not look after"):
        lay_down_stewardship(circle=come(make_circle(), author), member=author, at=NOW)


def test_a_steward_who_lays_it_down_stays_in_it_and_moderates_no_more():
    circle = make_open_circle()
    before = circle.steward
    lay_down_stewardship(circle=circle, member=before, at=LATER)
    circle = as_it_is(circle)
    assert circle.steward is None and not circle.board.moderators.exists()
    assert circle.memberships.filter(member=before).exists()


def test_the_next_steward_takes_the_place_of_the_last_and_no_other_moderator_goes(author):
    circle = come(make_open_circle(), author)
    other = make_moderator(board=circle.board)
    leave_circle(circle=circle, member=circle.steward, at=LATER)
    offer_to_steward(circle=circle, member=author, at=LATER)
    assert set(circle.board.moderators.all()) == {author, other}


def test_an_open_circle_without_a_steward_asks_its_people_and_a_proposal_does_not():
    proposal = make_circle()
    lay_down_stewardship(circle=proposal, member=proposal.steward, at=LATER)
    assert told("circle_seeks") == set()
    circle = make_open_circle()
    others = {row.member_id for row in circle.memberships.all()} - {circle.steward_id}
    lay_down_stewardship(circle=circle, member=circle.steward, at=LATER)
    assert told("circle_seeks") == others


def test_a_steward_has_no_right_of_the_whole_house():
    """Twenty people name whom they trust with their board; the house names whom it trusts with sanctions."""
    circle = make_open_circle()
    assert circle.steward.role == "member" and circle.steward in circle.board.moderators.all()
    with pytest.raises(NotAllowed):
        close_circle(circle=make_circle(), by=circle.steward, reason="I can", at=LATER)
