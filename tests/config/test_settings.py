"""Production refuses to start on a setting that would open it, each time in one sentence."""

import os
import subprocess
import sys

import pytest

SAFE = {
    "SITE_URL": "https://feedback.example.com",
    "SECRET_KEY": "k9f2Lq7Zx1Rt" * 5,
    "DATABASE_URL": "postgresql://sprout@db/sprout",
    "REDIS_URL": "redis://cache:6379/0",
    "EMAIL_URL": "smtp://mail:25",
}


def start(**said):
    """What importing the settings answers in a process of its own: its exit code and last line."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    env = kept | {name: value for name, value in (SAFE | said).items() if value is not None}
    run = subprocess.run([sys.executable, "-c", "import config.settings"], env=env, capture_output=True, text=True)
    return run.returncode, (run.stderr.strip().splitlines() or [""])[-1]


def test_a_safe_production_starts():
    assert start() == (0, "")


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me" * 8}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SITE_URL": "http://feedback.example.com"}, "SITE_URL"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DEMO": "1"}, "DEMO"),
        ({"RATE_LIMITS": "off"}, "RATE_LIMITS"),
    ],
)
def test_an_unsafe_production_refuses_and_names_the_setting(said, word):
    code, sentence = start(**said)
    assert code != 0 and word in sentence and sentence.startswith("django.core.exceptions.ImproperlyConfigured: ")


def test_one_machine_with_embedded_servers_starts_with_nothing_set():
    alone = dict.fromkeys(SAFE)
    assert start(**alone, SPROUT_EMBEDDED="postgres,redis")[0] == 0


def test_check_deploy_is_clean_in_production():
    env = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}} | SAFE
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    run = subprocess.run(command, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
