"""What the pages weigh and how Lighthouse judges them on mobile settings: the demo community, as a visitor sees it.

The pages a member writes on are weighed once more, signed in: the same budgets hold for everybody.

Lighthouse comes from npm (`npm install --global lighthouse`, or npx fetches it), the browser is the machine's Chromium. Its
simulated phone takes the figures out of this machine's noise; the floor of each page is the "nothing here" page of the same run,
which is as light as a page with our frame can be.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from bench.figures import Bench, Figure, Missing
from bench.scratch import scratch_database
from community.models import Member, PostKind, Standing
from config.demo.load import load_demo
from config.management.commands.screenshots import FLAGS, running_site
from feedback.models import Release

ROOT = Path(__file__).resolve().parents[1]
Say = Callable[[str], None]
VERSION = "13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LINKED = re.compile(r'<(?:link[^>]+rel="stylesheet"[^>]+href|script[^>]+src)="([^"]+)"')
BUDGETS = {"html": 20.0, "css": 15.0, "js": 25.0, "all": 60.0}
FLOOR = "/nowhere/"
WRITTEN_ON = ("home", "suggestion", "discussion", "community", "new post")


def lighthouse() -> list[str]:
    """The command that runs it."""
    if shutil.which("lighthouse"):
        return ["lighthouse"]
    if shutil.which("npx"):
        return ["npx", "--yes", f"lighthouse@{VERSION}"]
    raise Missing("Lighthouse comes from npm: install Node.js, or put `lighthouse` on the path.")


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise Missing("Lighthouse needs Chromium on the path.")


def run(quick: bool, say: Say) -> list[Figure]:
    """Bytes of every page and four judgements of each; a quick run judges the three pages most people see first."""
    command, browser = lighthouse(), chromium()
    with scratch_database(), tempfile.TemporaryDirectory() as folder:
        say("the demo community, in a database of its own")
        load_demo(at=timezone.now())
        with site(Path(folder)) as address:
            pages = addresses()
            figures = [figure for name, path in pages.items() for figure in weights(name, address, path)]
            cookie = signed_in(Member.objects.get(email="fan@demo.sprout"))
            for name in WRITTEN_ON:
                figures += weights(f"{name}, signed in", address, pages[name], cookie)
            judged = dict(list(pages.items())[:3]) if quick else pages
            for name, path in judged.items():
                say(f"Lighthouse: {name}")
                figures += [
                    Figure(f"Lighthouse {category}: {name}", score, "", None, 94.999)
                    for category, score in judge(command, browser, address + path).items()
                ]
    return figures


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The site on the scratch database, with its assets packed and named by their hashes, as in production."""
    kept = dict(os.environ)
    os.environ |= {"DATABASE_URL": scratch_address(), "STATIC_ROOT": str(folder), "DEBUG": "0", "RATE_LIMITS": "off"}
    try:
        # In a process of its own: this one has read its settings already.
        packing = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(
            packing, check=True, env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
        )
        with running_site() as address:
            yield address
    finally:
        os.environ.clear()
        os.environ.update(kept)


def scratch_address() -> str:
    """The scratch database as this process reaches it, as its owner; a server's socket stays named in the query."""
    here, parts = connection.settings_dict, urlsplit(os.environ["DATABASE_URL"])
    who = ":".join(quote(str(here[key]), safe="") for key in ("USER", "PASSWORD") if here[key])
    return urlunsplit(parts._replace(netloc=f"{who}@{parts.netloc.rpartition('@')[2]}", path=f"/{here['NAME']}"))


def addresses() -> dict[str, str]:
    """The pages a visitor meets, the liveliest of each kind."""
    rows = Standing.objects.visible_to(None).listed()
    post = rows.suggestions().order_by("-comments")[0].post
    talk = rows.filter(kind=PostKind.DISCUSSION).order_by("-comments")[0].post
    return {
        "home": "/",
        "suggestions": "/suggestions/",
        "suggestion": post.get_absolute_url(),
        "discussion": talk.get_absolute_url(),
        "community": "/community/",
        "search": "/search/?q=battery",
        "sort": "/sort/",
        "roadmap": "/roadmap/",
        "release": Release.objects.shipped()[0].get_absolute_url(),
        "meetups": "/meetups/",
        "contests": "/contests/",
        "member": Member.objects.get(email="fan@demo.sprout").get_absolute_url(),
        "new post": "/posts/new/",
        "sign-in": "/accounts/login/",
    }


def signed_in(member: Member) -> str:
    """The cookie of a session of the member's."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(member.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def weights(name: str, address: str, path: str, cookie: str = "") -> Iterator[Figure]:
    """Kilobytes on the wire at a first visit, each file packed for itself."""
    page, floor = packed(address, path, cookie), packed(address, FLOOR)
    for kind, budget in BUDGETS.items():
        yield Figure(f"kB {kind}: {name}", page[kind], "kB", floor[kind], budget, more_is_better=False)


def packed(address: str, path: str, cookie: str = "") -> dict[str, float]:
    html = fetch(address + path, cookie)
    if cookie and b'id="bell"' not in html:
        raise Missing(f"{path} was to be weighed as a member sees it, and nobody is signed in.")
    sizes = {"html": _kilobytes(html), "css": 0.0, "js": 0.0}
    for link in set(LINKED.findall(html.decode())):
        sizes["css" if link.partition("?")[0].endswith(".css") else "js"] += _kilobytes(fetch(address + link))
    return sizes | {"all": sum(sizes.values())}


def fetch(url: str, cookie: str = "") -> bytes:
    request = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # our own address
            return bytes(answer.read())
    except urllib.error.HTTPError as refusal:
        return bytes(refusal.read())


def judge(command: list[str], browser: str, url: str) -> dict[str, float]:
    """Each category's score, 0 to 100."""
    asked = [*command, url, "--quiet", "--output=json", "--output-path=stdout", f"--only-categories={','.join(CATEGORIES)}"]
    environment = os.environ | {"CHROME_PATH": browser}
    flags = f"--chrome-flags={FLAGS}"
    # It loses a page's trace now and then, and says itself that it should be asked again.
    for _attempt in range(3):
        answer = subprocess.run([*asked, flags], capture_output=True, text=True, env=environment, timeout=300)
        if not answer.returncode:
            break
    else:
        raise Missing(f"Lighthouse could not judge {url}: {answer.stderr.strip().splitlines()[-1:]}")
    told = json.loads(answer.stdout)["categories"]
    return {category: (told[category]["score"] or 0) * 100 for category in CATEGORIES}


def _kilobytes(content: bytes) -> float:
    return len(gzip.compress(content, 6)) / 1000


BENCH = Bench("pages", run)
