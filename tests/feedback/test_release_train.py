"""Releases that leave by themselves: scheduled, taken off, shipped once at their moment, held where they cannot."""

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from community.deliveries import drain
from community.models import Activity, Notice, Role
from community.notice_words import Words
from community.refusals import Conflict, Invalid, NotAllowed
from feedback import schedules, tasks
from feedback.models import Credit, Release, StatusChange, Suggestion
from feedback.releases import draft_release, drop_release, ship_release
from feedback.schedules import PATIENCE, hold_release, schedule_release, ship_due_releases, unschedule_release
from tests.factories import NOW, make_board, make_staff, make_suggestion
from tests.feedback.desks import at_the_desk, desk, said

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FRIDAY = NOW + timedelta(days=4)


def make_draft(board, staff, version="3.2", suggestions=()):
    return draft_release(product=board.product, version=version, title="Quiet", by=staff, at=NOW, suggestions=suggestions)


@pytest.fixture
def draft(board, suggestion, staff):
    return make_draft(board, staff, suggestions=[suggestion])


@pytest.fixture
def due(draft, staff):
    return schedule_release(release=draft, moment=FRIDAY, by=staff, at=NOW)


@pytest.fixture
def broken(monkeypatch):
    """Shipping one version goes wrong in a way nobody foresaw."""
    real = schedules.ship_release

    def ship(*, release, by, at):
        if release.version == "3.2":
            raise RuntimeError("the printer is on fire")
        return real(release=release, by=by, at=at)

    monkeypatch.setattr(schedules, "ship_release", ship)


def test_a_release_is_a_draft_then_scheduled_then_shipped(draft, staff):
    states = [draft.state]
    states.append(schedule_release(release=draft, moment=FRIDAY, by=staff, at=NOW).state)
    ship_due_releases(at=FRIDAY)
    assert [*states, Release.objects.get().state] == ["draft", "scheduled", "shipped"]


def test_nothing_leaves_before_its_moment_and_it_leaves_at_it(due, suggestion):
    assert ship_due_releases(at=FRIDAY - timedelta(seconds=1)) == 0
    assert ship_due_releases(at=FRIDAY) == 1
    assert Suggestion.objects.get(pk=suggestion.pk).status == "shipped"


def test_it_ships_in_the_name_of_whoever_scheduled_it(due, staff):
    ship_due_releases(at=FRIDAY + HOUR)
    release = Release.objects.get()
    assert (release.shipped_at, release.shipped_by, release.scheduled_for) == (FRIDAY + HOUR, staff, FRIDAY)


def test_the_task_run_twice_ships_once(due):
    assert [ship_due_releases(at=FRIDAY) for _run in range(2)] == [1, 0]
    assert (StatusChange.objects.count(), Credit.objects.count()) == (1, 1)
    assert Activity.objects.filter(verb="release_shipped").count() == 1


def test_beat_asks_the_clock(due, monkeypatch):
    monkeypatch.setattr(tasks.timezone, "now", lambda: FRIDAY)
    assert tasks.ship_due_releases() == 1


@pytest.mark.parametrize("moment", [NOW, NOW - HOUR])
def test_the_moment_must_lie_ahead(draft, staff, moment):
    with pytest.raises(Invalid) as refused:
        schedule_release(release=draft, moment=moment, by=staff, at=NOW)
    assert "scheduled_for" in refused.value.fields


def test_another_moment_replaces_the_first(due, staff):
    schedule_release(release=due, moment=FRIDAY + HOUR, by=staff, at=NOW)
    assert [ship_due_releases(at=at) for at in (FRIDAY, FRIDAY + HOUR)] == [0, 1]


def test_what_is_taken_off_the_train_stays_a_draft(due, staff):
    unschedule_release(release=due, by=staff, at=NOW)
    assert ship_due_releases(at=FRIDAY) == 0
    assert Release.objects.get().state == "draft"


def test_shipped_by_hand_it_does_not_leave_again(due, staff):
    ship_release(release=due, by=staff, at=NOW + HOUR)
    assert ship_due_releases(at=FRIDAY) == 0
    assert Release.objects.get().shipped_at == NOW + HOUR


def test_what_has_shipped_is_neither_scheduled_nor_taken_off(draft, staff):
    ship_release(release=draft, by=staff, at=NOW)
    with pytest.raises(Conflict):
        schedule_release(release=draft, moment=FRIDAY, by=staff, at=NOW)
    with pytest.raises(Conflict):
        unschedule_release(release=draft, by=staff, at=NOW)


def test_a_scheduled_release_can_still_be_dropped(due, staff):
    drop_release(release=due, by=staff, at=NOW)
    assert ship_due_releases(at=FRIDAY) == 0


def test_members_set_no_moment(draft, author):
    with pytest.raises(NotAllowed):
        schedule_release(release=draft, moment=FRIDAY, by=author, at=NOW)
    with pytest.raises(NotAllowed):
        unschedule_release(release=draft, by=author, at=NOW)


def leave_the_team(member):
    member.role, member.is_staff = Role.MEMBER, False
    member.save(update_fields=["role", "is_staff"])


def test_who_has_left_the_team_ships_nothing_and_the_release_is_held(due, staff):
    leave_the_team(staff)
    assert ship_due_releases(at=FRIDAY) == 0
    release = Release.objects.get()
    assert (release.state, release.held, release.scheduled_by) == ("draft", "not-allowed", None)


def test_nobody_to_answer_for_it_holds_it_too(due):
    Release.objects.update(scheduled_by=None)
    ship_due_releases(at=FRIDAY)
    assert Release.objects.get().held == "not-allowed"


def test_the_team_hears_once_of_what_was_held_and_nobody_else_does(due, staff, author):
    colleague = make_staff("Jun Park")
    leave_the_team(staff)
    for minutes in range(3):
        ship_due_releases(at=FRIDAY + timedelta(minutes=minutes))
    drain()
    assert list(Notice.objects.filter(kind="release_held").values_list("member", flat=True)) == [colleague.pk]


def test_the_notice_names_the_release_and_why(due, staff, board):
    make_staff("Jun Park")
    leave_the_team(staff)
    ship_due_releases(at=FRIDAY)
    drain()
    notices = list(Notice.objects.filter(kind="release_held").select_related("member", "post"))
    wording = Words(notices).of(notices[0])
    assert f"{board.product} 3.2 did not ship as scheduled" in wording.sentence
    assert (wording.url, "may not ship any more" in wording.quote) == (due.get_absolute_url(), True)


def test_who_left_the_team_reads_nothing_of_held_releases(due, staff):
    reader = make_staff("Jun Park")
    leave_the_team(staff)
    ship_due_releases(at=FRIDAY)
    drain()
    leave_the_team(reader)
    notices = list(Notice.objects.filter(kind="release_held").select_related("member", "post"))
    assert Words(notices).of(notices[0]) is None


def test_one_that_fails_stops_no_other(due, broken, board, staff):
    other = make_draft(board, staff, "3.3")
    schedule_release(release=other, moment=FRIDAY, by=staff, at=NOW)
    assert ship_due_releases(at=FRIDAY) == 1
    assert list(Release.objects.shipped()) == [other]


def test_what_fails_is_tried_again_and_leaves_when_it_can(due, broken, monkeypatch):
    ship_due_releases(at=FRIDAY)
    monkeypatch.undo()
    assert Release.objects.get().state == "scheduled"
    assert ship_due_releases(at=FRIDAY + timedelta(minutes=1)) == 1


def test_what_fails_for_half_an_hour_is_held(due, broken):
    states = []
    for late in (timedelta(), PATIENCE - HOUR / 60, PATIENCE):
        ship_due_releases(at=FRIDAY + late)
        states.append(Release.objects.get().held)
    assert states == ["", "", "fault"]


def test_a_new_moment_forgets_why_it_was_held(due, broken, staff):
    ship_due_releases(at=FRIDAY + PATIENCE)
    assert schedule_release(release=due, moment=FRIDAY + 2 * HOUR, by=staff, at=FRIDAY + HOUR).held == ""


def test_shipping_by_hand_forgets_it_too(due, broken, staff):
    ship_due_releases(at=FRIDAY + PATIENCE)
    assert ship_release(release=due, by=staff, at=FRIDAY + HOUR).held == ""


def test_what_left_meanwhile_is_not_held(due, staff):
    ship_release(release=due, by=staff, at=NOW)
    assert hold_release(pk=due.pk, cause="fault", at=FRIDAY) is False
    assert not Activity.objects.filter(verb="release_held").exists()


def ship_and_die():
    """A worker that is killed when everything is written and nothing committed."""
    connections.close_all()
    schedules.ship_release = lambda **said: (ship_release(**said), os._exit(9))
    ship_due_releases(at=FRIDAY)


def test_a_worker_killed_in_the_middle_ships_nothing_and_the_next_ships_once(committed_db):
    staff, board = make_staff(), make_board()
    due = make_draft(board, staff, suggestions=[make_suggestion(board=board)])
    schedule_release(release=due, moment=FRIDAY, by=staff, at=NOW)
    connections.close_all()
    worker = multiprocessing.get_context("fork").Process(target=ship_and_die)
    worker.start()
    worker.join(30)
    assert (worker.exitcode, Release.objects.get().state, Credit.objects.count()) == (9, "scheduled", 0)
    assert [ship_due_releases(at=FRIDAY) for _run in range(2)] == [1, 0]
    facts = Activity.objects.filter(verb__in=["release_shipped", "suggestion_shipped"])
    assert (Credit.objects.count(), sorted(facts.values_list("verb", flat=True))) == (
        1,
        ["release_shipped", "suggestion_shipped"],
    )


def test_what_another_worker_has_in_hand_is_left_to_it(committed_db):
    staff, board = make_staff(), make_board()
    due = schedule_release(release=make_draft(board, staff), moment=FRIDAY, by=staff, at=NOW)
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        Release.objects.select_for_update(no_key=True).get(pk=due.pk)
        assert other.submit(ship_elsewhere).result(timeout=20) == 0
    assert (ship_due_releases(at=FRIDAY), Activity.objects.filter(verb="release_shipped").count()) == (1, 1)


def ship_elsewhere():
    try:
        return ship_due_releases(at=FRIDAY)
    finally:
        connections.close_all()


@pytest.fixture
def desk_client(client, staff):
    return at_the_desk(client, staff)


def typed(release, moment=None, **changed):
    """The release's form as the page sends it."""
    parts = (moment.strftime("%Y-%m-%d"), moment.strftime("%H:%M:%S")) if moment else ("", "")
    shown = {"product": release.product_id, "version": release.version, "title": release.title, "notes": release.notes}
    shown |= {"suggestions": [one.pk for one in release.suggestions.all()]}
    return shown | {"scheduled_for_0": parts[0], "scheduled_for_1": parts[1]} | changed


def now_to_the_second():
    return timezone.now().replace(microsecond=0)


def ahead():
    return now_to_the_second() + timedelta(days=3)


def test_the_form_schedules_and_takes_off_again(desk_client, draft, staff):
    page, moment = desk("feedback_release_change", draft.pk), ahead()
    assert desk_client.post(page, typed(draft, moment)).status_code == 302
    assert (Release.objects.get().scheduled_for, Release.objects.get().scheduled_by) == (moment, staff)
    assert desk_client.post(page, typed(draft)).status_code == 302
    assert Release.objects.get().state == "draft"


def test_a_new_release_can_be_scheduled_at_once(desk_client, draft):
    answer = desk_client.post(desk("feedback_release_add"), typed(draft, ahead(), version="3.3"))
    assert (answer.status_code, Release.objects.get(version="3.3").state) == (302, "scheduled")


def test_a_moment_gone_by_is_said_beside_the_field_and_nothing_is_saved(desk_client, draft):
    late = typed(draft, now_to_the_second() - HOUR, title="Too late")
    page = desk_client.post(desk("feedback_release_change", draft.pk), late).content.decode()
    assert "lies ahead" in page
    assert (Release.objects.get().title, Release.objects.get().state) == ("Quiet", "draft")


def test_saving_other_words_leaves_the_moment_alone(desk_client, draft, staff):
    schedule_release(release=draft, moment=(moment := ahead()), by=make_staff("Jun Park"), at=NOW)
    desk_client.post(desk("feedback_release_change", draft.pk), typed(draft, moment, title="Quieter"))
    release = Release.objects.get()
    assert (release.title, release.scheduled_for, str(release.scheduled_by)) == ("Quieter", moment, "Jun Park")


def test_list_and_form_say_how_each_stands(desk_client, draft, board, staff):
    schedule_release(release=draft, moment=ahead(), by=staff, at=NOW)
    held = make_draft(board, staff, "3.3")
    Release.objects.filter(pk=held.pk).update(held="fault")
    listed = desk_client.get(desk("feedback_release_changelist")).content.decode()
    assert "Did not ship" in listed and "<time" in listed
    assert "Scheduled" in desk_client.get(desk("feedback_release_change", draft.pk)).content.decode()
    assert "several times" in desk_client.get(desk("feedback_release_change", held.pk)).content.decode()


def test_the_list_can_be_narrowed_to_what_is_scheduled(desk_client, due, board, staff):
    make_draft(board, staff, "nightly")
    page = desk_client.get(desk("feedback_release_changelist"), {"scheduled_for__isempty": "0"}).content.decode()
    assert ("3.2" in page, "nightly" in page) == (True, False)


def test_the_first_page_counts_what_waits_for_somebody_and_not_what_leaves_by_itself(desk_client, due, board, staff):
    def waiting():
        queues = desk_client.get("/admin/").context["queues"]
        return [count for count, _words, link in queues if "scheduled_for__isempty=1" in link]

    assert waiting() == [0]
    make_draft(board, staff, "3.3")
    assert waiting() == [1]


def test_a_shipped_release_shows_no_moment_to_change(desk_client, due, staff):
    ship_due_releases(at=FRIDAY)
    desk_client.post(desk("feedback_release_change", due.pk), typed(due, ahead()))
    assert Release.objects.get().scheduled_for == FRIDAY


def test_shipping_a_scheduled_one_by_hand_works_from_its_page(desk_client, due):
    answer = desk_client.post(desk("feedback_release_ship", due.pk), follow=True)
    assert "Shipped." in said(answer) and Release.objects.get().state == "shipped"
