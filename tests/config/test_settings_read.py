"""What the settings make of an environment: addresses, names of cookies, who is trusted; read as a module, in no time."""

import importlib.util
import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import settings as known

LONG = "k9f2Lq7Zx1Rt" * 5
NAMES = (
    "SITE_URL SECRET_KEY DEBUG DEMO ALLOWED_HOSTS RATE_LIMITS TRUSTED_PROXIES SPROUT_EMBEDDED EMAIL_URL MAIL_FROM PORT".split()
)


@pytest.fixture
def read(monkeypatch):
    """The settings as an environment of these words alone makes them."""

    def run(**said):
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in said.items():
            monkeypatch.setenv(name, value)
        spec = importlib.util.spec_from_file_location("settings_once", known.__file__)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return run


@pytest.fixture
def production(read):
    """Settings of a site in the open, with some of them as given."""

    def run(**changed):
        module = read(SITE_URL="https://feedback.example.org", SECRET_KEY=LONG)
        for name, value in changed.items():
            setattr(module, name, value)
        return module

    return run


def test_nothing_set_is_a_site_on_this_machine(read):
    alone = read()
    assert (alone.SITE_URL, alone.LOOPBACK, alone.DEBUG, alone.HTTPS) == ("http://127.0.0.1:8000", True, False, False)
    assert alone.ALLOWED_HOSTS == ["127.0.0.1", "localhost", "127.0.0.1", "[::1]"]
    assert alone.EMAIL_BACKEND == "community.mail_file.EmlBackend"


def test_the_port_is_in_the_address_of_a_site_without_one(read):
    assert read(PORT="8107").SITE_URL == "http://127.0.0.1:8107"


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000", "https://localhost/"])
def test_this_machine_has_three_names(read, url):
    assert read(SITE_URL=url).LOOPBACK and not read(SITE_URL=url).SITE_URL.endswith("/")


@pytest.mark.parametrize("url", ["https://localhost.example.org", "https://127.0.0.1.example.org", "https://example.org"])
def test_what_only_begins_like_this_machine_is_elsewhere(read, url):
    elsewhere = read(SITE_URL=url)
    assert not elsewhere.LOOPBACK and [url.removeprefix("https://")] == elsewhere.ALLOWED_HOSTS


def test_behind_https_cookies_are_bound_to_the_host_and_all_else_leads_there(read):
    site = read(SITE_URL="https://feedback.example.org")
    assert (site.SESSION_COOKIE_NAME, site.CSRF_COOKIE_NAME) == ("__Host-session", "__Host-csrf")
    assert site.SESSION_COOKIE_SECURE and site.CSRF_COOKIE_SECURE and site.SECURE_SSL_REDIRECT
    assert site.SECURE_HSTS_SECONDS > 365 * 24 * 3600 and site.SECURE_REDIRECT_EXEMPT == [r"^healthz$", r"^readyz$"]


def test_without_https_no_browser_is_told_to_insist_on_it(read):
    site = read()
    assert (site.SESSION_COOKIE_NAME, site.SECURE_HSTS_SECONDS, site.SECURE_SSL_REDIRECT) == ("session", 0, False)


def test_no_script_reads_a_cookie_with_or_without_https(read):
    for url in ("http://127.0.0.1", "https://feedback.example.org"):
        site = read(SITE_URL=url)
        assert site.SESSION_COOKIE_HTTPONLY and site.CSRF_COOKIE_HTTPONLY


@pytest.mark.parametrize(
    ("proxies", "header"), [("0", None), ("1", ("HTTP_X_FORWARDED_PROTO", "https")), ("2", ("HTTP_X_FORWARDED_PROTO", "https"))]
)
def test_what_a_proxy_says_is_believed_only_where_there_is_one(read, proxies, header):
    site = read(TRUSTED_PROXIES=proxies)
    assert getattr(site, "SECURE_PROXY_SSL_HEADER", None) == header
    assert int(proxies) == site.ALLAUTH_TRUSTED_PROXY_COUNT


@pytest.mark.parametrize(
    ("url", "backend"), [("smtp://mail:25", "smtp"), ("smtp+tls://u:p@mail:587", "smtp"), ("consolemail://", "console")]
)
def test_a_mail_server_is_one_address(read, url, backend):
    assert f"django.core.mail.backends.{backend}.EmailBackend" == read(EMAIL_URL=url).EMAIL_BACKEND


def test_mails_come_from_the_site_unless_said_otherwise(read):
    assert read(SITE_URL="https://fans.example.org").DEFAULT_FROM_EMAIL == "Sprout <sprout@fans.example.org>"
    assert read(MAIL_FROM="Linden <hi@linden.example>").SERVER_EMAIL == "Linden <hi@linden.example>"


@pytest.mark.parametrize(("said", "on"), [("on", True), ("off", False), ("0", True), ("OFF", True), ("", True)])
def test_limits_are_off_by_one_word_alone(read, said, on):
    assert read(RATE_LIMITS=said).RATE_LIMITS is on


def test_the_demo_shows_itself_only_where_everything_is_ours(read):
    assert read(SPROUT_EMBEDDED="postgres,redis").DEMO is True
    assert read().DEMO is False and read(SPROUT_EMBEDDED="postgres", SITE_URL="https://x.example").DEMO is False


@pytest.mark.parametrize("said", [{"DEBUG": "1"}, {"RATE_LIMITS": "off"}])
def test_in_the_open_neither_insides_are_shown_nor_limits_lifted(read, said):
    with pytest.raises(ImproperlyConfigured, match=f"^{next(iter(said))}=.* is refused unless SITE_URL is loopback") as told:
        read(SITE_URL="https://feedback.example.org", **said)
    assert "\n" not in str(told.value)


def test_a_safe_site_in_the_open_is_refused_nothing(production):
    production().refuse_unsafe()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing or a placeholder"),
        ({"SECRET_KEY": "x" * 49}, "SECRET_KEY is missing or a placeholder"),
        ({"SECRET_KEY": "ChangeThisBeforeYouStart" * 3}, "SECRET_KEY is missing or a placeholder"),
        ({"SECRET_KEY": "MySecretKey0123456789" * 3}, "SECRET_KEY is missing or a placeholder"),
        ({"ALLOWED_HOSTS": ["feedback.example.org", "*"]}, "ALLOWED_HOSTS may not be"),
        ({"HTTPS": False}, "SITE_URL must begin with https://"),
        ({"DEMO": True}, "DEMO=1 has known passwords"),
    ],
)
def test_each_refusal_is_one_sentence_that_names_its_setting(production, changed, sentence):
    with pytest.raises(ImproperlyConfigured, match=f"^{sentence}") as told:
        production(**changed).refuse_unsafe()
    assert "\n" not in str(told.value) and str(told.value).endswith(".")


def test_every_style_and_script_is_our_own(read):
    rules = read().CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert not any("unsafe" in str(value) for values in rules.values() for value in values)
    assert {name: list(rules[name]) for name in ("object-src", "base-uri", "frame-ancestors")} == {
        name: ["'none'"] for name in ("object-src", "base-uri", "frame-ancestors")
    }


def test_what_is_unpacked_last_is_packed_before_any_header_is_read(read):
    order = [name.rsplit(".", 1)[1] for name in read().MIDDLEWARE]
    assert order[0] == "SecurityMiddleware" and order.index("SessionMiddleware") < order.index("AuthenticationMiddleware")
    assert order.index("GZipMiddleware") < order.index("CSPMiddleware")
    assert order.index("AuthenticationMiddleware") < order.index("MemberMiddleware") < order.index("SecondFactorMiddleware")


def test_the_names_of_the_environment_are_those_the_map_names():
    told = (Path(known.__file__).parent.parent / "docs" / "operate.md").read_text("utf-8")
    assert [name for name in NAMES if name not in told and name != "SPROUT_EMBEDDED"] == []
    assert "DJANGO_SETTINGS_MODULE" in os.environ
