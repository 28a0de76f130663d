"""A segment's rule is data, read strictly; the database means by it what the pure rule means."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.groups.memberships import settle
from community.models import GroupMembership, Member, MemberDay, MembershipState
from community.segment_rules import Facts, Rule, RuleFault, belongs, in_zone, read_rule
from community.segment_sql import matching
from tests.factories import NOW, make_group, make_member, make_persona, make_post, make_staff, make_suggestion, make_vote

LANGUAGES, ZONES, PERSONAS = ("en", "zh-hans", "zh-hant"), ("Europe/Berlin", "Asia/Taipei", "UTC"), ("", "commuter", "parent")
DEVICES = ("", "Linden One 2", "an old phone", "Linden Watch")
rules = st.builds(
    Rule,
    match=st.sampled_from(["all", "any"]),
    level=st.none() | st.integers(0, 3),
    trust=st.none() | st.integers(0, 2),
    languages=st.sets(st.sampled_from(LANGUAGES)).map(tuple),
    zones=st.sets(st.sampled_from(["Europe", "Asia", "Asia/Taipei", "UTC", "Eur"])).map(tuple),
    personas=st.sets(st.sampled_from(PERSONAS[1:])).map(tuple),
    devices=st.sets(st.sampled_from(["linden one", "WATCH", "100%"])).map(tuple),
    groups=st.sets(st.sampled_from(["close", "wide"])).map(tuple),
    active_days=st.none() | st.integers(0, 40),
    posts=st.none() | st.integers(0, 2),
    votes=st.none() | st.integers(0, 2),
    member_for=st.none() | st.integers(0, 60),
    joined_before=st.none() | st.dates(date(2026, 9, 1), date(2026, 11, 30)),
)


@given(rules)
def test_a_rule_that_is_kept_is_read_as_the_same_rule(rule):
    kept = rule.as_data()
    assert read_rule(kept) == (rule if rule.conditions else Rule())


@given(rules, rules)
def test_asking_for_more_never_lets_more_in_and_any_never_lets_fewer_in(one, other):
    facts = Facts(1, 1, "en", "UTC", "", "Linden One", frozenset(), NOW.date(), 1, 1, NOW - timedelta(days=9))
    every = Rule(**({"match": "all"} | one.conditions | other.conditions))
    some = Rule(**({"match": "any"} | one.conditions | other.conditions))
    assert not belongs(facts, every, at=NOW) or belongs(facts, some, at=NOW)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ({"sql": "1=1"}, "sql"),
        ({"match": "some"}, "match"),
        ({"level": -1}, "level"),
        ({"level": True}, "level"),
        ({"trust": 3}, "trust"),
        ({"posts": "many"}, "posts"),
        ({"languages": "en"}, "languages"),
        ({"devices": [""]}, "devices"),
        ({"devices": ["x" * 61]}, "devices"),
        ({"devices": ["\x00"]}, "devices"),
        ({"zones": ["x"] * 21}, "zones"),
        ({"joined_before": "soon"}, "joined_before"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(data, name):
    with pytest.raises(RuleFault) as fault:
        read_rule(data)
    assert fault.value.name == name


def test_an_empty_rule_means_nobody():
    facts = Facts(9, 2, "en", "UTC", "", "", frozenset(), NOW.date(), 9, 9, NOW)
    assert not belongs(facts, Rule(), at=NOW) and not belongs(facts, Rule(match="any"), at=NOW)


def test_a_part_of_the_world_is_no_beginning_of_a_word():
    assert in_zone("Europe/Berlin", "Europe") and in_zone("UTC", "UTC") and not in_zone("Europe/Berlin", "Eur")


@pytest.mark.parametrize(("data", "drifts"), [({"level": 1}, False), ({"active_days": 3}, True), ({"member_for": 3}, True)])
def test_only_some_rules_change_by_time_alone(data, drifts):
    assert read_rule(data).drifts is drifts


@pytest.fixture
def crowd(db):
    """Twelve people who differ in everything a rule can ask for, with the facts about each."""
    groups = {"close": make_group("close"), "wide": make_group("wide", layer=3)}
    wish = [make_suggestion(f"Wish {number}", at=NOW) for number in range(2)]
    found = {}
    for number in range(12):
        persona = PERSONAS[number % 3]
        member = make_member(
            level=number % 4, trust=number % 3, language=LANGUAGES[number % 3], time_zone=ZONES[(number // 2) % 3],
            device=DEVICES[number % 4], persona=make_persona(persona) if persona else None,
            joined_at=NOW - timedelta(days=number * 7),
        )  # fmt: skip
        last = (NOW - timedelta(days=number * 4)).date() if number % 5 else None
        if last:
            MemberDay.objects.create(member=member, day=last)
        slugs = [slug for place, slug in enumerate(groups) if number % (place + 2) == 0]
        for slug in slugs:
            settle(GroupMembership(group=groups[slug], member=member), MembershipState.ACCEPTED, by=None, at=NOW)
        for _post in range(number % 3):
            make_post(author=member)
        for one in wish[: (number // 3) % 3]:
            make_vote(one, member)
        votes = min((number // 3) % 3, 2)
        found[member.pk] = Facts(
            member.level, member.trust, member.language, member.time_zone, persona, member.device, frozenset(slugs), last,
            number % 3, votes, member.joined_at,
        )  # fmt: skip
    return found


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rule=rules, few=st.booleans())
def test_the_database_means_what_the_rule_means(crowd, rule, few):
    among = sorted(crowd)[::2] if few else sorted(crowd)
    wanted = {pk for pk in among if belongs(crowd[pk], rule, at=NOW)}
    everybody = set(matching(rule, at=NOW).values_list("pk", flat=True))
    assert set(matching(rule, at=NOW, among=among).values_list("pk", flat=True)) == wanted == everybody & set(among)


def test_no_rule_means_staff_or_whoever_is_gone(db):
    make_staff(level=5), make_member(level=5, is_active=False), make_member(level=5, claimed_at=None)
    make_member(level=5, closed_at=NOW)
    fan = make_member(level=5)
    assert list(matching(Rule(level=5), at=NOW)) == [fan]
    assert Member.objects.filter(level=5).count() == 5


def test_joined_before_a_day_is_before_its_first_moment(db):
    early = make_member(joined_at=datetime(2026, 9, 30, 23, 59, tzinfo=UTC))
    make_member(joined_at=datetime(2026, 10, 1, 0, 0, tzinfo=UTC))
    assert list(matching(Rule(joined_before=date(2026, 10, 1)), at=NOW)) == [early]
