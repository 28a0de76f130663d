"""Whatever people can write by is screened: no page, key or kept act goes past."""

import ast

import pytest

from community import screening
from community.models import Hold
from community.screening import Answer, Manner, screen
from tests.factories import NOW, make_comment, make_post
from tests.test_architecture import ROOT

WRITES = {"write_post", "write_comment", "edit_post", "edit_comment"}
WAYS_IN = [path for app in ("community", "feedback", "rewards") for path in sorted((ROOT / app).rglob("*.py"))
           if "views" in path.parts or path.name in ("api.py", "pending_acts.py")]  # fmt: skip


def calls(path):
    """Each call of an operation that writes a text, with the names of its arguments."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in WRITES:
                yield name, {keyword.arg for keyword in node.keywords}


def test_every_page_and_endpoint_says_how_a_text_came_in():
    found = [(path.name, name, arguments) for path in WAYS_IN for name, arguments in calls(path)]
    assert len(found) >= 9
    assert not [(where, name) for where, name, arguments in found if "manner" not in arguments]


@pytest.fixture
def asked(monkeypatch):
    """The screens of this test alone: a name and what it answers."""

    def register(**answers):
        monkeypatch.setattr(
            screening, "REGISTER", {name: lambda _text, answer=answer: answer for name, answer in answers.items()}
        )

    return register


def test_without_a_screen_everything_is_let_through(asked):
    asked()
    assert screen(None) is None


def test_one_doubt_is_enough_and_all_reasons_are_told_once(asked):
    asked(b=Answer(("links", "words"), {"n": 1}), a=None, c=Answer(("words", "trap"), {"m": 2}))
    assert screen(None) == Answer(("links", "words", "trap"), {"n": 1, "m": 2})


@pytest.mark.django_db
def test_what_is_held_twice_waits_once_for_every_reason(board):
    post = make_post(board=board)
    for thing in (post, make_comment(post)):
        for answer in (Answer(("links",), {"n": 1}), Answer(("words", "links"), {"m": 2})):
            screening.keep_hold(thing, answer, at=NOW, fresh=False)
    assert [(row.reasons, row.signals) for row in Hold.objects.all()] == [(["links", "words"], {"n": 1, "m": 2})] * 2
    screening.settle_holds(post, at=NOW)
    assert [row.target_kind for row in Hold.objects.open()] == ["comment"]


@pytest.mark.django_db
@pytest.mark.usefixtures("screened")
@pytest.mark.parametrize("manner", [Manner(), Manner("page", 0, True), Manner("token", 0, True)])
def test_the_team_writes_as_it_likes(staff, board, manner):
    assert make_post("From the team", author=staff, board=board, manner=manner).state == "visible"
