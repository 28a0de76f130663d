"""From facts on record to points, honour and levels: exactly, in any order, however often."""

import random
from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import transaction

from community import deliveries
from community.models import Activity, ImportBatch, Post, Role
from community.staffing import appoint_member
from community.verbs import StatusChanged, Verb
from rewards import ledger
from rewards.awards import settle_awards
from rewards.models import Account, Transfer
from tests.factories import NOW, make_member, make_post
from tests.rewards.facts import adopt, merge, ship, tell, turn, unmerge
from tests.rewards.ledgers import balances, debt_of, points_of, total

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(author):
    return make_post("A wish", author=author)


def test_adoption_pays_points_and_honour_and_lifts_the_level(post, author):
    adopt(post)
    deliveries.drain()
    author.refresh_from_db()
    assert balances(author) == (200, 60, 0)
    assert author.level == 1


def test_every_transfer_names_the_fact_the_rule_and_its_version(post):
    fact = adopt(post)
    settle_awards([fact])
    assert {(row.activity_id, row.reason, row.rule_version, row.at) for row in Transfer.objects.all()} == {
        (fact.pk, "adopted", 1, NOW)
    }


def test_settling_the_same_facts_again_posts_nothing(post, author):
    facts = [adopt(post), ship(post)]
    for _again in range(3):
        settle_awards(random.sample(facts, 2))
    settle_awards(facts + facts)
    assert Transfer.objects.count() == 4
    assert balances(author) == (600, 180, 0)


def test_an_imported_suggestion_pays_nobody(post, author):
    batch = ImportBatch.objects.create(name="github", system="github")
    Post.objects.filter(pk=post.pk).update(batch=batch)
    settle_awards([adopt(post), ship(post)])
    assert not Transfer.objects.exists()


def test_a_suggestion_that_is_gone_pays_nobody(author):
    settle_awards([tell(StatusChanged(1, author.pk, "open", "planned"), 10**9)])
    assert not Transfer.objects.exists()


def test_staff_earn_nothing(staff):
    settle_awards([adopt(make_post(author=staff))])
    assert not Transfer.objects.exists()


def test_a_profile_nobody_has_claimed_earns_nothing():
    ghost = make_member("Ghost", claimed_at=None)
    settle_awards([adopt(make_post(author=ghost))])
    assert not Transfer.objects.exists()


def test_a_moderator_is_a_member_and_earns(moderator):
    settle_awards([adopt(make_post(author=moderator))])
    assert points_of(moderator.pk) == 200


def test_who_joins_the_team_keeps_what_was_earned_before(post, author, admin_member):
    first = adopt(post)
    settle_awards([first])
    appoint_member(member=author, role=Role.STAFF, staff_title="", by=admin_member, at=NOW + timedelta(days=1))
    later = ship(post, at=NOW + timedelta(days=2))
    settle_awards([first, later])
    assert balances(author) == (200, 60, 0)


def test_who_leaves_the_team_earns_from_then_on(admin_member, staff):
    post = make_post(author=staff)
    before = adopt(post)
    appoint_member(member=staff, role=Role.MEMBER, staff_title="", by=admin_member, at=NOW + timedelta(days=1))
    settle_awards([before, ship(post, at=NOW + timedelta(days=2))])
    assert balances(staff) == (400, 120, 0)


def test_a_reporter_is_paid_for_a_duplicate_and_its_author_is_not(post, author, voter):
    settle_awards([merge(post, 1, by=voter), merge(make_post(author=author), 2, by=author)])
    assert balances(voter) == (20, 5, 0)
    assert balances(author) == (0, 0, 0)


def test_undoing_the_merge_takes_the_report_s_reward_back_and_says_why(post, voter):
    settle_awards([merge(post, 1, by=voter)])
    undo = unmerge(post, 1, at=NOW + timedelta(days=3))
    settle_awards([undo])
    assert balances(voter) == (0, 0, 0)
    taken = Transfer.objects.filter(reverses__isnull=False)
    assert {row.activity_id for row in taken} == {undo.pk}
    assert taken.count() == 2


def test_the_undoing_may_be_heard_of_first(post, voter):
    made, undone = merge(post, 1, by=voter), unmerge(post, 1)
    settle_awards([undone])
    settle_awards([made])
    assert not Transfer.objects.exists()


def test_points_that_were_spent_before_the_reward_was_taken_back_are_owed(post, voter):
    made = merge(post, 1, by=voter)
    settle_awards([made])
    ledger.spend(member=voter, amount=15, key="perk", activity=made, at=NOW)
    settle_awards([unmerge(post, 1)])
    assert balances(voter) == (0, 0, 15)
    settle_awards([merge(make_post(), 2, by=voter, at=NOW + timedelta(days=1))])
    assert balances(voter) == (5, 5, 0)


def test_a_suggestion_hidden_after_400_days_loses_and_regains_its_reward_each_time(post, author):
    settle_awards([adopt(post)])
    for number, state in enumerate(["hidden", "visible", "hidden", "visible", "deleted"]):
        settle_awards([turn(post, state, NOW + timedelta(days=400 + number))])
        assert points_of(author.pk) == (200 if state == "visible" else 0)
    assert Transfer.objects.filter(reverses__isnull=False).count() == 6
    assert total() == 0


def test_the_limit_of_a_day_holds_across_batches(voter):
    for number in range(1, 8):
        settle_awards([merge(make_post(), number, by=voter, at=NOW + timedelta(minutes=number))])
    assert balances(voter) == (100, 25, 0)


def test_room_that_false_reports_took_goes_to_the_honest_ones(voter):
    posts = [make_post() for _ in range(10)]
    settle_awards([merge(post, n, by=voter, at=NOW + timedelta(minutes=n)) for n, post in enumerate(posts)])
    settle_awards([unmerge(post, n, at=NOW + timedelta(days=30)) for n, post in enumerate(posts[:5])])
    honest = Activity.objects.filter(verb=Verb.SUGGESTION_MERGED, subject_id__in=[post.pk for post in posts[5:]])
    paid = Transfer.objects.standing().filter(activity__in=honest, reason="duplicate")
    assert paid.count() == 10
    assert balances(voter) == (100, 25, 0)


def test_an_earlier_fact_that_arrives_late_takes_the_place_it_was_due(post, author):
    late, early = adopt(post, at=NOW, after="testing"), adopt(post, at=NOW - timedelta(days=2))
    settle_awards([late])
    settle_awards([early])
    assert {row.activity_id for row in Transfer.objects.standing().filter(reason="adopted")} == {early.pk}
    assert balances(author) == (200, 60, 0)


def test_losing_honour_lowers_the_level_again(post, author):
    settle_awards([adopt(post)])
    settle_awards([turn(post, "hidden", NOW + timedelta(days=1))])
    author.refresh_from_db()
    assert author.level == 0
    assert [row.data for row in Activity.objects.filter(verb=Verb.LEVEL_CHANGED).order_by("pk")] == [
        {"before": 0, "after": 1},
        {"before": 1, "after": 0},
    ]


def test_many_facts_are_settled_in_a_steady_number_of_statements(author, django_assert_max_num_queries):
    facts = [adopt(make_post(author=author), at=NOW + timedelta(days=n)) for n in range(20)]
    with django_assert_max_num_queries(26):
        settle_awards(facts)
    assert points_of(author.pk) == 4000


def test_any_order_and_any_batches_of_a_community_s_facts_end_the_same():
    people = [make_member() for _ in range(4)]
    posts = [make_post(author=people[n % 4]) for n in range(8)]
    facts = _a_lively_week(people, posts)
    ends = set()
    for seed in range(6):
        with transaction.atomic():
            _settle_in_batches(facts, random.Random(seed))
            ends.add(tuple(balances(one) for one in people) + tuple(_standing()))
            transaction.set_rollback(True)
    assert len(ends) == 1
    assert any(sum(end) for end in next(iter(ends))[:4])


def _a_lively_week(people, posts):
    dice, facts = random.Random(7), []
    for number, post in enumerate(posts):
        at = NOW + timedelta(hours=dice.randrange(60))
        facts += [adopt(post, at), adopt(post, at + timedelta(hours=5), "testing"), ship(post, at + timedelta(hours=9))]
        facts += [merge(post, number, people[dice.randrange(4)], at), merge(post, number + 50, people[0], at)]
        facts += [unmerge(post, number, at + timedelta(hours=1))] if number % 2 else []
        facts += [turn(post, "hidden", at + timedelta(hours=2))] if number % 3 == 0 else []
    return facts


def _settle_in_batches(facts, dice):
    left = facts + dice.sample(facts, len(facts) // 2)
    dice.shuffle(left)
    while left:
        size = dice.randrange(1, 9)
        settle_awards(left[:size])
        left = left[size:]


def _standing():
    rows = Transfer.objects.standing().exclude(reason__in=[ledger.ADVANCE, ledger.REPAYMENT])
    found = defaultdict(int)
    for row in rows.prefetch_related("entries__account"):
        for entry in row.entries.all():
            if entry.account.owner_kind == "member":
                found[row.activity_id, row.reason, entry.account.currency] += entry.amount
    return sorted(found.items())


def test_honour_and_points_of_everybody_come_from_the_mint(post, author):
    settle_awards([adopt(post), ship(post)])
    minted = {row.currency: row.balance for row in Account.objects.filter(owner_kind="mint")}
    assert minted == {"points": -600, "honour": -180}
    assert debt_of(author.pk) == 0
