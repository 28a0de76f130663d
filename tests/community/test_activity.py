"""A fact is recorded once, inside its operation, and the database never lets it change."""

import pytest
from django.db import connection, transaction
from django.db.utils import Error

from community.activity import Happening, record, record_many
from community.listening import listen, listeners_of
from community.models import Activity, Delivery
from community.verbs import Fact, MemberJoined, Verb, VoteCast
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener(no_listeners):
    """The only one who is owed every sign-up."""
    listen(Verb.MEMBER_JOINED, name="test.listener")(lambda activities: None)
    return "test.listener"


def tell(member, key="joined:1", at=NOW):
    data = MemberJoined(cohort="week:2026-W47")
    return record(Verb.MEMBER_JOINED, key=key, actor=member, subject=member.pk, data=data, at=at)


def test_a_fact_carries_its_verb_version_and_data(voter):
    activity = tell(voter)
    assert (activity.verb, activity.version, activity.data) == ("member_joined", 1, {"cohort": "week:2026-W47"})


def test_every_listener_of_the_verb_is_owed_once(voter, listener):
    activity = tell(voter)
    assert Delivery.objects.filter(activity=activity, listener=listener).count() == 1


def test_the_same_key_again_is_the_same_fact_and_owes_nothing_new(voter, listener):
    first = tell(voter)
    Delivery.objects.all().delete()
    assert tell(voter) == first
    assert not Delivery.objects.exists()


def test_the_data_must_be_of_the_verb(voter):
    with pytest.raises(ValueError, match="vote_cast carries MemberJoined"):
        record(Verb.VOTE_CAST, key="k", actor=voter, subject=1, data=MemberJoined(cohort="x"), at=NOW)


def test_a_fact_outside_a_transaction_is_refused(voter, monkeypatch):
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError, match="inside the transaction"):
        record_many([Happening("k", voter, 1, MemberJoined(cohort="x"))], at=NOW)


@pytest.mark.parametrize(
    "statement",
    ["update community_activity set verb = 'x'", "delete from community_activity", "truncate community_activity cascade"],
)
def test_the_database_refuses_to_change_what_happened(voter, statement):
    tell(voter)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Activity.objects.filter(key="joined:1").exists()


def test_many_facts_cost_as_many_queries_as_one(voter, listener, django_assert_num_queries):
    facts = [Happening(f"k{number}", voter, number, MemberJoined(cohort="x")) for number in range(50)]
    with django_assert_num_queries(3):
        record_many(facts, at=NOW)
    assert Delivery.objects.filter(listener=listener).count() == 50


def test_every_verb_has_one_fact_of_plain_values():
    facts = {fact.verb: fact for fact in Fact.__subclasses__()}
    assert set(facts) == set(Verb)
    assert VoteCast(member_id=1, need=500).as_data() == {"member_id": 1, "need": 500}


def test_a_name_belongs_to_one_listener(listener):
    with pytest.raises(ValueError, match=r"test\.listener"):
        listen(Verb.VOTE_CAST, name="test.listener")(lambda activities: [])
    assert "test.listener" in listeners_of(Verb.MEMBER_JOINED)
