"""A page elsewhere can make nobody here do anything, and looking at things changes none."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from community.models import Notice
from tests.attacks.routes import patterns, routes
from tests.attacks.secrets import build
from tests.attacks.test_leak_matrix import addresses
from tests.factories import make_admin, make_member, make_suggestion

pytestmark = pytest.mark.django_db
EXEMPT = {"mail/unsubscribe/<str:token>/"}  # RFC 8058: its token stands in the address
UNSAFE = ["post", "put", "patch", "delete"]
# What a visit leaves behind on purpose: that the member was here, how far they read, and the session itself.
VISITS = {"community_memberday", "community_readmark", "django_session"}
VISIT_FIELDS = ("active_days", "reads", "last_login", "read_at")  # a notice of what is before one's eyes is read


def sample(route: str, post) -> str:
    """An address of the route with things in it that exist."""
    plain = re.sub(r"^(.*?)\^?\(\?P<app_label>[^)]*\)", r"\1community", route).replace("(?P<url>.*)$", "nowhere/").rstrip("$")
    values = {"username": post.author.username, "slug": post.slug, "token": "made-up", "way": "merge", "kind": "post"}
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found[1], post.pk)), plain)


@pytest.fixture
def post(db, settings, caplog):
    settings.RATE_LIMITS = False
    caplog.set_level("ERROR", "django.security.csrf")
    return make_suggestion("A wish", author=make_member("Mara")).post


def strict_client(member) -> Client:
    Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={})
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    return client


def digest_of_everything() -> dict[str, str]:
    """Each table's rows as one number; only what a visit leaves is left out."""
    tables, said = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - VISITS, {}
    with connection.cursor() as cursor:
        for table in sorted(tables & set(connection.introspection.table_names(cursor))):
            row = f"to_jsonb(t) - '{{{','.join(VISIT_FIELDS)}}}'::text[]"
            cursor.execute(f"SELECT md5(coalesce(string_agg(({row})::text, ';' ORDER BY ({row})::text), '')) FROM {table} t")  # noqa: S608
            said[table] = cursor.fetchone()[0]
    return said


def test_no_route_takes_a_write_without_a_token(post):
    client, before, taken = strict_client(make_admin()), digest_of_everything(), {}
    for route in set(routes()) - EXEMPT:
        for method in UNSAFE:
            # Sent as the API reads it, so that it is the missing token that is refused.
            code = getattr(client, method)(sample(route, post), content_type="application/json").status_code
            if code not in (403, 404, 405):
                taken[method, route] = code
    assert taken == {} and digest_of_everything() == before


@pytest.mark.parametrize("origin", ["https://evil.example", "http://testserver.evil.example", "null", "http://testserver:81"])
def test_a_token_from_another_origin_is_no_token(post, origin):
    client = strict_client(post.author)
    token = client.get("/session/").json()["token"]
    said = {"title": "Taken over", "body": "x", "csrfmiddlewaretoken": token}
    assert client.post(f"/posts/{post.pk}/edit/", said, HTTP_ORIGIN=origin).status_code == 403
    assert client.post(f"/posts/{post.pk}/edit/", said, HTTP_ORIGIN="http://testserver").status_code == 302


def test_only_the_way_out_of_a_mail_is_exempt():
    """By the views themselves. The API's are exempt for Django, and check sessions on their own (see above)."""
    exempt = {route for route, pattern in patterns() if getattr(pattern.callback, "csrf_exempt", False)}
    assert {route for route in exempt if not route.startswith("api/")} == EXEMPT


def test_without_the_check_writes_are_taken(post):
    """The control: the addresses and the member are right, it is the token that was missing."""
    client = Client()
    client.force_login(post.author)
    assert client.post(f"/posts/{post.pk}/delete/").status_code == 302
    post.refresh_from_db()
    assert post.state == "deleted"


@pytest.mark.parametrize("kind", ["member", pytest.param("author", marks=pytest.mark.slow)])
def test_looking_at_every_page_changes_nothing(client, settings, kind):
    settings.RATE_LIMITS = False
    world = build(timezone.now() - timedelta(hours=1))
    client.force_login(world.people[kind])
    asked, before = addresses(world), digest_of_everything()
    for address in asked:
        client.get(address)
        client.head(address)
    changed = {table for table, said in digest_of_everything().items() if said != before[table]}
    assert changed == set() and Notice.objects.filter(member=world.people["author"]).exists()


def test_looking_at_every_page_of_the_admin_changes_nothing(post):
    client = strict_client(make_admin())
    before = digest_of_everything()
    for route in routes():
        if route.startswith("admin/") and "logout" not in route:
            assert client.get(sample(route, post)).status_code < 500, route
    assert digest_of_everything() == before


def test_the_fingerprint_sees_a_change_of_one_field(post):
    """The control of the two above."""
    before = digest_of_everything()
    type(post).objects.filter(pk=post.pk).update(title="Another")
    assert {table for table, said in digest_of_everything().items() if said != before[table]} == {"community_post"}


@pytest.mark.parametrize("kind", ["anonymous", "member"])
def test_nobody_but_staff_gets_anywhere_in_the_admin(post, client, kind):
    if kind == "member":
        client.force_login(post.author)
    for route in (route for route in routes() if route.startswith("admin/")):
        for method in ("get", "post"):
            assert getattr(client, method)(sample(route, post)).status_code in ((302,) if kind == "anonymous" else (403,)), (
                route
            )
