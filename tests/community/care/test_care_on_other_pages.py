"""What care shows on posts, comments and members' pages, to whom; and what it keeps, hands out and forgets of a person."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from community.accounts.registry import Leaving
from community.blocks import block_member
from community.care import decisions, personal, slots
from community.care.appeals import appeal, decide_appeal
from community.care.pending_acts import report_after_all
from community.care.reports import report
from community.care.targets import find_target
from community.manners import STAMP, TRAP, manner_of
from community.models import Appeal, Block, Decision, Hold, Member, Report
from community.refusals import Conflict, Invalid, NotAllowed
from community.screening import Answer, extras_of, keep_hold, settle_holds, take_hold
from tests.factories import NOW, make_comment, make_member, make_moderator, make_newcomer, make_post, make_staff

pytestmark = pytest.mark.django_db


def asked_by(viewer):
    request = RequestFactory().get("/")
    request.user = viewer or AnonymousUser()
    return request


@pytest.fixture
def post(author, board):
    return make_post("What Mara said", author=author, board=board)


@pytest.mark.parametrize("kind", ["post", "comment"])
def test_everybody_but_its_author_is_shown_the_way_to_report(kind, post, author, voter, moderator):
    thing = post if kind == "post" else make_comment(post, author=author)
    show = slots.report_post if kind == "post" else slots.report_comment
    shown = [f"/report/{kind}/{thing.pk}/" in str(show(asked_by(who), thing, None)) for who in (author, voter, moderator, None)]
    assert shown == [False, True, True, True]


def waits(thing, *reasons):
    type(thing).objects.filter(pk=thing.pk).update(state="held")
    thing.state = "held"
    return keep_hold(thing, Answer(reasons), at=NOW, fresh=False)


def told(things) -> list[list[str]]:
    """For each of these, the reasons as its readers see them."""
    request = asked_by(None)
    holds = slots._open_holds(request, things)
    pages = [str(slots.tell_why_it_waits(request, thing, holds)) for thing in things]
    return [[code for code, words in slots.rules.HELD.items() if str(words) in page] for page in pages]


def test_each_text_tells_its_own_reasons_and_what_is_shown_tells_none(post, board, django_assert_num_queries):
    comment, other = make_comment(post), make_post(board=board)
    waits(post, "links", "trap"), waits(comment, "words")
    with django_assert_num_queries(1):
        assert told([post, comment, other]) == [["links", "trap"], ["words"], []]
    with django_assert_num_queries(0):
        assert told([other]) == [[]]


def test_a_reason_of_the_past_is_left_out_and_a_settled_wait_tells_nothing(post):
    waits(post, "of-the-past", "new")
    assert told([post]) == [["new"]]
    settle_holds(post, at=NOW)
    assert told([post]) == [[]]


def test_the_guard_of_a_form_is_taken_back_by_the_form():
    page = str(slots.guard(asked_by(None), None, None))
    stamped = page.split(f'name="{STAMP}" value="')[1].split('"')[0]
    manner = manner_of({STAMP: stamped, TRAP: ""}, at=slots.timezone.now() + timedelta(seconds=9))
    assert 9000 <= manner.typed_ms < 60_000 and not manner.trapped and f'name="{TRAP}"' in page


def offered(viewer, person) -> list[str]:
    page = str(slots.turn_away(asked_by(viewer), person, None))
    return [act for act in ("report/member", "/block/", "/unblock/", "/moderation/members/") if act in page]


def test_on_a_members_page_each_is_offered_what_they_may(author, voter, moderator, staff):
    assert offered(voter, author) == ["report/member", "/block/"]
    assert offered(None, author) == ["report/member"] and offered(author, author) == []
    assert offered(moderator, author) == ["report/member", "/block/", "/moderation/members/"]
    assert offered(voter, staff) == ["report/member"]
    block_member(member=voter, other=author, at=NOW)
    assert offered(voter, author) == ["report/member", "/unblock/"]


def test_a_profile_that_waits_for_its_owner_is_neither_reported_nor_blocked(voter):
    assert offered(voter, make_member(claimed_at=None, source_system="github", source_id="x")) == []


def test_a_visitors_report_is_made_after_the_sign_in_or_refused_as_any_other(post, author, voter):
    typed = {"kind": "post", "id": post.pk, "rule": "spam", "words": "Look."}
    outcome = report_after_all(voter, typed, NOW)
    assert outcome.url == post.get_absolute_url() and "you hear" in outcome.thanks
    assert Report.objects.get().words == "Look."
    for member, changed, refusal in (
        (author, {}, NotAllowed),
        (voter, {"id": 10**9}, Conflict),
        (make_member(), {"rule": ""}, Invalid),
    ):
        with pytest.raises(refusal):
            report_after_all(member, typed | changed, NOW)
    assert Report.objects.count() == 1


@pytest.fixture
def life(author, voter, moderator, board, post):
    """Mara was held, hidden and appealed; she reported Tomasz, and blocked him."""
    waits(post, "words")
    Hold.objects.update(signals={"words": ["pills"]}, extras={"need": "1000"}, settled_at=NOW)
    type(post).objects.filter(pk=post.pk).update(state="visible")
    hidden = decisions.hide(
        target=find_target(moderator, "post", post.pk), by=moderator, rule="unkind", words="Why so?", at=NOW
    )
    appeal(decision=hidden, by=author, words="I was quoting.", at=NOW)
    report(target=find_target(author, "member", voter.pk), by=author, rule="unkind", words="He started.", at=NOW)
    block_member(member=author, other=voter, at=NOW)
    return author


def test_all_of_it_is_taken_along_and_nobody_elses_name_but_whom_one_blocked(life, moderator, voter):
    rows = [*personal.decisions_about(life), *personal.reports_of(life), *personal.blocks_of(life)]
    words = str(rows)
    assert all(said in words for said in ("Why so?", "I was quoting.", "He started.", voter.username, "hidden", "words"))
    assert moderator.username not in words and "pills" not in words and str(voter) not in words
    assert not [*personal.decisions_about(voter), *personal.reports_of(voter), *personal.blocks_of(voter)]


def test_who_leaves_takes_their_words_and_leaves_what_was_decided(life, voter):
    report(target=find_target(voter, "member", life.pk), by=voter, rule="spam", words="Of another.", at=NOW)
    personal.erase_care(Leaving(life, True, NOW))
    assert not Block.objects.exists() and Appeal.objects.get().words == "–"
    assert list(Report.objects.order_by("pk").values_list("words", flat=True)) == ["", "Of another."]
    assert (Hold.objects.get().signals, Hold.objects.get().extras) == ({}, {}) and Decision.objects.get().words == "Why so?"


def test_an_appeal_of_somebody_who_left_is_decided_all_the_same(life, board):
    personal.erase_care(Leaving(life, True, NOW))
    Member.objects.filter(pk=life.pk).update(closed_at=NOW)
    second = make_moderator(board=board)
    assert decide_appeal(appeal=Appeal.objects.get(), by=second, overturn=False, words="It stands.", at=NOW).verdict == "upheld"


def test_what_waits_is_taken_once_and_its_first_form_is_remembered(post):
    Hold.objects.all().delete()
    keep_hold(post, Answer(("first",)), at=NOW, fresh=True, extras={"need": "1000"})
    post.state = "held"
    assert take_hold(post, at=NOW).settled_at == NOW
    with pytest.raises(Conflict):
        take_hold(post, at=NOW)
    keep_hold(post, Answer(("words",)), at=NOW, fresh=False, extras={"need": "2"})
    assert extras_of(post) == {"need": "1000"} and extras_of(make_post()) == {}
    assert Hold.objects.count() == 2 and Hold.objects.open().get().reasons == ["words"]


@pytest.mark.parametrize("who", ["visitor", "member", "newcomer", "suspended"])
def test_moderators_pages_open_for_nobody_else(client, author, who):
    if who != "visitor":
        client.force_login({"member": make_member, "newcomer": make_newcomer,
                            "suspended": lambda: make_staff(suspended_at=NOW)}[who]())  # fmt: skip
    for page in ("/moderation/", "/moderation/log/", f"/moderation/members/{author.username}/"):
        assert client.get(page).status_code == (302 if who == "visitor" else 403)
