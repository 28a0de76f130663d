"""`manage.py similar`: the index asked at the terminal."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from community.deliveries import drain
from feedback.models import SimilarText
from feedback.tasks import mend_similar
from tests.factories import make_board, make_staff, make_suggestion, make_team_board


def said(*arguments, **options):
    out = StringIO()
    call_command("similar", *arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_the_most_similar_stands_first_with_status_and_votes(db):
    dark = make_suggestion("Dark mode at night")
    make_suggestion("Night sounds")
    drain()
    first = said("dark night mode").splitlines()[0]
    assert f"#{dark.pk}" in first
    assert "[open, 1 votes]  Dark mode at night" in first


def test_a_machine_reads_one_line_of_json(db):
    dark = make_suggestion("Dark mode at night")
    drain()
    answer = json.loads(said("dark mode", json=True))
    assert answer["count"] == 1
    assert answer["results"][0]["post_id"] == dark.pk
    assert 0 < answer["results"][0]["score"] <= 1


def test_nothing_similar_is_said_in_words(db):
    assert said("dark mode") == "Nothing similar.\n"


def test_a_board_and_a_limit_narrow_the_answer(db):
    board = make_board("camera")
    inside = [make_suggestion(f"Dark mode {at}", board=board) for at in range(3)]
    make_suggestion("Dark mode elsewhere")
    drain()
    lines = said("dark mode", board="camera", limit=2).splitlines()
    assert [f"#{one.pk}" in line for one, line in zip(inside, lines, strict=False)] == [True, True]


def test_what_is_not_public_is_not_answered(db):
    make_suggestion("Dark mode", board=make_team_board("team"), author=make_staff())
    drain()
    assert said("dark mode") == "Nothing similar.\n"
    with pytest.raises(CommandError, match="There is no board team that anyone may see."):
        said("dark mode", board="team")


def test_a_title_is_needed(db):
    with pytest.raises(CommandError, match="Please give a title."):
        said()


def test_what_the_index_missed_is_read_on_request(db):
    make_suggestion("Dark mode")
    assert said("dark mode") == "Nothing similar.\n"
    assert "Dark mode" in said("dark mode", reindex=True)


def test_what_the_index_missed_is_read_every_night(db):
    make_suggestion("Dark mode")
    assert mend_similar() == 1
    assert SimilarText.objects.count() == 1
