"""screenshots: the demo's pages as a person sees them, for docs/ and for looking at after every change."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand, CommandError

from community.models import Member, Standing
from feedback.models import Release

FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --disable-background-networking --disable-component-update --disable-sync"
WIDTHS, THEMES, LANGUAGES = (360, 1280), ("light", "dark"), ("en", "zh-hans")
# What docs/ shows; --all takes every page in every width, theme and language.
SHOWN = {"home-1280-light-en", "post-1280-light-en", "suggestions-360-dark-en", "suggestions-360-light-zh-hans",
         "roadmap-1280-light-en", "release-1280-light-en", "triage-1280-light-en", "post-360-light-zh-hans"}  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """A page as one kind of visitor sees it; `who` is a demo account's mail address, empty for a visitor."""

    name: str
    path: str
    who: str = "fan@demo.sprout"


class Command(BaseCommand):
    """Starts the site on a free port, walks the pages in Chromium, and leaves one PNG each."""

    help = "Takes pictures of the demo's pages into docs/pictures/ (or --out)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, default=settings.ROOT / "docs" / "pictures")
        parser.add_argument("--all", action="store_true", help="every page in every width, theme and language")
        parser.add_argument("--page", action="append", default=[], help="only pages of this name")

    def handle(self, *args: Any, **options: Any) -> None:
        browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if not browser or find_spec("playwright") is None:
            raise CommandError(
                "Pictures need Chromium on the path and the test environment: run `python3 manage.py test` once."
            )
        if not Member.objects.filter(is_demo=True).exists():
            raise CommandError("Pictures are taken of the demo community: run `python3 manage.py demo` first.")
        shots = [shot for shot in demo_shots() if not options["page"] or shot.name in options["page"]]
        sessions = {who: session_of(who) for who in {shot.who for shot in shots} if who}
        options["out"].mkdir(parents=True, exist_ok=True)
        with running_site() as address:
            for path in take(shots, sessions, address, browser, options):
                self.stdout.write(str(path))


def demo_shots() -> list[Shot]:
    """The pages worth looking at, with the liveliest suggestion and the newest release."""
    liveliest = Standing.objects.listed().suggestions().filter(answered=True).order_by("-comments").select_related("post")[0]
    release = Release.objects.shipped()[0]
    fan = Member.objects.get(email="fan@demo.sprout")
    return [
        Shot("home", "/", ""),
        Shot("suggestions", "/suggestions/"),
        Shot("post", liveliest.post.get_absolute_url()),
        Shot("new", "/posts/new/"),
        Shot("roadmap", "/roadmap/", ""),
        Shot("releases", "/releases/", ""),
        Shot("release", release.get_absolute_url()),
        Shot("member", fan.get_absolute_url()),
        Shot("community", "/community/", ""),
        Shot("honours", "/honours/"),
        Shot("points", "/me/points/"),
        Shot("notices", "/me/notices/"),
        Shot("settings", "/me/settings/"),
        Shot("sign-in", "/accounts/login/", ""),
        Shot("triage", "/admin/feedback/suggestion/", "staff@demo.sprout"),
        Shot("case", f"/admin/feedback/suggestion/{liveliest.pk}/change/", "staff@demo.sprout"),
        Shot("admin", "/admin/", "admin@demo.sprout"),
    ]


def session_of(mail: str) -> str:
    """The key of a fresh session of this demo member."""
    member = Member.objects.get(email=mail)
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@contextmanager
def running_site() -> Iterator[str]:
    """The address of a site of our own, with the settings of this command, until the pictures are taken."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
        "--no-control-socket",
    ]
    site = subprocess.Popen([*command, "--log-level", "error"], cwd=settings.ROOT)
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)  # noqa: S310 - our own address
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        site.terminate()
        site.wait(10)


def take(shots: list[Shot], sessions: dict[str, str], address: str, browser: str, options: dict[str, Any]) -> Iterator[Path]:
    """One picture after the other; only the ones docs/ shows, unless all are asked for."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=FLAGS.split())
        for shot, width, theme, language in product(shots, WIDTHS, THEMES, LANGUAGES):
            name = f"{shot.name}-{width}-{theme}-{language}"
            if not options["all"] and not options["page"] and name not in SHOWN:
                continue
            tab = chromium.new_context(
                viewport={"width": width, "height": 900 if width > 600 else 780}, color_scheme=cast(Any, theme)
            )
            cookies = {"django_language": language, "theme": theme} | ({"session": sessions[shot.who]} if shot.who else {})
            tab.add_cookies([{"name": key, "value": value, "url": address} for key, value in cookies.items()])
            page = tab.new_page()
            page.goto(address + shot.path, wait_until="networkidle")
            path = options["out"] / f"{name}.png"
            page.screenshot(path=str(path), full_page=bool(options["all"] or options["page"]))
            tab.close()
            yield path
        chromium.close()
