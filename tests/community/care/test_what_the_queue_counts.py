"""What the moderators' page shows is what its number says, for everybody who looks; and the months add up."""

import statistics
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.care import decisions
from community.care.appeals import appeal, decide_appeal
from community.care.numbers import months
from community.care.queue import KINDS, MOST, Case, count_waiting, histories_of, read_queue
from community.care.reports import report, withdraw_report
from community.care.sanctions import confirm_suspension, lift_sanction, suspend_member, warn_member
from community.care.signals import kin_of
from community.care.targets import load_targets, told_of_member
from community.members import welcome_member
from community.models import Activity, CarePlan, Decision, Hold, Member, Post, Report, Trace
from community.posts import write_post
from community.screening import Manner
from community.templatetags.care import of, typed, waited
from tests.factories import NOW, make_board, make_comment, make_member, make_moderator, make_post, make_staff

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TRAPPED = Manner("page", 1200, trapped=True)


def target(thing):
    kind = "post" if isinstance(thing, Post) else "comment"
    return load_targets([(kind, thing.pk)])[kind, thing.pk]


def hold(board, title="Waits for you", *, author=None, at=NOW):
    return write_post(
        author=author or make_member(), board=board, kind="discussion", title=title, body="Why.", at=at, manner=TRAPPED
    )


@pytest.fixture
def second(board):
    return make_moderator("Sofia", board=board)


@pytest.fixture
def two_boards(screened, board, author, voter, staff, moderator, second):
    """In each of two boards something held, reported and appealed; and people: one reported, one to confirm, one for good."""
    for place in (board, make_board("camera")):
        hold(place, f"Held in {place.slug}")
        report(target=target(make_post(board=place)), by=voter, rule="spam", at=NOW + HOUR)
        row = decisions.hide(target=target(make_post(author=author, board=place)), by=staff, rule="spam", at=NOW)
        appeal(decision=row, by=author, words="No.", at=NOW + 2 * HOUR)
    report(target=told_of_member(author), by=voter, rule="unkind", at=NOW + 3 * HOUR)
    suspend_member(member=voter, by=moderator, rule="spam", until=NOW + 30 * DAY, at=NOW + 4 * HOUR)
    suspend_member(member=make_moderator("Otto"), by=staff, rule="spam", until=NOW + 30 * DAY, at=NOW + 4 * HOUR)
    suspend_member(member=make_member(), by=staff, rule="spam", until=None, at=NOW + 4 * HOUR)


def test_the_number_is_what_the_list_shows_whoever_looks(two_boards, moderator, second, staff, admin_member, voter):
    seen = {
        who: [case.kind for case in read_queue(who, at=NOW + DAY)] for who in (moderator, second, staff, admin_member, voter)
    }
    assert all(count_waiting(who, at=NOW + DAY) == len(kinds) for who, kinds in seen.items())
    assert [len(kinds) for kinds in seen.values()] == [4, 5, 6, 10, 0]


def test_a_moderator_is_not_asked_what_only_the_team_decides(two_boards, second, staff, admin_member):
    """Long suspensions for good, and those of a fellow moderator, wait for the team."""
    names = {who: len(read_queue(who, at=NOW + DAY, kind="second")) for who in (second, staff, admin_member)}
    assert list(names.values()) == [1, 1, 3]
    for case in read_queue(second, at=NOW + DAY, kind="second"):
        assert confirm_suspension(decision=case.decision, by=second, at=NOW + DAY)


def test_each_kind_and_board_narrows_and_together_they_are_everything(two_boards, admin_member):
    whole = {(case.kind, case.target.id) for case in read_queue(admin_member, at=NOW + DAY)}
    kinds = [read_queue(admin_member, at=NOW + DAY, kind=kind) for kind in KINDS]
    assert {(case.kind, case.target.id) for part in kinds for case in part} == whole
    in_board = read_queue(admin_member, at=NOW + DAY, board="camera")
    assert [case.kind for case in in_board] == ["held", "reported", "appeal"]
    assert read_queue(admin_member, at=NOW + DAY, board="nowhere") == []


@pytest.mark.parametrize(
    "query", ["?kind=nonsense", "?kind=%00", "?board=%00", "?board=" + "x" * 300, "?kind=held&board=camera"]
)
def test_whatever_stands_in_the_address_a_page_opens(two_boards, client, admin_member, query):
    client.force_login(admin_member)
    page = client.get(f"/moderation/{query}")
    assert page.status_code == 200 and page.context["total"] == 10


def test_nobody_has_nothing(two_boards):
    assert count_waiting(None, at=NOW) == count_waiting(AnonymousUser(), at=NOW) == 0
    assert read_queue(AnonymousUser(), at=NOW) == []


def test_a_second_look_waits_no_longer_than_the_first_week_or_its_lifting(author, moderator, second, staff):
    first = suspend_member(member=author, by=moderator, rule="spam", until=NOW + 30 * DAY, at=NOW)
    seen = [count_waiting(second, at=at) for at in (NOW, NOW + 7 * DAY - HOUR, NOW + 7 * DAY)]
    row = appeal(decision=first, by=author, words="No.", at=NOW)
    decide_appeal(appeal=row, by=staff, overturn=False, words="Yes.", at=NOW)
    seen.append(count_waiting(second, at=NOW))
    lift_sanction(decision=first, by=staff, words="Enough.", at=NOW)
    assert [*seen, count_waiting(second, at=NOW)] == [1, 1, 0, 1, 0]


def test_thirty_cases_are_shown_and_all_are_counted(screened, board, moderator):
    for number in range(MOST + 2):
        hold(board, f"Number {number} waits", at=NOW + timedelta(minutes=number))
    cases = read_queue(moderator, at=NOW + DAY)
    assert (len(cases), count_waiting(moderator, at=NOW + DAY)) == (MOST, MOST + 2)
    assert [case.target.title for case in cases][::29] == ["Number 0 waits", "Number 29 waits"]


def test_reports_of_a_post_and_a_comment_with_one_number_are_two_cases(board, moderator):
    post, comment = make_post(board=board), make_comment(make_post(board=board))
    Report.objects.bulk_create(
        Report(reporter=make_member(), target_kind=kind, target_id=thing.pk, board=board, author=thing.author, rule=rule, at=NOW)
        for kind, thing in (("post", post), ("comment", comment)) for rule in ("spam", "unkind", "spam")
    )  # fmt: skip
    told = {case.target.kind: case.rules_named for case in read_queue(moderator, at=NOW)}
    assert told == {kind: [("Advertising or spam", 2), ("Unkind or abusive", 1)] for kind in ("post", "comment")}


def test_what_is_held_shows_the_reports_that_held_it_and_waits_once(board, moderator):
    post = make_post(author=make_member(trust=0), board=board)
    for number in range(3):
        report(target=target(post), by=make_member(), rule="spam", words=f"Word {number}", at=NOW)
    case, *more = read_queue(moderator, at=NOW)
    assert (case.kind, [row.words for row in case.reports], more) == ("held", ["Word 0", "Word 1", "Word 2"], [])


def test_a_report_that_was_taken_back_waits_no_more(board, voter, moderator):
    row = report(target=target(make_post(board=board)), by=voter, rule="spam", at=NOW)
    withdraw_report(report=row, by=voter, at=NOW)
    assert count_waiting(moderator, at=NOW) == 0


@pytest.mark.parametrize(("site", "own", "late"), [(None, None, 25), (2, None, 3), (2, 5, 6), (None, 0, 1)])
def test_late_is_what_the_board_or_else_the_site_promises(screened, board, moderator, site, own, late):
    for hours, place in ((site, None), (own, board)):
        if hours is not None:
            CarePlan.objects.create(board=place, target_hours=hours)
    hold(board)
    assert not read_queue(moderator, at=NOW + (late - 1) * HOUR)[0].late
    assert read_queue(moderator, at=NOW + late * HOUR)[0].late


@pytest.mark.parametrize(("hours", "late", "told"), [(0, False, "just now"), (1, False, "1 hour"), (47, False, "47 hours"),
                                                     (48, False, "2 days"), (71, True, "2 days, longer than promised")])  # fmt: skip
def test_how_long_it_waits_is_said_in_hours_and_then_in_days(hours, late, told):
    assert waited(Case("held", None, NOW, hours=hours, late=late)) == told


@pytest.mark.parametrize(
    ("milliseconds", "told"), [(999, "0 seconds"), (1000, "1 second"), (119_999, "119 seconds"), (120_000, "2 minutes")]
)
def test_how_long_it_took_to_write_is_said_in_seconds_and_then_in_minutes(milliseconds, told):
    assert typed(milliseconds) == f"Written in {told}" and of({1: "x"}, 2) is None


def test_what_was_put_right_does_not_stand_beside_the_name(author, moderator, second, staff, board):
    for undo in ("overturned", "shown again"):
        hidden = decisions.hide(target=target(make_post(author=author, board=board)), by=moderator, rule="spam", at=NOW)
        if undo == "overturned":
            decide_appeal(
                appeal=appeal(decision=hidden, by=author, words="No.", at=NOW), by=second, overturn=True, words="x", at=NOW
            )
        else:
            decisions.show_again(target=load_targets([("post", hidden.target_id)])["post", hidden.target_id], by=second, at=NOW)
    warn_member(member=author, by=moderator, rule="spam", at=NOW)
    assert vars(histories_of([author.pk])[author.pk]) == {"held": 0, "let_through": 0, "against": 1, "sanctions": 0, "posts": 2}


@pytest.mark.parametrize("half", [None, 0, 1])
def test_a_suspension_by_two_is_one_sanction_and_none_once_overturned(author, moderator, second, staff, half):
    first = suspend_member(member=author, by=moderator, rule="spam", until=NOW + 30 * DAY, at=NOW)
    both = [first, confirm_suspension(decision=first, by=second, at=NOW)]
    assert histories_of([author.pk])[author.pk].sanctions == 1
    if half is not None:
        row = appeal(decision=both[half], by=author, words="No.", at=NOW)
        decide_appeal(appeal=row, by=staff, overturn=True, words="x", at=NOW)
        assert histories_of([author.pk])[author.pk].sanctions == 0


def test_histories_cost_three_questions_however_many_and_none_for_nobody(django_assert_num_queries):
    people = [make_member().pk for _ in range(9)]
    with django_assert_num_queries(3):
        assert len(histories_of(people)) == 9
    with django_assert_num_queries(0):
        assert histories_of([]) == {} and kin_of([], at=NOW) == {}


def seen_at(member, network, device):
    welcome_member(member=member, at=NOW)
    Trace.objects.create(
        activity=Activity.objects.get(key=f"member_joined:{member.pk}"), network=network, device=device, at=NOW
    )


SANCTIONS = [
    ({"suspended_at": NOW}, True), ({"suspended_at": NOW, "suspended_until": NOW + DAY}, True), ({"limited_until": NOW + DAY}, True),
    ({"suspended_at": NOW - DAY, "suspended_until": NOW}, False), ({"limited_until": NOW}, False), ({}, False),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "told"), SANCTIONS)
def test_only_whose_sanction_still_runs_is_named_as_kin(fields, told):
    other, newcomer = make_member(**fields), make_member()
    for member in (other, newcomer):
        seen_at(member, "n1", "d1")
    assert kin_of([newcomer.pk], at=NOW) == ({newcomer.pk: [other]} if told else {})


def test_kin_is_named_once_and_never_oneself_or_for_half_a_match():
    other, twin, near, alone = (make_member(suspended_at=NOW) for _ in range(4))
    for member, network, device in ((other, "n1", "d1"), (twin, "n1", "d1"), (near, "n1", "d9"), (alone, "", "d1")):
        seen_at(member, network, device)
    found = kin_of([other.pk, near.pk, alone.pk], at=NOW)
    assert found == {other.pk: [twin]}


def test_months_count_each_thing_where_it_happened(board, author, voter, moderator, second, staff):
    january = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
    hidden = decisions.hide(target=target(make_post(author=author, board=board)), by=moderator, rule="spam", at=january)
    row = appeal(decision=hidden, by=author, words="No.", at=january + DAY)
    decide_appeal(appeal=row, by=second, overturn=True, words="x", at=january + DAY)
    first = suspend_member(member=author, by=moderator, rule="spam", until=january + 30 * DAY, at=january)
    confirm_suspension(decision=first, by=second, at=january)
    warn_member(member=voter, by=moderator, rule="spam", at=january + DAY)
    told = [
        (month.start.month, month.hidden, month.sanctions, month.appeals, month.overturned)
        for month in months(at=january + DAY)
    ]
    assert told == [(2, 0, 1, 1, 1), (1, 1, 1, 0, 0)]


def test_a_year_is_shown_the_newest_first_and_what_is_older_is_not(author):
    for number in range(15):
        at = datetime(2026 - number // 12, 12 - number % 12, 15, tzinfo=UTC)
        Decision.objects.create(verdict="warned", target_kind="member", target_id=author.pk, member=author, at=at)
    found = months(at=datetime(2026, 12, 20, tzinfo=UTC))
    assert [month.start.month for month in found] == list(range(12, 0, -1)) and {month.sanctions for month in found} == {1}
    assert found[0].never_heard_of == 0 and found[0].hours is None
    with pytest.raises(AttributeError):
        assert found[0].__deepcopy__


minutes = st.lists(st.integers(1, 40_000), min_size=1, max_size=7)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes, st.booleans())
def test_the_hours_are_the_median_of_those_who_got_an_answer(author, board, waits, taken_back):
    Hold.objects.all().delete()
    rows = [Hold(target_kind="post", target_id=number, board=board, author=author, at=NOW, settled_at=NOW + timedelta(minutes=wait))
            for number, wait in enumerate(waits)]  # fmt: skip
    Hold.objects.bulk_create([*rows, Hold(target_kind="post", target_id=99, board=board, author=author, at=NOW)])
    Report.objects.update_or_create(
        reporter=author, target_kind="post", target_id=1,
        defaults={"author": make_member(), "rule": "spam", "at": NOW, "settled_at": NOW + 900 * DAY if taken_back else None},
    )  # fmt: skip
    assert months(at=NOW)[0].hours == pytest.approx(statistics.median(waits) / 60, abs=0.051)


def test_the_slower_of_holds_and_reports_is_told(author, voter, moderator, board):
    for by, hours in ((voter, 5), (make_member(), 7)):
        one = make_post(author=author, board=board)
        report(target=target(one), by=by, rule="spam", at=NOW)
        decisions.find_in_order(target=target(one), by=moderator, at=NOW + hours * HOUR)
    Hold.objects.create(target_kind="post", target_id=1, board=board, author=author, at=NOW, settled_at=NOW + HOUR)
    month = months(at=NOW)[0]
    assert (month.hours, month.reports, month.holds, month.dismissed) == (6.0, 2, 1, 2)


@pytest.mark.parametrize(("address", "shown"), [("", 3), ("?verdict=warned", 1), ("?verdict=nonsense", 3), ("?board=%00", 3),
                                                ("?board=battery", 2), ("?board=camera", 0), ("?after=nonsense", 3)])  # fmt: skip
def test_the_log_narrows_to_what_there_is(client, author, board, moderator, staff, address, shown):
    for _twice in range(2):
        decisions.hide(target=target(make_post(author=author, board=board)), by=staff, rule="spam", at=NOW)
    decisions.hide(target=target(make_post(author=author)), by=staff, rule="spam", at=NOW)
    warn_member(member=author, by=staff, rule="spam", at=NOW)
    client.force_login(moderator)
    assert len(client.get(f"/moderation/log/{address}").context["rows"]) == shown


def test_the_log_goes_on_where_it_stopped(client, author, staff):
    for number in range(23):
        warn_member(member=author, by=staff, rule="spam", words=f"Number {number}", at=NOW)
    client.force_login(staff)
    first = client.get("/moderation/log/").context
    second = client.get(f"/moderation/log/?after={first['after']}").context
    assert [row.words for row in [*first["rows"], *second["rows"]]] == [f"Number {number}" for number in range(22, -1, -1)]


def test_an_appeal_without_an_outcome_is_decided_by_nobody(client, author, moderator, second, board):
    hidden = decisions.hide(target=target(make_post(author=author, board=board)), by=moderator, rule="spam", at=timezone.now())
    row = appeal(decision=hidden, by=author, words="No.", at=timezone.now())
    client.force_login(second)
    for typed_in in ({"words": "Well."}, {"words": "Well.", "outcome": "perhaps"}, {"outcome": "overturn"}):
        assert client.post(f"/moderation/appeals/{row.pk}/decide/", typed_in).status_code == 422
    row.refresh_from_db()
    assert row.settled_at is None and client.get(f"/moderation/appeals/{row.pk}/decide/").status_code == 405


def test_a_record_of_the_team_or_oneself_offers_no_form(client, moderator, author):
    client.force_login(moderator)
    forms = ["name=\"what\"" in client.get(f"/moderation/members/{who.username}/").content.decode()
             for who in (author, make_staff(), moderator)]  # fmt: skip
    assert forms == [True, False, False]
    Member.objects.filter(pk=author.pk).update(closed_at=NOW)
    assert client.get(f"/moderation/members/{author.username}/").status_code == 404
