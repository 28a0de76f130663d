"""Which constants the score is made with: versions that staff draft and switch."""

import pytest

from community.models import Activity, Member
from community.refusals import Invalid, NotAllowed
from feedback.models import ScoreConfig
from feedback.score_configs import active_config, draft_score_config, suggested_version, switch_score_config
from feedback.scoring import VERSIONS
from tests.factories import make_member, make_persona

GROWN = VERSIONS[2].as_data()


def test_a_fresh_community_starts_with_the_first_version(db):
    assert (active_config().version, active_config().constants) == (1, VERSIONS[1])


@pytest.mark.parametrize("version", [1, 2])
def test_the_stored_versions_are_those_of_the_formula(db, version):
    assert ScoreConfig.objects.get(version=version).constants == VERSIONS[version].as_data()


def test_switching_leaves_exactly_one_version_active_and_is_a_fact(admin_member, now):
    switch_score_config(version=2, by=admin_member, at=now)
    assert active_config().constants == VERSIONS[2]
    assert ScoreConfig.objects.filter(active=True).count() == 1
    fact = Activity.objects.get(verb="score_config_switched")
    assert (fact.subject_id, fact.data, fact.actor) == (2, {"before": 1}, admin_member)


@pytest.mark.parametrize("act", ["switch", "draft"])
def test_only_administrators_may(staff, now, act):
    with pytest.raises(NotAllowed):
        if act == "switch":
            switch_score_config(version=2, by=staff, at=now)
        else:
            draft_score_config(constants=GROWN, shares={}, note="", by=staff, at=now)


def test_a_version_that_does_not_exist_is_refused(admin_member, now):
    with pytest.raises(Invalid):
        switch_score_config(version=9, by=admin_member, at=now)


def test_a_draft_waits_until_it_is_switched_to(admin_member, now):
    daily, expert = make_persona("daily"), make_persona("expert")
    shares = {"daily": 7000, "expert": 3000}
    draft = draft_score_config(constants=GROWN | {"demand_half": 40_000}, shares=shares, note=" Q1 ", by=admin_member, at=now)
    assert (draft.version, draft.active, draft.note) == (3, False, "Q1")
    switch_score_config(version=3, by=admin_member, at=now)
    assert active_config().shares == {daily.pk: 7000, expert.pk: 3000}
    assert active_config().constants.demand_half == 40_000


@pytest.mark.parametrize(
    ("constants", "shares"),
    [
        (GROWN | {"demand_half": 0}, {}),
        (GROWN | {"demand": 5}, {}),
        (GROWN, {"daily": 9_999}),
        (GROWN, {"nobody": 10_000}),
        (GROWN, {"daily": 11_000, "expert": -1_000}),
    ],
)
def test_constants_and_shares_that_cannot_be_are_refused(admin_member, now, constants, shares):
    make_persona("daily"), make_persona("expert")
    with pytest.raises(Invalid):
        draft_score_config(constants=constants, shares=shares, note="", by=admin_member, at=now)


def test_without_shares_every_persona_has_the_same(db):
    ids = [make_persona(slug).pk for slug in ("daily", "expert", "novice")]
    assert active_config().shares == dict(zip(ids, (3334, 3333, 3333), strict=True))


def test_the_second_version_is_suggested_once_fifty_members_are_established(db):
    for _ in range(50):
        make_member()
    assert suggested_version() == 2
    Member.objects.filter(pk=Member.objects.latest("pk").pk).update(trust=1)
    assert suggested_version() is None


def test_nothing_is_suggested_to_those_who_switched(admin_member, now):
    for _ in range(50):
        make_member()
    switch_score_config(version=2, by=admin_member, at=now)
    assert suggested_version() is None
