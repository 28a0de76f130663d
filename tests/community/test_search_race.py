"""Two workers read the same posts into the index at once: the counts of words are right all the same."""

import threading

from django.db import connection, connections

from community.models import SearchEntry, SearchWord
from community.search.index import EVERYTHING, index
from tests.factories import make_board, make_member, make_post


def counted_anew() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lexeme, count(*) FROM community_searchentry, unnest(words) GROUP BY lexeme")
        return dict(cursor.fetchall()) | {EVERYTHING: SearchEntry.objects.count()}


def kept() -> dict[str, int]:
    return dict(SearchWord.objects.filter(entries__gt=0).values_list("word", "entries"))


def race(keys, workers: int = 4, rounds: int = 4) -> list[BaseException]:
    """All workers read the same keys, as often as told, starting together."""
    start, faults = threading.Barrier(workers), []

    def work() -> None:
        try:
            start.wait(30)
            for _round in range(rounds):
                index(keys)
        except BaseException as fault:  # noqa: BLE001 - told to the test
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return faults


def plant(count: int) -> list[tuple[int, int]]:
    author, board = make_member("Mara"), make_board("battery")
    posts = [make_post(f"Battery and alarm {number}", author=author, board=board) for number in range(count)]
    return [(post.pk, 0) for post in posts]


def test_four_workers_with_the_same_posts_count_each_word_once(committed_db):
    keys = plant(8)
    assert race(keys) == []
    assert kept() == counted_anew() and kept()[EVERYTHING] == 8
