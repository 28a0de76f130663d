"""Gunicorn serves as the environment says."""

import runpy

import pytest

from tests.environment import ROOT


@pytest.fixture
def read(monkeypatch):
    """The configuration as gunicorn would read it in the given environment."""

    def run(**environment):
        for name in ("BIND", "PORT", "WEB_CONCURRENCY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "config" / "gunicorn.py"))

    return run


def test_by_default_only_this_machine_is_served(read):
    assert read()["bind"] == "127.0.0.1:8000"


def test_address_and_workers_come_from_the_environment(read):
    found = read(BIND="0.0.0.0", PORT="9000", WEB_CONCURRENCY="5")
    assert (found["bind"], found["workers"]) == ("0.0.0.0:9000", 5)


def test_two_workers_of_four_threads_keep_their_connections(read):
    found = read()
    assert (found["workers"], found["threads"], found["worker_class"]) == (2, 4, "gthread")
    assert found["keepalive"] > 60


def test_no_proxy_is_believed_and_no_control_socket_opened(read):
    found = read()
    assert found["forwarded_allow_ips"] == "" and found["control_socket_disable"]


def test_gunicorn_itself_accepts_every_setting(read):
    from gunicorn.config import Config

    known = Config()
    for name, value in read().items():
        if not name.startswith("_") and name != "os":
            known.set(name, value)
