"""The doorbell never delays or fails whoever rings it, and rings at most once per pause."""

import time

import pytest

from community import doorbell
from community.doorbell import Doorbell


@pytest.fixture
def sent(monkeypatch):
    heard = []
    monkeypatch.setattr(doorbell.current_app, "send_task", lambda task, args, **_: heard.append(args[0]))
    return heard


def wait_for(heard, count):
    for _ in range(100):
        if len(heard) >= count:
            break
        time.sleep(0.02)
    time.sleep(0.05)
    return heard


def test_many_rings_within_the_pause_are_one(sent):
    bell = Doorbell()
    for _ in range(50):
        bell.ring(["a", "b"])
    assert wait_for(sent, 2) == ["a", "b"]


def test_a_broken_broker_does_not_reach_the_caller_and_is_left_in_peace(monkeypatch):
    tries = []

    def broken(*args, **kwargs):
        tries.append(args)
        raise ConnectionError("no broker")

    monkeypatch.setattr(doorbell.current_app, "send_task", broken)
    bell = Doorbell()
    bell.ring(["a"])
    wait_for(tries, 1)
    bell.ring(["a"])
    time.sleep(0.4)
    assert len(tries) == 1


def test_a_hanging_broker_holds_up_nobody_who_rings(monkeypatch):
    monkeypatch.setattr(doorbell.current_app, "send_task", lambda *_, **__: time.sleep(2))
    bell = Doorbell()
    bell.ring(["a"])
    time.sleep(0.3)
    started = time.monotonic()
    bell.ring(["b"])
    assert time.monotonic() - started < 1


def test_nothing_rings_where_the_settings_say_so(sent, settings):
    settings.DOORBELL = False
    doorbell.ring(["a"])
    time.sleep(0.3)
    assert sent == []
