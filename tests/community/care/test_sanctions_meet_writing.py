"""What a warning, a limit and a suspension mean for whoever would write: until when, in which places, and how they end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.blocks import block_member
from community.care import decisions
from community.care.appeals import appeal, decide_appeal
from community.care.forms import SANCTIONS, end_of
from community.care.reports import report
from community.care.sanctions import (
    confirm_suspension,
    lift_sanction,
    limit_member,
    set_limit,
    standing_of,
    suspend_member,
    waits_for_second,
    warn_member,
)
from community.care.targets import find_target, told_of_member
from community.comments import delete_comment, edit_comment
from community.deliveries import drain
from community.follows import Ear, Thing, listen_to
from community.groups.entering import apply_to_group
from community.members import reassess_trust
from community.models import Decision, Hold, Member, Notice, Report, Standing
from community.notice_words import Words
from community.posts import convert_post, edit_post, write_post
from community.privileges import tell_suspension
from community.refusals import Conflict, Invalid, NotAllowed
from community.screening import Manner
from feedback.votes import cast_vote
from tests.factories import (
    NOW,
    make_admin,
    make_comment,
    make_group,
    make_moderator,
    make_post,
    make_staff,
    make_suggestion,
)

pytestmark = pytest.mark.django_db
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
SLOWLY = Manner("page", 60_000)


@pytest.fixture
def second(board):
    return make_moderator("Sofia", board=board)


def fresh(member) -> Member:
    return Member.objects.get(pk=member.pk)


def limit(member, by, days=7, *, at=NOW):
    return limit_member(member=member, by=by, rule="spam", until=at + days * DAY, at=at)


def suspend(member, by, span=7 * DAY, *, at=NOW):
    return suspend_member(member=member, by=by, rule="unkind", until=at + span if span else None, at=at)


def write(author, board, at, title="What I have to say"):
    return write_post(author=author, board=board, kind="discussion", title=title, body="This.", at=at, manner=SLOWLY).state


def test_a_limit_ends_with_its_last_moment(screened, author, moderator, board):
    limit(author, moderator)
    assert write(fresh(author), board, NOW + 7 * DAY - TICK) == "held"
    # Trust comes back within the hour; what waits because of the limit ends by itself.
    reassess_trust(members=[fresh(author)], at=NOW + 7 * DAY)
    assert fresh(author).trust == 2 and write(fresh(author), board, NOW + 7 * DAY, "And later") == "visible"
    assert [row.reasons for row in Hold.objects.all()] == [["limited"]]


def test_a_limited_members_comments_and_edits_wait_as_well(screened, author, moderator, board):
    post = make_post(author=author, board=board)
    comment = make_comment(post, author=author)
    limit(author, moderator)
    limited = fresh(author)
    assert edit_post(post=post, by=limited, title=post.title, body="Edited.", at=NOW + DAY, manner=SLOWLY).state == "held"
    assert edit_comment(comment=comment, by=limited, body="Edited.", at=NOW + DAY, manner=SLOWLY).state == "held"
    assert {reason for row in Hold.objects.all() for reason in row.reasons} == {"limited"}


def test_what_waits_because_of_a_limit_waits_on_when_the_limit_is_lifted(screened, author, moderator, second, board):
    decision = limit(author, moderator)
    assert write(fresh(author), board, NOW + DAY) == "held"
    lift_sanction(decision=decision, by=second, words="They were right.", at=NOW + DAY)
    assert Hold.objects.open().count() == 1 and write(fresh(author), board, NOW + 2 * DAY, "Another") == "visible"


def test_a_warned_member_writes_as_before(screened, author, moderator, board):
    warn_member(member=author, by=moderator, rule="unkind", at=NOW)
    assert write(fresh(author), board, NOW + DAY) == "visible" and standing_of(author, at=NOW) == []


@pytest.fixture
def away(author, moderator):
    """Mara, who is suspended as the real clock goes."""
    suspend(author, moderator, at=timezone.now())
    return fresh(author)


@pytest.fixture
def places(board, author):
    """What one could do something with."""
    wish = make_suggestion(board=board)
    mine = make_post(author=author, board=board)
    return {"wish": wish, "mine": mine, "said": make_comment(mine, author=author), "group": make_group("beta")}


ACTS = {
    "edit a post": lambda who, there: edit_post(post=there["mine"], by=who, title="Another", body="x", at=NOW),
    "edit a comment": lambda who, there: edit_comment(comment=there["said"], by=who, body="x", at=NOW),
    "convert": lambda who, there: convert_post(post=there["mine"], kind="question", by=who, at=NOW),
    "vote": lambda who, there: cast_vote(member=who, suggestion=there["wish"], at=NOW),
    "report": lambda who, there: report(target=find_target(who, "post", there["wish"].pk), by=who, rule="spam", at=NOW),
    "apply": lambda who, there: apply_to_group(group=there["group"], member=who, words="Me!", agreed=True, at=NOW),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_suspended_are_told_until_when_whatever_they_try(away, places, act):
    with pytest.raises(NotAllowed) as told:
        ACTS[act](away, places)
    assert told.value.code == "suspended" and tell_suspension(away) == told.value.sentence


def test_the_suspended_may_take_back_block_mute_and_appeal(away, places, voter, moderator):
    delete_comment(comment=places["said"], by=away, at=NOW)
    assert block_member(member=away, other=voter, at=NOW)
    listen_to(member=away, kind=Thing.PERSON, thing=moderator, ear=Ear.MUTE, at=NOW)
    assert appeal(decision=Decision.objects.get(verdict="suspended"), by=away, words="It was not me.", at=timezone.now())


def test_a_vote_cast_before_counts_on(author, moderator, board):
    wish = make_suggestion(board=board)
    cast_vote(member=author, suggestion=wish, at=NOW)
    suspend(author, moderator, at=timezone.now())
    drain()
    assert Standing.objects.get(pk=wish.pk).votes == 2


WEEK, TEN_YEARS = 7 * DAY, 3653 * DAY


@pytest.mark.parametrize(("span", "waits"), [(WEEK, False), (WEEK + TICK, True), (WEEK - TICK, False), (TEN_YEARS, True)])
def test_a_week_to_the_moment_is_one_persons_to_decide(author, moderator, span, waits):
    decision = suspend(author, moderator, span)
    assert waits_for_second(decision) is waits and fresh(author).suspended_until == NOW + min(span, WEEK)


@pytest.mark.parametrize("span", [TEN_YEARS + TICK, timedelta(0), -DAY])
def test_longer_than_ten_years_or_over_already_is_no_end(author, moderator, span):
    for act in (limit_member, suspend_member):
        with pytest.raises(Invalid) as told:
            act(member=author, by=moderator, rule="spam", until=NOW + span, at=NOW)
        assert "until" in told.value.fields
    assert not Decision.objects.exists() and fresh(author).suspended_at is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([code for code, _label in SANCTIONS]))
def test_every_choice_of_the_form_names_a_sanction_and_its_days(choice):
    name, end = end_of(choice, NOW)
    assert name in ("warn", "limit", "suspend") and (end is None) is (choice in ("warn", "suspend-0"))
    assert end is None or choice == f"{name}-{(end - NOW).days}"


def test_a_second_look_is_possible_while_the_first_week_runs(author, moderator, second):
    first = suspend(author, moderator, 30 * DAY)
    with pytest.raises(Conflict):
        confirm_suspension(decision=first, by=second, at=NOW + WEEK)
    assert confirm_suspension(decision=first, by=second, at=NOW + WEEK - TICK).until == NOW + 30 * DAY


def test_what_was_lifted_or_needs_nobody_is_not_confirmed(author, voter, moderator, second, staff):
    lifted, short = suspend(author, moderator, 30 * DAY), suspend(voter, moderator)
    lift_sanction(decision=lifted, by=staff, words="No.", at=NOW)
    for decision in (lifted, short):
        with pytest.raises(Conflict):
            confirm_suspension(decision=decision, by=second, at=NOW)
    assert fresh(author).suspended_at is None and fresh(voter).suspended_until == NOW + WEEK


def test_an_appeal_that_was_refused_leaves_the_second_look_open(author, moderator, second, staff):
    first = suspend(author, moderator, 30 * DAY)
    row = appeal(decision=first, by=author, words="No.", at=NOW)
    decide_appeal(appeal=row, by=staff, overturn=False, words="Yes.", at=NOW)
    assert confirm_suspension(decision=first, by=second, at=NOW) and fresh(author).suspended_until == NOW + 30 * DAY


def test_overturning_the_confirmation_ends_the_whole(author, moderator, second, staff):
    confirmed = confirm_suspension(decision=suspend(author, moderator, 30 * DAY), by=second, at=NOW)
    row = appeal(decision=confirmed, by=author, words="No.", at=NOW)
    decide_appeal(appeal=row, by=staff, overturn=True, words="They are right.", at=NOW)
    assert fresh(author).suspended_at is None and standing_of(author, at=NOW) == []


def test_of_two_suspensions_the_longer_holds_and_overturning_it_leaves_the_other(author, moderator, second, staff):
    suspend(author, moderator, 3 * DAY)
    longer = suspend(author, second, 6 * DAY)
    assert fresh(author).suspended_until == NOW + 6 * DAY
    row = appeal(decision=longer, by=author, words="No.", at=NOW)
    decide_appeal(appeal=row, by=staff, overturn=True, words="Right.", at=NOW)
    assert fresh(author).suspended_until == NOW + 3 * DAY


def test_for_good_outlasts_every_end(author, staff, admin_member, moderator):
    confirm_suspension(decision=suspend(author, staff, None), by=admin_member, at=NOW)
    suspend(author, moderator, 3 * DAY)
    assert fresh(author).suspended_until is None and fresh(author).is_suspended(at=NOW + 9999 * DAY)
    assert "until" not in tell_suspension(fresh(author))


def test_what_is_over_holds_no_more_though_nobody_touched_the_row(author, moderator, second):
    decision = limit(author, moderator, 2)
    over = NOW + 2 * DAY
    assert standing_of(author, at=over - TICK) == [decision] and standing_of(author, at=over) == []
    assert fresh(author).limited_until == over and not fresh(author).is_limited(at=over)
    with pytest.raises(Conflict, match="not hold any more"):
        lift_sanction(decision=decision, by=second, words="Late.", at=over)


def test_a_warning_has_nothing_to_lift(author, moderator, second):
    with pytest.raises(Conflict):
        lift_sanction(decision=warn_member(member=author, by=moderator, rule="spam", at=NOW), by=second, words="x", at=NOW)


def test_the_desk_lifts_every_limit_and_no_suspension(author, moderator, second, staff):
    limit(author, moderator, 3), limit(author, second, 9), suspend(author, moderator)
    set_limit(member=author, until=None, by=staff, at=NOW)
    assert [row.verdict for row in standing_of(author, at=NOW)] == ["suspended"]
    assert Decision.objects.filter(verdict="lifted", answers__verdict="limited").count() == 2
    set_limit(member=author, until=None, by=staff, at=NOW)
    assert Decision.objects.filter(verdict="lifted").count() == 2


def test_nobody_judges_the_team_and_only_the_team_a_moderator(moderator):
    """The team is not limited; a fellow moderator is judged by the team alone, an administrator by nobody."""
    for whom, by in ((make_staff(), make_admin()), (make_admin(), make_admin()), (make_moderator(), moderator)):
        for act in (limit, suspend, lambda member, by: set_limit(member=member, until=None, by=by, at=NOW)):
            with pytest.raises(NotAllowed):
                act(whom, by)
    assert not Decision.objects.exists() and limit(moderator, make_staff())


@pytest.mark.parametrize("act", [warn_member, limit_member, suspend_member])
def test_whoever_reported_the_person_hears_that_somebody_acted(author, voter, moderator, act):
    report(target=told_of_member(author), by=voter, rule="unkind", at=NOW)
    more = {} if act is warn_member else {"until": NOW + DAY}
    decision = act(member=author, by=moderator, rule="unkind", at=NOW, **more)
    drain()
    notice = Notice.objects.select_related("member", "post__board").get(member=voter, kind="care_report")
    assert Words([notice]).of(notice).sentence == "Thank you: a moderator has acted on your report."
    assert Report.objects.get().decision == decision


def test_a_refused_sanction_leaves_the_reports_open(author, voter, moderator, staff):
    report(target=told_of_member(staff), by=voter, rule="unkind", at=NOW)
    with pytest.raises(NotAllowed):
        warn_member(member=staff, by=moderator, rule="unkind", at=NOW)
    with pytest.raises(Invalid):
        warn_member(member=author, by=moderator, rule="", at=NOW)
    assert Report.objects.open().count() == 1


@pytest.mark.parametrize("choice", ["warn", "suspend-7"])
def test_hiding_and_judging_at_once_are_one_step(client, board, staff, choice):
    """Moe may hide what staff wrote in his board, and may not judge staff: then nothing is done at all."""
    post = make_post(author=staff, board=board)
    client.force_login(make_moderator(board=board))
    answer = client.post(f"/posts/{post.pk}/hide/", {"rule": "unkind", "also": choice})
    post.refresh_from_db()
    assert (answer.status_code, post.state, Decision.objects.count()) == (403, "visible", 0)


def test_a_suspended_author_reads_that_their_text_was_let_through(screened, author, moderator, second, board):
    held = write_post(author=author, board=board, kind="discussion", title="It waits for you", body="So.", at=NOW,
                      manner=Manner("page", 9000, trapped=True))  # fmt: skip
    suspend(author, moderator, at=timezone.now())
    decisions.let_through(target=find_target(second, "post", held.pk), by=second, at=NOW)
    held.refresh_from_db()
    drain()
    assert held.state == "visible" and Notice.objects.filter(member=author, kind="care_decision").count() == 2
