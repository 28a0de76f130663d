"""What we ask of processes: whether they live, and that they end with whoever started them."""

import os
import signal
import subprocess
import sys
import time

import pytest

from config.processes import alive, stop_orphan
from tests.environment import ROOT
from tests.waiting import until

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a gift of this kernel")


def python(code, **more):
    order = [sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv[1])\n" + code, str(ROOT)]
    return subprocess.Popen(order, stdout=subprocess.PIPE, text=True, **more)


def orphan(code):
    """The pid of a process whose parent is not us."""
    with python(
        "import subprocess\n"
        f"child = subprocess.Popen([sys.executable, '-c', {code!r}], stdout=subprocess.PIPE, text=True)\n"
        "child.stdout.readline(); print(child.pid, flush=True)"
    ) as parent:
        return int(parent.stdout.readline())


def test_we_are_alive_and_nobody_is_not():
    assert alive(os.getpid())
    assert not alive(2**22 - 7)


@LINUX
def test_one_that_waits_to_be_mourned_is_not_alive():
    child = subprocess.Popen(["true"])
    until(lambda: not alive(child.pid))  # it is a zombie: nobody has waited for it
    assert child.returncode is None
    child.wait()


def test_another_account_s_process_is_alive_all_the_same():
    assert alive(1)


def test_an_orphan_ends_when_it_is_asked():
    pid = orphan("import time; print('up', flush=True); time.sleep(300)")
    begun = time.monotonic()
    stop_orphan(pid, signal.SIGTERM)
    assert not alive(pid) and time.monotonic() - begun < 9


def test_an_orphan_that_does_not_listen_is_killed():
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(300)"
    pid = orphan(deaf)
    stop_orphan(pid, signal.SIGTERM, patience=0.3)
    assert not alive(pid)


def test_an_orphan_that_is_gone_already_is_no_trouble():
    stop_orphan(2**22 - 7, signal.SIGTERM)


@LINUX
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_child_that_is_bound_ends_with_its_parent(end):
    parent = python(
        "import os, signal, time\n"
        "from config.processes import die_with_parent\n"
        "me = os.getpid()\n"
        "if os.fork() == 0:\n"
        "    die_with_parent(signal.SIGTERM, me); print(os.getpid(), flush=True); time.sleep(300)\n"
        "time.sleep(300)\n"
    )
    child = int(parent.stdout.readline())
    parent.send_signal(end)
    parent.wait()
    until(lambda: not alive(child))


@LINUX
def test_a_child_that_asks_too_late_ends_at_once():
    # Its parent had already gone when it asked: the kernel would never send the word.
    child = python(
        "import signal, time\n"
        "from config.processes import die_with_parent\n"
        "die_with_parent(signal.SIGTERM, 1 if __import__('os').getppid() != 1 else 2)\n"
        "time.sleep(300)\n"
    )
    assert child.wait(30) == -signal.SIGTERM


@LINUX
def test_a_process_can_be_called_by_its_part():
    named = python(
        "from config.processes import call_myself; call_myself('sprout-worker'); print(open('/proc/self/comm').read())"
    )
    assert named.communicate()[0].strip() == "sprout-worker"
