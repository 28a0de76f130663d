"""What manage.py does before Django sees the command."""

import sys

import pytest

from config import door
from config.progress import Refusal


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"DATABASE_URL": "localhost/sprout"}, "DATABASE_URL is not an address"),
        ({"DATABASE_URL": "sqlite:///db"}, "postgresql://user:password@host/database"),
        ({"REDIS_URL": "amqp://localhost"}, "REDIS_URL is not an address"),
        ({"SITE_URL": "feedback.example.org"}, "SITE_URL is not an address"),
        ({"PORT": "80a"}, "PORT is '80a' and not a number"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES is '-1' and not a number"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_with_an_example(environment, word):
    with pytest.raises(Refusal) as told:
        door.check_environment(environment)
    assert word in str(told.value) and "\n" not in str(told.value)


@pytest.mark.parametrize("environment", [{}, {"DATABASE_URL": "", "PORT": "8000"}, {"REDIS_URL": "rediss://cache:6380/1"}])
def test_what_can_be_used_passes(environment):
    door.check_environment(environment)


def test_a_refusal_is_one_sentence_on_stderr_and_exit_code_1(monkeypatch, capsys):
    monkeypatch.setenv("REDIS_URL", "nonsense")
    assert door.main(["manage.py", "doctor"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1


def test_an_environment_without_django_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(door.importlib.util, "find_spec", lambda name: None)
    assert door.main(["manage.py", "doctor"]) == 1
    assert "django is missing in this environment: `pip install -r requirements.txt`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "ordered"),
    [
        ([], ["-n", "auto"]),
        (["--slow", "-k", "vote"], ["-n", "auto", "--slow", "-k", "vote"]),
        (["-n0", "-x"], ["-n0", "-x"]),
        (["--pdb"], ["--pdb"]),
    ],
)
def test_tests_run_on_every_core_unless_told_otherwise(monkeypatch, given, ordered):
    went = []
    monkeypatch.setattr(door.os, "execv", lambda program, arguments: went.extend(arguments))
    door.run_tests(given)
    assert went == [sys.executable, "-m", "pytest", *ordered]
