"""Several parts run as one: what dies comes back, and nothing is left behind. Real processes throughout."""

import os
import signal
import subprocess
import sys
import time

import pytest

from config.processes import alive
from tests.environment import ROOT
from tests.waiting import until

# A whole of parts that say their pid and then do as their name says.
WHOLE = """
import os, signal, subprocess, sys, time
sys.path.insert(0, sys.argv[1])
from config.supervisor import Part, Supervisor

def say(text):
    print(text, flush=True)

def steady():
    say(f"pid {os.getpid()}")
    while True:
        time.sleep(0.05)

def polite():
    signal.signal(signal.SIGTERM, lambda *_: (say("finishing"), time.sleep(0.3), say("finished"), sys.exit(0)))
    steady()

def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGQUIT, signal.SIG_IGN)
    steady()

def parent():
    child = subprocess.Popen(["sleep", "300"])
    say(f"child {child.pid}")
    steady()

def doomed():
    say("about to fail")
    raise RuntimeError("a fault of its own")

def loud():
    sys.stdout.write("a line\\nhalf a line" + "x" * 70000)
    sys.stdout.flush()
    sys.exit(3)

parts = [Part(name, globals()[name], patience=1.0) for name in sys.argv[2:]]
for part in parts:
    part.at_once = signal.SIGQUIT
Supervisor(parts, out=sys.stdout.buffer, colour=False, on_tick=lambda: None).run()
print("sprout | the end", flush=True)
"""


class Whole:
    """A running supervisor and the lines it has passed on."""

    def __init__(self, log, *names):
        self.log = log
        with open(log, "wb") as out:
            order = [sys.executable, "-c", WHOLE, ROOT, *names]
            self.process = subprocess.Popen(order, stdout=out, stderr=out, start_new_session=True)

    def lines(self, *words):
        return [line for line in self.log.read_text().splitlines() if all(word in line for word in words)]

    def number(self, part, word="pid", at=0):
        """The pid that the part said, in its first or a later life."""
        found = until(lambda: self.lines(f"{part} ", f"| {word} ")[at:])
        return int(found[0].split()[-1])

    def tell(self, word, within=10):
        self.process.send_signal(word)
        return self.process.wait(within)


@pytest.fixture
def whole(tmp_path):
    running = []

    def start(*names):
        running.append(Whole(tmp_path / "log", *names))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()


def test_every_line_says_who_said_it(whole):
    site = whole("steady", "polite")
    site.number("steady"), site.number("polite")
    assert site.lines("steady | pid") and site.lines("polite | pid")


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_told_to_stop_it_leaves_no_part_behind(whole, word):
    site = whole("steady", "polite")
    pids = [site.number("steady"), site.number("polite")]
    assert site.tell(word) == 0
    assert not any(alive(pid) for pid in pids)
    assert site.lines()[-1] == "sprout | the end"


def test_started_under_nohup_it_outlives_its_terminal(whole):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which a child inherits, as from nohup
    try:
        site = whole("steady")
    finally:
        signal.signal(signal.SIGHUP, before)
    pid = site.number("steady")
    site.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert site.process.poll() is None and alive(pid)


def test_a_part_may_finish_what_it_has_in_hand(whole):
    site = whole("polite")
    site.number("polite")
    site.tell(signal.SIGTERM)
    assert site.lines("polite | finished")


def test_the_parts_end_in_order_the_last_named_first(whole):
    site = whole("polite", "steady")
    first, last = site.number("polite"), site.number("steady")
    site.process.send_signal(signal.SIGTERM)
    until(lambda: site.lines("finishing"))
    assert alive(first) and not alive(last)


def test_a_part_that_does_not_listen_is_ended_all_the_same(whole):
    site = whole("deaf")
    pid = site.number("deaf")
    assert site.tell(signal.SIGTERM, within=15) == 0
    assert not alive(pid)


def test_asked_twice_it_has_no_more_patience(whole):
    site = whole("deaf")
    site.number("deaf")
    begun = time.monotonic()
    site.process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    site.tell(signal.SIGINT)
    assert time.monotonic() - begun < 0.9  # its patience alone is a second


def test_a_killed_part_comes_back(whole):
    site = whole("steady", "polite")
    before, untouched = site.number("steady"), site.number("polite")
    os.kill(before, signal.SIGKILL)
    assert site.number("steady", at=1) != before
    assert alive(untouched)
    assert site.lines("sprout", "steady ended (SIGKILL); it starts again in")


def test_what_a_killed_part_had_started_is_gone_before_it_comes_back(whole):
    site = whole("parent")
    child, pid = site.number("parent", "child"), site.number("parent")
    os.kill(pid, signal.SIGKILL)
    site.number("parent", at=1)
    assert not alive(child)


def test_a_part_that_keeps_dying_comes_back_ever_more_slowly(whole):
    site = whole("doomed")
    until(lambda: len(site.lines("it starts again in")) >= 3)
    pauses = [float(line.rpartition(" in ")[2].split()[0]) for line in site.lines("it starts again in")]
    assert pauses[0] < pauses[1] < pauses[2]
    assert site.lines("doomed | RuntimeError: a fault of its own")


def test_last_words_without_a_line_end_and_very_long_ones_are_passed_on(whole):
    site = whole("loud")
    until(lambda: site.lines("loud ended (exit code 3)"))
    assert site.lines("| a line")
    assert len(site.lines("xxx")[0]) > 60000


def test_a_killed_supervisor_leaves_no_orphan(whole):
    site = whole("steady", "polite", "parent")
    pids = [site.number("steady"), site.number("polite"), site.number("parent")]
    site.process.kill()
    until(lambda: not any(alive(pid) for pid in pids))


def test_a_supervisor_in_a_shells_background_leaves_no_orphan_either(whole):
    # What a shell does to a background job, and nohup to any: the ignored signals come with it.
    before = {word: signal.signal(word, signal.SIG_IGN) for word in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)}
    try:
        site = whole("steady", "polite", "parent")
        pids = [site.number("steady"), site.number("polite"), site.number("parent")]
    finally:
        for word, handler in before.items():
            signal.signal(word, handler)
    site.process.kill()
    until(lambda: not any(alive(pid) for pid in pids))


def test_a_reader_that_went_away_does_not_stop_the_site(tmp_path):
    order = [sys.executable, "-c", WHOLE, ROOT, "steady"]
    site = subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    before = int(site.stdout.readline().split()[-1])
    site.stdout.close()
    os.kill(before, signal.SIGKILL)
    time.sleep(1)
    assert site.poll() is None
    site.terminate()
    site.wait(10)
