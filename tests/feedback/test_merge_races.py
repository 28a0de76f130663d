"""Two colleagues merge the same two suggestions at the same moment, in processes of their own, each the other way round."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from feedback.models import Merge, Suggestion
from tests.environment import ROOT, here
from tests.factories import make_board, make_staff, make_suggestion

ROUNDS = 12
# Each process says it is ready, waits for the word, and then goes through all pairs at once.
RACER = """
import json, os, sys
import django
django.setup()
from django.db import OperationalError, IntegrityError, connection
from django.utils import timezone
from community.models import Member
from community.refusals import Conflict
from feedback import merges
from feedback.models import Suggestion

if os.environ.get("CARELESS"):
    def grab(duplicate, into):
        rows = Suggestion.objects.select_related("post__board", "root__post")
        found = rows.get(pk=duplicate), rows.get(pk=into), rows.get(pk=rows.get(pk=into).root_id)
        import time; time.sleep(0.05)
        return found
    merges._lock_ends = grab
staff = Member.objects.get(is_staff=True)
pairs = json.loads(os.environ["PAIRS"])
connection.ensure_connection()
print("ready", flush=True)
for duplicate, into in pairs:
    sys.stdin.readline()
    ends = Suggestion.objects.get(pk=duplicate), Suggestion.objects.get(pk=into)
    try:
        merges.merge_suggestions(duplicate=ends[0], into=ends[1], by=staff, at=timezone.now())
        print("merged", flush=True)
    except (Conflict, IntegrityError) as refusal:
        print(type(refusal).__name__, flush=True)
    except OperationalError as fault:
        print("fault", fault, flush=True)
"""


def race(database: str, pairs: list[tuple[int, int]], **more: str) -> list[list[str]]:
    """What both processes answered in each round."""
    url = urlunsplit(urlsplit(here.app_url)._replace(path=f"/{database}"))
    ways = [pairs, [(into, duplicate) for duplicate, into in pairs]]
    runners = [
        subprocess.Popen(
            [sys.executable, "-c", RACER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"DATABASE_URL": url, "PAIRS": json.dumps(way), "DEBUG": "1"} | more,
        )
        for way in ways
    ]  # fmt: skip
    assert [runner.stdout.readline().strip() for runner in runners] == ["ready", "ready"]
    answers = []
    for _pair in pairs:
        for runner in runners:
            runner.stdin.write("go\n")
            runner.stdin.flush()
        answers.append(sorted(runner.stdout.readline().strip() for runner in runners))
    for runner in runners:
        runner.stdin.close()
        assert runner.wait(timeout=30) == 0
    return answers


def make_pairs(count: int) -> list[tuple[int, int]]:
    staff, board = make_staff(), make_board()
    wishes = [make_suggestion(author=staff, board=board).pk for _number in range(2 * count)]
    return list(zip(wishes[::2], wishes[1::2], strict=True))


def rings() -> int:
    """Edges whose ends point at each other."""
    edges = set(Merge.objects.filter(undone_at__isnull=True).values_list("duplicate_id", "into_id"))
    return sum((into, duplicate) in edges for duplicate, into in edges) // 2


def test_of_two_crossing_merges_exactly_one_happens(committed_db):
    pairs = make_pairs(ROUNDS)
    answers = race(connection.settings_dict["NAME"], pairs)
    assert answers == [["Conflict", "merged"]] * ROUNDS
    assert rings() == 0
    for pair in pairs:
        assert len(set(Suggestion.objects.filter(pk__in=pair).values_list("root_id", flat=True))) == 1


@pytest.mark.parametrize("rounds", [4])
def test_without_the_locks_the_same_race_makes_rings(committed_db, rounds):
    race(connection.settings_dict["NAME"], make_pairs(rounds), CARELESS="1")
    assert rings() > 0
