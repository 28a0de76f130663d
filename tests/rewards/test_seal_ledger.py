"""Seals: every transfer once, chained, and published away from the database."""

import hashlib

import pytest
from django.db import connection, transaction

from rewards import sealing
from rewards.models import Seal, Transfer, Unsealed
from rewards.tasks import seal_ledger
from tests.rewards.ledgers import give, make_cause
from tests.rewards.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "ledger-heads.txt"


def test_a_new_transfer_waits_for_its_seal(author):
    transfer = give(author.pk, 5)
    assert list(Unsealed.objects.values_list("pk", flat=True)) == [transfer.pk]


def test_every_transfer_is_sealed_once_in_chained_batches(author):
    given = [give(author.pk, 1 + number) for number in range(5)]
    seals = [sealing.seal_batch(size=2) for _round in range(4)]
    assert seals.pop() is None
    assert [seal.transfer_ids for seal in seals] == [[given[0].pk, given[1].pk], [given[2].pk, given[3].pk], [given[4].pk]]
    assert [seal.number for seal in seals] == [1, 2, 3]
    assert [seal.previous for seal in seals] == ["0" * 64, seals[0].hash, seals[1].hash]
    assert not Unsealed.objects.exists()


def test_the_hash_covers_what_the_docs_say_word_for_word(author):
    transfer = give(author.pk, 5, key="k")
    seal = sealing.seal_batch()
    legs = ",".join(f"{entry.account_id}:{entry.amount}" for entry in transfer.entries.order_by("account_id"))
    at, posted = (int(moment.timestamp() * 1_000_000 + 0.5) for moment in (transfer.at, transfer.posted_at))
    line = f"{transfer.pk}|k|{transfer.input_hash}|gift|{transfer.activity_id}|1||{at}|{posted}|{legs}"
    assert seal.hash == hashlib.sha256(f"1\n{'0' * 64}\n{line}".encode()).hexdigest()


def test_sealing_with_nothing_new_makes_no_seal(author):
    give(author.pk, 5)
    assert seal_ledger() == 1
    assert seal_ledger() == 0
    assert Seal.objects.count() == 1


def test_heads_are_published_in_a_file_of_their_own(author, published):
    give(author.pk, 5)
    seal_ledger()
    give(author.pk, 6)
    seal_ledger()
    lines = [line.split()[:2] for line in published.read_text().splitlines()]
    assert lines == [[str(seal.number), seal.hash] for seal in Seal.objects.all()]
    assert sealing.head().number == 2


def test_a_transfer_that_commits_late_is_sealed_late_and_never_missed(committed_db):
    slow, cause = connection.copy(), make_cause()
    with slow.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute(
            """insert into rewards_transfer (key, input_hash, reason, activity_id, rule_version, at)
            values ('slow', '', 'gift', %s, 1, now()) returning id""",
            [cause.pk],
        )
        (early,) = cursor.fetchone()
        later = give(7, 5)
        assert early < later.pk
        assert sealing.seal_batch().transfer_ids == [later.pk]
        cursor.execute(
            """insert into rewards_entry (transfer_id, account_id, amount)
            select %s, id, case owner_kind when 'mint' then -3 else 3 end
            from rewards_open_accounts('{member,mint}', '{9,9}', '{points,points}')""",
            [early],
        )
        cursor.execute("commit")
    slow.close()
    assert sealing.seal_batch().transfer_ids == [early]


def test_a_transfer_that_was_rolled_back_is_not_waited_for(author):
    with transaction.atomic():
        give(author.pk, 5)
        transaction.set_rollback(True)
    kept = give(author.pk, 6)
    assert sealing.seal_batch().transfer_ids == [kept.pk]


def test_sealers_that_come_together_make_one_chain(committed_db):
    for number in range(12):
        give(number, 1)
    race(lambda _number: [sealing.seal_batch(size=2) and 1 for _round in range(6)], range(4))
    while sealing.seal_batch(size=2):
        pass
    sealed = [pk for seal in Seal.objects.all() for pk in seal.transfer_ids]
    assert sorted(sealed) == sorted(Transfer.objects.values_list("pk", flat=True))
    assert [seal.number for seal in Seal.objects.all()] == list(range(1, 7))
