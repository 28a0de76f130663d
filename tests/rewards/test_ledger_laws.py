"""Whatever happens, in whatever order and however often it is heard of: a plain count of the facts is what the ledger says."""

import itertools
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from rewards import audit, ledger, sealing
from rewards.awards import settle_awards
from rewards.models import Account
from rewards.rebuild import differences
from tests.factories import NOW, make_member, make_post
from tests.rewards.facts import adopt, merge, ship, turn, unmerge
from tests.rewards.ledgers import balances, check_now, make_cause

POSTS, PEOPLE = 5, 3
EARNS = {"adopted": (200, 60), "shipped": (400, 120), "duplicate": (20, 5)}
DAILY = {"adopted": (1000, 300), "shipped": (2000, 600), "duplicate": (100, 25)}
posts, people, hours = st.integers(0, POSTS - 1), st.integers(0, PEOPLE - 1), st.sampled_from([-4000, -30, -2, 0, 1, 5, 12, 13])


class Books(RuleBasedStateMachine):
    """The oracle counts by hand; it shares no line with the rules."""

    @initialize()
    def open_books(self):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.people = [make_member(claimed_at=NOW - timedelta(days=999)) for _ in range(PEOPLE)]
        self.posts = [make_post(author=self.people[number % PEOPLE]) for number in range(POSTS)]
        self.paying, self.hidden, self.undone, self.untold, self.told = [], {}, set(), [], []
        self.spent, self.spends, self.number = Counter(), [], itertools.count(1)

    def teardown(self):
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def moment(self, hour):
        # No two facts at one moment: which of two is earlier must be plain to the oracle as well.
        return NOW + timedelta(hours=hour, seconds=next(self.number))

    @rule(post=posts, hour=hours, shipping=st.booleans())
    def pay_the_author(self, post, hour, shipping):
        at, name = self.moment(hour), "shipped" if shipping else "adopted"
        self.untold.append((ship if shipping else adopt)(self.posts[post], at))
        self.paying.append((at, name, post, post % PEOPLE, None))

    @rule(post=posts, person=people, hour=hours)
    def report(self, post, person, hour):
        at, number = self.moment(hour), next(self.number)
        self.untold.append(merge(self.posts[post], number, self.people[person], at))
        self.paying.append((at, "duplicate", post, person, number))

    @precondition(lambda self: any(number for *_rest, number in self.paying))
    @rule(data=st.data())
    def undo_a_merge(self, data):
        merges = [(post, number) for _at, _name, post, _person, number in self.paying if number]
        post, number = data.draw(st.sampled_from(merges))
        if number not in self.undone:
            self.undone.add(number)
            self.untold.append(unmerge(self.posts[post], number, self.moment(0)))

    @rule(post=posts, hour=hours, state=st.sampled_from(["hidden", "visible", "deleted"]))
    def hide_or_show(self, post, hour, state):
        at = self.moment(hour)
        self.untold.append(turn(self.posts[post], state, at))
        self.hidden[post] = max(self.hidden.get(post, (NOW - timedelta(days=999), "visible")), (at, state))

    @rule(person=people, amount=st.integers(1, 500))
    def spend(self, person, amount):
        key = f"perk:{next(self.number)}"
        try:
            spent = ledger.spend(member=self.people[person], amount=amount, key=key, activity=make_cause(), at=NOW)
        except ledger.NotEnough:
            assert balances(self.people[person])[0] < amount
        else:
            self.spent[person] += amount
            self.spends.append((person, amount, spent))

    @precondition(lambda self: self.spends)
    @rule()
    def refund(self):
        person, amount, spent = self.spends.pop()
        ledger.reverse_transfer(transfer=spent, key=f"refund:{spent.key}", activity=make_cause(), at=NOW)
        self.spent[person] -= amount

    @precondition(lambda self: self.untold)
    @rule(data=st.data())
    def settle_some(self, data):
        """Some of what is owed is heard of, shuffled, with old news and doubles among it."""
        news = data.draw(st.lists(st.sampled_from(self.untold), min_size=1, unique_by=lambda fact: fact.pk))
        again = data.draw(st.lists(st.sampled_from(self.told), max_size=3)) if self.told else []
        settle_awards([*news, *again, *news])
        self.told += news
        self.untold = [fact for fact in self.untold if fact not in news]

    @rule()
    def seal(self):
        while sealing.seal_batch(size=5):
            pass

    @invariant()
    def nobody_is_below_zero_and_all_sums_to_zero(self):
        accounts = Account.objects.all()
        assert sum(account.balance for account in accounts) == 0
        assert all(account.balance >= 0 for account in accounts if account.owner_kind == "member")

    @precondition(lambda self: not self.untold)
    @invariant()
    def everybody_has_what_the_facts_are_worth(self):
        points, honour = self.earned()
        for number, person in enumerate(self.people):
            net = points[number] - self.spent[number]
            assert balances(person) == (max(net, 0), honour[number], max(-net, 0))
        check_now()
        assert audit.examine() == []
        assert list(differences()) == []

    def earned(self):
        first = {}
        for at, name, post, person, number in sorted(self.paying, key=lambda fact: fact[0]):
            void = number in self.undone if number else self.hidden.get(post, (None, "visible"))[1] != "visible"
            # Staff's own word: nobody is paid for reporting what they wrote themselves.
            if not void and not (number and post % PEOPLE == person):
                first.setdefault((name, post), (name, person, at.date()))
        counted = Counter(first.values())
        points, honour = defaultdict(int), defaultdict(int)
        for (name, person, _day), times in counted.items():
            points[person] += min(times * EARNS[name][0], DAILY[name][0])
            honour[person] += min(times * EARNS[name][1], DAILY[name][1])
        return points, honour


@pytest.mark.django_db
@pytest.mark.parametrize(("examples", "steps"), [(12, 30), pytest.param(100, 50, marks=pytest.mark.slow, id="100-50")])
def test_the_ledger_says_what_a_plain_count_of_the_facts_says(examples, steps):
    # Shrinking against a database takes longer than reading thirty steps.
    limits = settings(max_examples=examples, stateful_step_count=steps, deadline=None, phases=[Phase.generate])
    run_state_machine_as_test(Books, settings=limits)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from rewards_transfer")
        assert cursor.fetchone() == (0,)
