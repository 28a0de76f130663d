"""The whole way, by the operations people use: triage adopts, a release ships, a report is accepted and undone."""

import pytest
from django.db import connection

from community import deliveries
from community.posts import delete_post, restore_post
from feedback.merges import decide_proposal, propose_merge, unmerge_suggestion
from feedback.releases import draft_release, ship_release
from feedback.triage import change_status
from rewards import audit
from rewards.models import Transfer
from rewards.rebuild import differences
from tests.factories import NOW, make_member, make_suggestion
from tests.rewards.ledgers import balances

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_books_hold_afterwards(db):
    """Whatever the story, the auditor and the rebuild agree with its end."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    assert audit.examine() == []
    assert list(differences()) == []


@pytest.fixture
def twin(board):
    """Lena had the same wish as Mara."""
    return make_suggestion("Stop charging at eighty", author=make_member("Lena"), board=board)


@pytest.fixture
def report(suggestion, twin, voter):
    """Tomasz says that Lena's is Mara's."""
    return propose_merge(duplicate=twin, into=suggestion, by=voter, at=NOW)


def settled():
    deliveries.drain()


def ship(suggestion, staff):
    product = suggestion.post.board.product
    release = draft_release(product=product, version="3.2", title="Calm", by=staff, at=NOW, suggestions=[suggestion])
    return ship_release(release=release, by=staff, at=NOW)


def test_adopting_shipping_and_reporting_pay_whom_they_should(suggestion, twin, report, author, voter, staff):
    decide_proposal(proposal=report, accept=True, by=staff, at=NOW)
    change_status(suggestion=suggestion, to="planned", by=staff, at=NOW)
    ship(suggestion, staff)
    settled()
    assert balances(author) == (600, 180, 0)
    assert balances(twin.post.author) == (100, 30, 0)
    assert balances(voter) == (20, 5, 0)
    assert balances(staff) == (0, 0, 0)
    author.refresh_from_db()
    assert author.level == 2


def test_nobody_who_only_voted_is_paid(suggestion, staff):
    make_suggestion()
    change_status(suggestion=suggestion, to="under-review", by=staff, at=NOW)
    settled()
    assert not Transfer.objects.exists()


def test_undoing_the_merge_takes_the_reporter_s_points_back_and_nobody_elses(suggestion, twin, report, author, voter, staff):
    decide_proposal(proposal=report, accept=True, by=staff, at=NOW)
    change_status(suggestion=suggestion, to="planned", by=staff, at=NOW)
    settled()
    unmerge_suggestion(duplicate=twin, by=staff, at=NOW)
    settled()
    assert balances(voter) == (0, 0, 0)
    assert balances(author) == (200, 60, 0)


def test_a_dismissed_report_pays_nothing(report, voter, staff):
    decide_proposal(proposal=report, accept=False, by=staff, at=NOW)
    settled()
    assert balances(voter) == (0, 0, 0)


def test_moving_back_from_the_roadmap_keeps_the_reward_and_coming_again_adds_none(suggestion, author, staff):
    for status in ("planned", "under-review", "in-progress"):
        change_status(suggestion=suggestion, to=status, by=staff, at=NOW)
        settled()
    assert balances(author) == (200, 60, 0)


def test_a_reward_rests_while_its_suggestion_is_deleted_and_returns_with_it(suggestion, author, staff):
    change_status(suggestion=suggestion, to="planned", by=staff, at=NOW)
    settled()
    delete_post(post=suggestion.post, by=author, at=NOW)
    settled()
    assert balances(author) == (0, 0, 0)
    restore_post(post=suggestion.post, by=staff, at=NOW)
    settled()
    assert balances(author) == (200, 60, 0)
