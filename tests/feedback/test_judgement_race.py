"""The same member answers the same card on two devices at once: one answer stands, and nobody sees a fault."""

import threading

from django.db import connections

from feedback.judgements import answer_card
from feedback.models import Judgement, Vote
from tests.factories import NOW, make_member, make_suggestion


def answer_at_once(member, suggestion, answers) -> list[BaseException]:
    start, faults = threading.Barrier(len(answers)), []

    def work(say: str) -> None:
        try:
            start.wait(30)
            answer_card(member=member, suggestion=suggestion, say=say, at=NOW)
        except BaseException as fault:  # noqa: BLE001 - told to the test
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(say,)) for say in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return faults


def test_one_judgement_stands_however_many_arrive_together(committed_db):
    member, suggestion = make_member("Vera"), make_suggestion("A wish")
    for _round in range(5):
        assert answer_at_once(member, suggestion, ["pass", "skip", "pass", "skip"]) == []
    assert Judgement.objects.filter(member=member).count() == 1


def test_wanting_it_twice_at_once_is_one_vote(committed_db):
    member, suggestion = make_member("Vera"), make_suggestion("A wish")
    assert answer_at_once(member, suggestion, ["want"] * 4) == []
    assert Vote.objects.standing().filter(member=member).count() == 1
