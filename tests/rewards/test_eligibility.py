"""Who can earn at all is decided by what was so when it happened, not by what is so now."""

from datetime import timedelta

import pytest

from community.models import ImportBatch, Post, Role
from rewards.awards import fact_of
from rewards.eligibility import TeamTimes, eligible_claims
from rewards.rules import claim_of
from tests.factories import NOW, make_member, make_post, make_staff
from tests.rewards.facts import adopt, merge, ship


def days(count):
    return NOW + timedelta(days=count)


def of_team(*changes, role=Role.MEMBER, claimed_at=NOW):
    return TeamTimes(role, claimed_at, [(days(day), number, before) for number, (day, before) in enumerate(changes)])


def test_without_a_change_the_role_of_today_was_always_theirs():
    assert of_team(role=Role.STAFF).is_on_team(days(-999))
    assert not of_team(role=Role.MEMBER).is_on_team(days(-999))


def test_before_the_first_change_they_were_what_it_says():
    joined = of_team((5, "member"), role=Role.STAFF)
    assert not joined.is_on_team(days(4))
    assert joined.is_on_team(days(5))
    assert joined.is_on_team(days(6))


def test_coming_going_and_coming_again_is_followed():
    times = of_team((1, "member"), (3, "staff"), (5, "moderator"), role=Role.ADMIN)
    assert [times.is_on_team(days(day)) for day in range(7)] == [False, True, True, False, False, True, True]


def test_the_order_in_which_changes_are_read_does_not_matter():
    changes = [(days(3), 2, "staff"), (days(1), 1, "member")]
    assert TeamTimes(Role.MEMBER, NOW, changes).is_on_team(days(2))


@pytest.mark.parametrize(("claimed", "unclaimed"), [(None, True), (1, True), (0, False), (-1, False)])
def test_a_profile_is_unclaimed_until_somebody_signs_in(claimed, unclaimed):
    times = of_team(claimed_at=None if claimed is None else days(claimed))
    assert times.is_unclaimed(NOW) is unclaimed


def who_may_be_paid(*facts):
    claims = [claim_of(fact_of(fact)) for fact in facts]
    return [claim.member for claim in eligible_claims([claim for claim in claims if claim])]


@pytest.mark.django_db
def test_of_many_claims_each_is_judged_by_its_own_post_and_member(author, voter):
    ours, theirs = make_post(author=author), make_post(author=voter)
    Post.objects.filter(pk=theirs.pk).update(batch=ImportBatch.objects.create(name="b", system="github"))
    team, ghost = make_staff(), make_member(claimed_at=None)
    facts = [adopt(ours), adopt(theirs), ship(make_post(author=team)), ship(make_post(author=ghost))]
    assert who_may_be_paid(*facts) == [author.pk]


@pytest.mark.django_db
def test_reporting_an_imported_duplicate_is_real_work(voter):
    post = make_post()
    Post.objects.filter(pk=post.pk).update(batch=ImportBatch.objects.create(name="b", system="github"))
    assert who_may_be_paid(merge(post, 1, by=voter)) == [voter.pk]


@pytest.mark.django_db
def test_an_imported_report_by_a_profile_nobody_claimed_is_not_paid():
    ghost = make_member(claimed_at=None, source_system="github", source_id="7")
    assert who_may_be_paid(merge(make_post(), 1, by=ghost)) == []


@pytest.mark.django_db
def test_judging_many_takes_three_queries(django_assert_num_queries):
    claims = [claim_of(fact_of(adopt(make_post()))) for _ in range(12)]
    with django_assert_num_queries(3):
        assert len(eligible_claims(claims)) == 12
