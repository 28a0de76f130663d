"""What stands in the way of a start is said in one sentence."""

import os
import socket

import pytest
from django.db import connections
from psycopg2 import sql

from config import preflight
from config.progress import Refusal
from tests import databases


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_busy_port_is_named_with_a_way_out(taken):
    with pytest.raises(Refusal, match=rf"^Port {taken} on 127.0.0.1 is busy: .* `PORT={taken + 1} python3 manage.py up`\.$"):
        preflight.check_port("127.0.0.1", taken)


def test_a_port_that_was_just_left_is_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    preflight.check_port("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_named():
    with pytest.raises(Refusal, match="cannot listen on 203.0.113.7:80.*change BIND or PORT"):
        preflight.check_port("203.0.113.7", 80)


def test_two_from_one_data_directory_are_one_too_many(tmp_path):
    with preflight.hold_data_dir(tmp_path, "http://127.0.0.1:8000"):
        with pytest.raises(Refusal, match=r"already runs from .* at http://127\.0\.0\.1:8000"):
            preflight.hold_data_dir(tmp_path, "http://127.0.0.1:9000")
    preflight.hold_data_dir(tmp_path, "http://127.0.0.1:9000").close()


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match="cannot be written"):
        preflight.hold_data_dir(tmp_path / "file" / "data", "")


@pytest.mark.parametrize(
    ("url", "gist"),
    [("redis://127.0.0.1:1/0", "refused"), ("redis://nowhere.invalid:6379/0", ""), ("http://127.0.0.1/", "scheme")],
)
def test_a_broker_that_is_not_there_is_one_sentence(url, gist):
    with pytest.raises(Refusal, match=rf"^REDIS_URL does not lead to a Redis: .*{gist}.*\.$") as told:
        preflight.check_broker(url)
    assert "\n" not in str(told.value)


def test_a_broker_that_answers_is_fine():
    preflight.check_broker(os.environ["REDIS_URL"])


@pytest.mark.parametrize(
    "change", [{"HOST": "/nowhere", "OPTIONS": {}}, {"PASSWORD": "wr0ng-and-secret"}, {"NAME": "no_such_database"}]
)
def test_a_database_that_is_not_there_is_one_sentence_without_the_password(committed_db, monkeypatch, change):
    if "PASSWORD" in change and not databases.here.embedded:
        pytest.skip("this server may trust everybody")
    for key, value in change.items():
        monkeypatch.setitem(connections["default"].settings_dict, key, value)
    with pytest.raises(Refusal, match=r"^DATABASE_URL does not lead to a database: ") as told:
        preflight.check_database()
    assert "\n" not in str(told.value) and "wr0ng" not in str(told.value)


def test_the_database_we_make_is_fine(committed_db):
    preflight.check_database()


@pytest.fixture
def odd_database():
    """Makes an empty database from the words of a person who did not read ours."""
    name = f"{databases.here.database}_odd"

    def make(words):
        with databases._server() as cursor:
            provider = " LOCALE_PROVIDER libc" if cursor.connection.server_version >= 150000 else ""
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 " + words + provider).format(sql.Identifier(name)))
        return name

    yield make
    databases.drop(name)


def test_a_database_blind_to_chinese_is_one_sentence_with_the_way_out(django_db_blocker, odd_database):
    name = odd_database("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    with (
        django_db_blocker.unblock(),
        databases.pointing_at(name),
        pytest.raises(Refusal, match="cannot see Chinese.*--lc-ctype=C.UTF-8"),
    ):
        preflight.check_database()


def test_a_database_in_another_encoding_is_one_sentence(django_db_blocker, odd_database):
    name = odd_database("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    with django_db_blocker.unblock(), databases.pointing_at(name), pytest.raises(Refusal, match="encoded in LATIN1"):
        preflight.check_database()


def test_a_migrated_database_is_not_behind(committed_db):
    assert preflight.pending_migrations() == 0


def test_an_empty_database_is_behind(django_db_blocker, odd_database):
    name = odd_database("ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
    with django_db_blocker.unblock(), databases.pointing_at(name):
        assert preflight.pending_migrations() > 20
