"""Warnings, limits and suspensions: with a reason, an end, a second person where it is long, and the way back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.care.sanctions import (
    confirm_suspension,
    hold_sanctions,
    lift_sanction,
    limit_member,
    set_limit,
    standing_of,
    suspend_member,
    waits_for_second,
    warn_member,
)
from community.comments import write_comment
from community.deliveries import drain
from community.models import Decision, Member, Notice
from community.privileges import Privilege, has, require
from community.reactions import react
from community.refusals import Conflict, Invalid, NotAllowed
from feedback.votes import cast_vote
from tests.factories import NOW, make_admin, make_comment, make_member, make_moderator, make_post, make_suggestion

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def second(board):
    return make_moderator("Sofia", board=board)


def fresh(member) -> Member:
    return Member.objects.get(pk=member.pk)


def suspend(member, by, days, *, at=NOW, rule="unkind"):
    until = at + days * DAY if days else None
    return suspend_member(member=member, by=by, rule=rule, until=until, at=at)


def test_a_warning_tells_and_changes_nothing(author, moderator):
    warn_member(member=author, by=moderator, rule="unkind", words="Please mind your tone.", at=NOW)
    drain()
    assert fresh(author).trust == 2 and Notice.objects.get(member=author).kind == "care_decision"


def test_a_limited_members_trust_is_0_until_then(author, moderator):
    limit_member(member=author, by=moderator, rule="spam", until=NOW + 7 * DAY, at=NOW)
    row = fresh(author)
    assert (row.trust, row.limited_until, row.is_limited(at=NOW)) == (0, NOW + 7 * DAY, True)
    assert not row.is_limited(at=NOW + 8 * DAY)


def test_a_short_suspension_is_one_persons_to_decide(author, moderator):
    decision = suspend(author, moderator, 7)
    assert not waits_for_second(decision) and fresh(author).suspended_until == NOW + 7 * DAY


@pytest.mark.parametrize("days", [8, 30, 365])
def test_a_long_one_is_a_week_until_a_second_confirms_it(author, moderator, second, days):
    first = suspend(author, moderator, days)
    assert waits_for_second(first) and fresh(author).suspended_until == NOW + 7 * DAY
    with pytest.raises(NotAllowed, match="somebody else"):
        confirm_suspension(decision=first, by=moderator, at=NOW)
    confirm_suspension(decision=first, by=second, at=NOW + DAY)
    assert fresh(author).suspended_until == NOW + days * DAY
    with pytest.raises(Conflict):
        confirm_suspension(decision=first, by=make_admin(), at=NOW + DAY)


def test_the_database_too_refuses_one_who_confirms_themselves(author, moderator):
    row = suspend(author, moderator, 30)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(verdict="suspended", target_kind="member", target_id=author.pk, member=author, by=moderator,
                                answers=row, against=moderator, at=NOW)  # fmt: skip


def test_for_good_is_the_teams_and_takes_two_of_it(author, moderator, staff, admin_member):
    with pytest.raises(NotAllowed):
        suspend(author, moderator, 0)
    first = suspend(author, staff, 0)
    assert fresh(author).suspended_until == NOW + 7 * DAY
    with pytest.raises(NotAllowed):
        confirm_suspension(decision=first, by=moderator, at=NOW)
    confirm_suspension(decision=first, by=admin_member, at=NOW)
    row = fresh(author)
    assert (row.suspended_until, row.is_suspended(at=NOW + 4000 * DAY)) == (None, True)


def test_unconfirmed_it_ends_by_itself_after_the_week(author, moderator, second):
    first = suspend(author, moderator, 30)
    assert not fresh(author).is_suspended(at=NOW + 8 * DAY)
    with pytest.raises(Conflict):
        confirm_suspension(decision=first, by=second, at=NOW + 8 * DAY)


def test_lifted_early_with_a_reason_and_the_others_stay(author, moderator, second):
    limit_member(member=author, by=moderator, rule="spam", until=NOW + 30 * DAY, at=NOW)
    suspension = suspend(author, moderator, 7)
    with pytest.raises(Invalid):
        lift_sanction(decision=suspension, by=second, words=" ", at=NOW)
    lift_sanction(decision=suspension, by=second, words="They said sorry.", at=NOW + DAY)
    row = fresh(author)
    assert (row.suspended_at, row.suspended_until, row.limited_until) == (None, None, NOW + 30 * DAY)
    with pytest.raises(Conflict):
        lift_sanction(decision=suspension, by=second, words="Again.", at=NOW + DAY)


def test_a_confirmed_suspension_falls_as_a_whole(author, moderator, second):
    first = suspend(author, moderator, 30)
    confirmed = confirm_suspension(decision=first, by=second, at=NOW)
    lift_sanction(decision=confirmed, by=moderator, words="Enough.", at=NOW + DAY)
    assert fresh(author).suspended_at is None and standing_of(author, at=NOW + DAY) == []


CHOICES = st.lists(st.tuples(st.sampled_from(["limit", "suspend", "lift"]), st.integers(1, 7)), max_size=7)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHOICES)
def test_what_holds_is_what_the_standing_decisions_say_in_any_order(board, choices):
    by, member, made = make_moderator(board=board), make_member(), []
    for name, days in choices:
        if name == "lift" and made:
            lift_sanction(decision=made.pop(days % len(made)), by=by, words="Well.", at=NOW)
        elif name == "limit":
            made.append(limit_member(member=member, by=by, rule="spam", until=NOW + days * DAY, at=NOW))
        elif name == "suspend":
            made.append(suspend(member, by, days))
    row = fresh(member)
    assert row.limited_until == max((one.until for one in made if one.verdict == "limited"), default=None)
    assert row.suspended_until == max((one.until for one in made if one.verdict == "suspended"), default=None)
    before = vars(row) | {"_state": 0}
    hold_sanctions(row, at=NOW)
    assert vars(fresh(member)) | {"_state": 0} == before


@pytest.mark.parametrize("until", [NOW - DAY, NOW, NOW + 4000 * DAY])
def test_an_end_is_still_to_come(author, moderator, until):
    with pytest.raises(Invalid):
        limit_member(member=author, by=moderator, rule="spam", until=until, at=NOW)


def test_nobody_judges_the_team_a_fellow_moderator_or_themselves(author, staff, moderator, second):
    for by, whom in ((moderator, staff), (moderator, second), (moderator, moderator), (author, moderator), (staff, staff)):
        with pytest.raises(NotAllowed):
            warn_member(member=whom, by=by, rule="spam", at=NOW)
    assert warn_member(member=second, by=staff, rule="spam", at=NOW)


@pytest.fixture
def suspended(author, moderator, monkeypatch):
    """Mara, who is suspended as the real clock goes."""
    Member.objects.filter(pk=author.pk).update(suspended_at="2026-01-01T00:00Z", suspended_until=None)
    return fresh(author)


def test_the_suspended_hold_no_privilege_and_are_told_so(suspended):
    assert not any(has(suspended, privilege) for privilege in Privilege)
    with pytest.raises(NotAllowed, match="You can read, appeal") as told:
        require(suspended, Privilege.WRITE)
    assert told.value.code == "suspended"


def test_the_suspended_neither_write_nor_vote_nor_react(suspended, board):
    wish = make_suggestion(board=board)
    comment = make_comment(wish.post)
    for act in (
        lambda: write_comment(author=suspended, post=wish.post, body="Hm", at=NOW),
        lambda: cast_vote(member=suspended, suggestion=wish, at=NOW),
        lambda: react(member=suspended, sign="agree", comment=comment, at=NOW),
        lambda: make_post(author=suspended, board=board),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_suspended_moderator_moderates_nothing(moderator, board):
    Member.objects.filter(pk=moderator.pk).update(suspended_at="2026-01-01T00:00Z")
    assert not has(fresh(moderator), Privilege.MODERATE)


def test_pages_say_why_and_until_when_and_the_session_stays(client, suspended, board):
    post = make_post(board=board)
    client.force_login(suspended)
    page = client.get(post.get_absolute_url()).content.decode()
    assert "Your account is suspended." in page and "/me/decisions/" in page
    assert client.post(f"/posts/{post.pk}/comments/new/", {"body": "Hello"}).status_code == 403
    assert client.get("/me/decisions/").status_code == client.get("/me/settings/").status_code == 200


def test_the_api_answers_with_a_problem(client, suspended, board):
    client.force_login(suspended)
    told = {"board": board.slug, "title": "A wish of mine"}
    answer = client.post("/api/v1/posts", told, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (403, "application/problem+json", "suspended")


def test_from_the_staff_desk_a_limit_is_a_decision_too(author, staff):
    set_limit(member=author, until=NOW + DAY, by=staff, at=NOW)
    assert fresh(author).limited_until == NOW + DAY
    set_limit(member=author, until=None, by=staff, at=NOW)
    assert fresh(author).limited_until is None and fresh(author).trust == 2
    assert list(Decision.objects.order_by("pk").values_list("verdict", flat=True)) == ["limited", "lifted"]
