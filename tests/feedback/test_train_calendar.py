"""The calendar of the train: weeks in a row, what each week brought, what is next, and what people see of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from feedback.models import Release
from feedback.releases import draft_release
from feedback.schedules import schedule_release
from feedback.trains import monday_of, train_of, weeks_in_a_row
from tests.factories import NOW, make_product
from tests.feedback.desks import queries_of

WEEK = timedelta(weeks=1)
THIS = date(2026, 11, 16)  # the Monday of the week NOW lies in


def weeks_ago(*numbers):
    return {THIS - number * WEEK for number in numbers}


@pytest.mark.parametrize(
    ("weeks", "row"),
    [
        (weeks_ago(), 0),
        (weeks_ago(0), 1),
        (weeks_ago(0, 1, 2), 3),
        (weeks_ago(1, 2), 2),  # this week is not over
        (weeks_ago(2, 3, 4), 0),
        (weeks_ago(0, 2, 3), 1),
    ],
)
def test_weeks_in_a_row_reach_to_this_week_or_the_last(weeks, row):
    assert weeks_in_a_row(weeks, this=THIS) == row


def test_a_year_of_fifty_three_weeks_breaks_no_row():
    weeks = {date.fromisocalendar(*week, 1) for week in [(2026, 52), (2026, 53), (2027, 1), (2027, 2)]}
    assert weeks_in_a_row(weeks, this=date.fromisocalendar(2027, 2, 1)) == 4


def test_a_week_ends_on_sunday_at_midnight():
    sunday = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert monday_of(sunday) == THIS
    assert monday_of(sunday + timedelta(minutes=1)) == THIS + WEEK


def drop(product, weeks=0, *, version=""):
    """A release that shipped so many weeks before NOW."""
    version = version or f"{product.slug}-w{weeks}"
    at = NOW - weeks * WEEK
    return Release.objects.create(product=product, slug=version, version=version, title="Quiet", created_at=at, shipped_at=at)


def due(product, staff, ahead, *, version="next", at=NOW):
    draft = draft_release(product=product, version=version, title="Secret title", by=staff, at=at)
    return schedule_release(release=draft, moment=at + ahead, by=staff, at=at)


pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return make_product("linden")


def shown(train):
    return [(stop.number, [release.version for release in (*stop.releases, *stop.ahead)]) for stop in train.stops]


def test_nothing_shipped_and_nothing_due_is_no_train(product, staff):
    draft_release(product=product, version="1", title="One", by=staff, at=NOW)
    assert not train_of(at=NOW)


def test_the_calendar_runs_from_the_first_release_to_next_week(product):
    for weeks in (2, 1):
        drop(product, weeks)
    assert shown(train_of(at=NOW)) == [(45, ["linden-w2"]), (46, ["linden-w1"]), (47, []), (48, [])]


def test_it_goes_back_ten_weeks_and_the_row_further(product):
    for weeks in range(30):
        drop(product, weeks)
    train = train_of(at=NOW)
    assert (len(train.stops), train.streak) == (12, 30)


def test_only_a_week_gone_by_without_a_release_was_missed(product):
    for weeks in (3, 1):
        drop(product, weeks)
    missed = {stop.number: stop.missed for stop in train_of(at=NOW).stops}
    assert {number for number, gone in missed.items() if gone} == {45}


def test_two_releases_of_one_week_share_its_place(product):
    drop(product, version="a")
    drop(product, version="b")
    train = train_of(at=NOW)
    assert (shown(train)[0], train.streak) == ((47, ["a", "b"]), 1)


def test_the_next_one_is_the_soonest(product, staff):
    due(product, staff, 2 * WEEK, version="later")
    due(product, staff, timedelta(days=2), version="soon")
    train = train_of(at=NOW)
    assert train.next.version == "soon"
    assert shown(train) == [(47, ["soon"]), (48, [])]


def test_a_train_of_one_product_is_its_own(product, staff):
    drop(product)
    drop(make_product("other"), 1)
    due(make_product("third"), staff, WEEK)
    train = train_of(product="linden", at=NOW)
    assert (train.streak, train.next, shown(train)[0]) == (1, None, (47, ["linden-w0"]))


def test_what_shipped_leaves_the_place_of_what_is_due(product, staff):
    release = due(product, staff, timedelta(days=1))
    Release.objects.filter(pk=release.pk).update(shipped_at=NOW)
    train = train_of(at=NOW)
    assert (train.next, [len(stop.ahead) for stop in train.stops]) == (None, [0, 0])


def test_the_page_says_how_many_in_a_row_and_links_each(client, product):
    now = timezone.now()
    for weeks in range(3):
        release = drop(product, weeks)
        Release.objects.filter(pk=release.pk).update(shipped_at=now - weeks * WEEK)
    page = client.get("/releases/").content.decode()
    assert "3 weekly releases in a row" in page
    assert page.count('<li class="train-week') == 4 and 'href="/releases/linden-w2/"' in page


def test_one_release_is_no_row_yet(client, product):
    Release.objects.filter(pk=drop(product).pk).update(shipped_at=timezone.now())
    assert "in a row" not in client.get("/releases/").content.decode()


def test_visitors_see_when_the_next_one_comes_and_nothing_of_what_is_in_it(client, product, staff):
    release = due(product, staff, timedelta(days=2), version="3.9", at=timezone.now())
    page = client.get("/releases/").content.decode()
    assert "Next: Linden 3.9" in page and release.scheduled_for.isoformat(timespec="minutes") in page
    assert "Secret title" not in page and release.get_absolute_url() not in page
    assert client.get(release.get_absolute_url()).status_code == 404


def test_staff_read_on_its_page_that_it_is_scheduled(client, product, staff):
    release = due(product, staff, timedelta(days=2), at=timezone.now())
    client.force_login(staff)
    assert "Scheduled, seen by the team alone" in client.get(release.get_absolute_url()).content.decode()


def test_a_page_without_releases_has_no_calendar(client, product):
    assert "train-weeks" not in client.get("/releases/").content.decode()


def test_the_page_asks_as_much_of_twenty_releases_as_of_two(client, product, staff):
    for weeks in range(2):
        drop(product, weeks)
    due(product, staff, WEEK, version="n0", at=timezone.now())
    client.get("/releases/")
    few = queries_of(client, "/releases/")
    for weeks in range(2, 20):
        drop(product, weeks)
        due(product, staff, WEEK, version=f"n{weeks}", at=timezone.now())
    assert queries_of(client, "/releases/") == few


def test_the_calendar_itself_takes_three(product, staff, django_assert_num_queries):
    for weeks in range(5):
        drop(product, weeks)
        due(product, staff, WEEK, version=f"n{weeks}")
    with django_assert_num_queries(3):
        shown(train_of(at=NOW))
