"""How the embedded PostgreSQL is addressed, tuned and furnished."""

import os
import shutil
from pathlib import Path

import environ
import pytest

from config.place import Place
from config.postgres import FORGETFUL, LOCALE, LONGEST_FOLDER, TUNING, Postgres, furniture


@pytest.fixture
def place_at(tmp_path):
    """A place of an ordinary user below any path."""
    made = []

    def make(path):
        here = Place(path, path, None, None)
        here.keeping.mkdir(parents=True)
        made.append(Postgres(here, durable=True))
        return made[-1]

    yield make
    for server in made:
        server.clean_up()


def test_the_socket_lies_beside_the_data_where_its_path_is_short(place_at, tmp_path):
    short = Path("/tmp") / f"sprout-short-{os.getpid()}"
    server = place_at(short)
    assert server.sockets() == short / "run"
    shutil.rmtree(short)


@pytest.mark.parametrize("name", ["x" * LONGEST_FOLDER, "a b", "naïve", "comma,comma", "quo'te"])
def test_a_path_too_long_or_too_odd_gets_a_short_one(place_at, tmp_path, name):
    server = place_at(tmp_path / name)
    folder = server.sockets()
    assert str(folder).startswith("/tmp/sprout-") and folder.stat().st_mode & 0o777 == 0o700
    assert server.sockets() == folder  # remembered
    server.clean_up()
    assert not folder.exists()


def test_a_short_folder_that_somebody_took_away_is_made_again(place_at, tmp_path):
    server = place_at(tmp_path / "a b")
    first = server.sockets()
    first.rmdir()
    assert server.sockets() != first and server.sockets().is_dir()


def test_django_reads_both_addresses_as_they_are_meant(place_at, tmp_path):
    server = place_at(tmp_path / "data")
    for key, user in (("DATABASE_URL", "sprout"), ("MIGRATE_DATABASE_URL", "sprout_owner")):
        read = environ.Env.db_url_config(server.urls()[key])
        assert (read["USER"], read["NAME"], read["OPTIONS"]) == (user, "sprout", {"host": str(server.sockets())})
        assert len(read["PASSWORD"]) >= 40


def test_both_roles_have_passwords_of_their_own(place_at, tmp_path):
    server = place_at(tmp_path / "data")
    assert len({server.password, server.owner_password, server.app_password}) == 3


def test_no_password_is_on_the_command_line(place_at, tmp_path):
    server = place_at(tmp_path / "data")
    line = " ".join(server.command())
    assert not any(secret in line for secret in (server.password, server.owner_password, server.app_password))


def test_a_database_that_people_use_forgets_nothing(place_at, tmp_path):
    line = place_at(tmp_path / "data").command()
    assert not [word for word in line if word.startswith(("--fsync", "--synchronous_commit", "--full_page_writes"))]
    assert "--listen_addresses=" in line


def test_only_a_database_of_tests_is_forgetful(tmp_path):
    here = Place(tmp_path, tmp_path, None, None)
    here.keeping.mkdir()
    server = Postgres(here, durable=False)
    assert {f"--{key}={value}" for key, value in (TUNING | FORGETFUL).items()} <= set(server.command())
    server.clean_up()


def test_the_locale_is_said_and_not_inherited():
    assert {"--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"} < set(LOCALE)
    assert any(word.startswith("--lc-ctype=") and word.endswith("UTF-8") for word in LOCALE)


def test_the_furniture_can_be_set_up_again():
    text = furniture("one", "two")
    assert text.count("WHERE NOT EXISTS") == 3
    assert "ALTER ROLE sprout WITH LOGIN PASSWORD 'two';" in text
    assert "CREATEDB" in text.split("ALTER ROLE sprout_owner")[1].splitlines()[0]
