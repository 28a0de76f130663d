"""The law of the books: whatever happened, in whatever order it is told and however often, they say what the votes say."""

import contextlib
import random
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.members import choose_persona, record_changes
from community.models import Activity, Delivery, Member
from community.posts import convert_post
from community.refusals import Refused
from community.staffing import appoint_member
from feedback import score_keeping
from feedback.merges import merge_suggestions, unmerge_suggestion
from feedback.models import ClusterScore, Suggestion
from feedback.rescoring import rescore, verify
from feedback.score_configs import switch_score_config
from feedback.score_debts import LISTENER
from feedback.triage import triage_suggestion
from feedback.votes import cast_vote, withdraw_vote
from tests.factories import NOW, make_admin, make_board, make_member, make_newcomer, make_persona, make_staff, make_suggestion
from tests.feedback.books import by_the_formula

PEOPLE, WISHES = 7, 5
who, which, need = st.integers(0, PEOPLE - 1), st.integers(0, WISHES - 1), st.sampled_from([0, 500, 1000])
acts = st.one_of(
    st.tuples(st.just("vote"), who, which, need),
    st.tuples(st.just("vote"), who, which, need),
    st.tuples(st.just("withdraw"), who, which),
    st.tuples(st.just("merge"), which, which),
    st.tuples(st.just("part"), which),
    st.tuples(st.just("trust"), who, st.integers(0, 2)),
    st.tuples(st.just("role"), who, st.sampled_from(["member", "staff"])),
    st.tuples(st.just("persona"), who, st.integers(0, 2)),
    st.tuples(st.just("triage"), which, st.sampled_from([1, 2, 4, 8]), st.integers(0, 3)),
    st.tuples(st.just("convert"), which, st.sampled_from(["suggestion", "bug", "question"])),
    st.tuples(st.just("configure"), st.integers(1, 2)),
    st.tuples(st.just("tell"), st.integers(0, 10**6)),
)


class World:
    """A small community whose every act is a real operation an hour after the last; facts are told when we say so."""

    def __init__(self):
        board = make_board()
        self.at = NOW
        self.staff, self.admin = make_staff(), make_admin()
        self.personas = [None, make_persona("daily"), make_persona("expert")]
        cohorts = ["week:2026-W46", "week:2026-W46", "code:link"]
        self.people = [make_member() for _ in range(3)] + [
            make_newcomer(trust=place % 2, cohort=name) for place, name in enumerate(cohorts)
        ]
        self.people.append(make_member(claimed_at=None))
        self.people = [person.pk for person in self.people]
        self.wishes = [
            make_suggestion(board=board, author=Member.objects.get(pk=self.people[place])).pk for place in range(WISHES)
        ]

    def wish(self, place):
        return Suggestion.objects.select_related("post", "root").get(pk=self.wishes[place])

    def person(self, place):
        return Member.objects.get(pk=self.people[place])

    def do(self, act):
        self.at += timedelta(hours=1)
        # A refusal is an act that did nothing; the books must not mind.
        with contextlib.suppress(Refused):
            getattr(self, act[0])(*act[1:])

    def vote(self, member, wish, needed):
        cast_vote(member=self.person(member), suggestion=self.wish(wish), need=needed, at=self.at)

    def withdraw(self, member, wish):
        withdraw_vote(member=self.person(member), suggestion=self.wish(wish), at=self.at)

    def merge(self, duplicate, into):
        merge_suggestions(duplicate=self.wish(duplicate), into=self.wish(into), by=self.staff, at=self.at)

    def part(self, duplicate):
        unmerge_suggestion(duplicate=self.wish(duplicate), by=self.staff, at=self.at)

    def trust(self, member, trust):
        person = self.person(member)
        person.trust = trust
        person.save(update_fields=["trust"])
        record_changes([person], at=self.at)

    def role(self, member, role):
        appoint_member(member=self.person(member), role=role, staff_title="", by=self.admin, at=self.at)

    def persona(self, member, persona):
        choose_persona(member=self.person(member), persona=self.personas[persona], at=self.at)

    def triage(self, wish, severity, fit):
        view = {"severity": severity, "strategy_fit": fit, "strategy_reason": "fits" if fit else ""}
        triage_suggestion(suggestion=self.wish(wish), by=self.staff, at=self.at, **view)

    def convert(self, wish, kind):
        convert_post(post=self.wish(wish).post, kind=kind, by=self.staff, at=self.at)

    def configure(self, version):
        switch_score_config(version=version, by=self.admin, at=self.at)

    def tell(self, seed):
        """Some of all facts so far, some of them again, in any order and in batches of any size."""
        chance = random.Random(seed)
        facts = list(Activity.objects.filter(deliveries__listener=LISTENER))
        self.tell_all([fact for fact in facts if chance.random() < 0.5], chance)

    def tell_all(self, facts, chance):
        facts += [fact for fact in facts if chance.random() < 0.3]
        chance.shuffle(facts)
        while facts:
            size = chance.randint(1, 9)
            assert score_keeping.settle(facts[:size]) == []
            facts = facts[size:]


@contextlib.contextmanager
def from_the_start(world):
    """The world's first hour; whatever happens in the block is rolled back."""
    world.at = NOW
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def world(db):
    return World()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(acts, max_size=40), st.integers(0, 10**6))
def test_any_history_told_in_any_order_with_repeats_gives_what_the_votes_say(world, history, seed):
    with from_the_start(world):
        for act in history:
            world.do(act)
        world.tell_all(list(Activity.objects.filter(deliveries__listener=LISTENER)), random.Random(seed))
        Delivery.objects.filter(listener=LISTENER).delete()
        report = verify()
        assert (report.differences, report.clusters) == (0, WISHES), report
        for wish in Suggestion.objects.canonical().filter(post__kind__in=["suggestion", "bug"]):
            score, heat, voters = by_the_formula(wish)
            book = ClusterScore.objects.get(pk=wish.pk)
            assert (book.numerator, int(book.heat), book.voters) == (score.numerator, heat, voters)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(acts, max_size=25), which, which)
def test_parting_what_was_merged_leaves_no_trace(world, history, one, other):
    with from_the_start(world):
        for act in history:
            world.do(act)
        rescore()
        # The hour of a person's latest vote, like all else, is as if the merge had never been.
        before = list(ClusterScore.objects.order_by("pk").values())
        try:
            merge_suggestions(duplicate=world.wish(one), into=world.wish(other), by=world.staff, at=world.at)
        except Refused:
            return
        rescore()
        unmerge_suggestion(duplicate=world.wish(one), by=world.staff, at=world.at)
        rescore()
        assert list(ClusterScore.objects.order_by("pk").values()) == before


def test_the_law_can_fail(world):
    """A control: with one fact never told, the books and the votes differ."""
    world.do(("vote", 0, 1, 1000))
    facts = list(Activity.objects.filter(deliveries__listener=LISTENER).order_by("pk"))
    world.tell_all(facts[:-1], random.Random(1))
    Delivery.objects.filter(listener=LISTENER).delete()
    assert verify().differences > 0
