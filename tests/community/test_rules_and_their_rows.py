"""Who is written down in a segment is who belongs, whether everybody was looked at or only those something happened to."""

from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.models import Member, Segment, SegmentMember
from community.refusals import Invalid
from community.segment_rules import DRIFTING, NUMBERS, TESTS, WORDS, Rule, RuleFault, belongs, read_rule
from community.segment_sql import CONDITIONS
from community.segment_watch import TOUCHED
from community.segments import checked, count_of, rebuild_segment, rebuild_segments, refresh_members
from tests.factories import NOW, make_member

people = st.sets(st.integers(0, 4))
changes = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.sampled_from(["en", "zh-hans"])), max_size=6)
kept = st.fixed_dictionaries(
    {"match": st.sampled_from(["all", "any"])},
    optional={"level": st.integers(0, 3), "languages": st.just(["zh-hans"]), "trust": st.integers(0, 2)},
)
laws = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = {field.name for field in fields(Rule)} - {"match"}


@pytest.fixture
def crowd(db):
    return [make_member(level=number, language="en") for number in range(5)]


def rows_of(segment):
    return set(SegmentMember.objects.filter(segment=segment).values_list("member_id", flat=True))


def arranged(rule, crowd, added, excluded):
    segment = Segment.objects.create(slug=f"s-{Segment.objects.count()}", name="S", rule=read_rule(rule).as_data())
    segment.added.set([crowd[one] for one in added])
    segment.excluded.set([crowd[one] for one in excluded])
    return segment


@laws
@given(rule=kept, added=people, excluded=people, changed=changes)
def test_looking_at_whoever_changed_comes_to_the_same_as_looking_at_everybody(crowd, rule, added, excluded, changed):
    Segment.objects.all().delete()
    segment = arranged(rule, crowd, added, excluded)
    rebuild_segment(segment=segment, at=NOW)
    for who, level, language in changed:
        Member.objects.filter(pk=crowd[who].pk).update(level=level, language=language)
    refresh_members(member_ids=[crowd[who].pk for who, _level, _language in changed], at=NOW)
    refreshed = rows_of(segment)
    assert rebuild_segment(segment=segment, at=NOW) == len(refreshed)
    assert rows_of(segment) == refreshed


@laws
@given(rule=kept, added=people, excluded=people)
def test_the_count_before_it_is_kept_is_the_number_afterwards(crowd, rule, added, excluded):
    Segment.objects.all().delete()
    hands = {"added": [crowd[one].pk for one in added], "excluded": [crowd[one].pk for one in excluded]}
    by_rule, every = count_of(rule, at=NOW, **hands)
    segment = arranged(rule, crowd, added, excluded)
    assert rebuild_segment(segment=segment, at=NOW) == every <= by_rule + len(added)
    assert not rows_of(segment) & set(hands["excluded"])


@pytest.mark.django_db
def test_only_rules_that_time_may_change_are_looked_at_by_the_clock(crowd):
    still, drifting = arranged({"level": 1}, crowd, (), ()), arranged({"member_for": 7}, crowd, (), ())
    assert rebuild_segments(at=NOW, drifting=True) == 1
    assert (rows_of(still), len(rows_of(drifting))) == (set(), 5)
    assert rebuild_segments(at=NOW) == 2 and len(rows_of(still)) == 4


@pytest.mark.django_db
def test_a_rule_that_cannot_be_read_says_which_condition(db):
    with pytest.raises(Invalid, match="level") as refused:
        checked({"level": "high"})
    assert [*refused.value.fields] == ["level"]


def test_every_condition_can_be_asked_of_one_and_of_everybody():
    assert NAMES == set(TESTS) == set(CONDITIONS) == set(NUMBERS) | set(WORDS) | {"joined_before"}


def test_whatever_may_change_is_watched_by_a_fact_or_by_the_clock():
    # Groups are settled where somebody comes or goes, and nobody joins anew.
    assert NAMES - set().union(*TOUCHED.values()) - DRIFTING == {"groups", "joined_before"}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_taken_up_to_the_greatest_that_makes_sense(name):
    assert read_rule({name: NUMBERS[name]}).conditions == {name: NUMBERS[name]}
    assert read_rule({name: 0}).conditions == {name: 0}, "none at all is a condition, too"
    with pytest.raises(RuleFault, match=name):
        read_rule({name: NUMBERS[name] + 1})


@given(st.lists(st.sampled_from([" UTC", "UTC ", "Europe", "Asia/Taipei"]), min_size=1, max_size=8))
def test_words_are_kept_once_without_the_spaces_around_them(words):
    rule = read_rule({"zones": words})
    assert len(set(rule.zones)) == len(rule.zones) and set(rule.zones) == {word.strip() for word in words}
    assert read_rule(rule.as_data()) == rule


@given(
    st.dictionaries(
        st.sampled_from(["", "sql", "level", "match", "zones", "posts"]), st.none() | st.text(max_size=3), max_size=3
    )
)
def test_whatever_stands_there_a_rule_is_read_or_refused_by_name(data):
    try:
        rule = read_rule(data)
    except RuleFault as fault:
        assert fault.name in data
    else:
        assert not rule.conditions and not belongs(None, rule, at=NOW)
