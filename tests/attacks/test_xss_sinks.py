"""Nothing that somebody types can run: not on a page, not in a mail, not at the desk. Parsed, not searched for."""

import json
import re
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.utils import timezone

from community.deliveries import drain
from community.digest import draft_digests
from community.mail_threads import KIND
from community.mailings import send_batch
from community.members import edit_profile
from community.models import Tag
from community.reactions import react
from community.rendering import render
from feedback.models import RoadmapItem
from feedback.releases import draft_release, ship_release
from feedback.roadmap import plan_item
from feedback.triage import change_status, write_note
from tests.factories import make_board, make_comment, make_member, make_staff, make_suggestion, make_vote
from tests.feedback.desks import at_the_desk
from tests.letters import html_of
from tests.pictures import make_picture

pytestmark = pytest.mark.django_db
PAYLOADS = r"""
<script>alert(1)</script>
</script><script>alert(1)</script>
"><script>alert(1)</script>
'><script>alert(1)</script>
</title><script>alert(1)</script>
</textarea><script>alert(1)</script>
</style><script>alert(1)</script>
--><script>alert(1)</script>
<ScRiPt>alert(1)</sCrIpT>
<scr<script>ipt>alert(1)</script>
<script/src=//evil.example></script>
<script
>alert(1)</script>
<img src=x onerror=alert(1)>
"><img src=x onerror=alert(1)>
'><img src=x onerror=alert(1)>
<img src=x onerror="alert(1)"
<img/src/onerror=alert(1)>
<IMG SRC=JaVaScRiPt:alert(1)>
<svg onload=alert(1)>
<svg/onload=alert(1)//
<svg><script>alert(1)</script></svg>
<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>
<svg><animate onbegin=alert(1) attributeName=x>
<math><mi//xlink:href="data:x,<script>alert(1)</script>">
<body onload=alert(1)>
<input autofocus onfocus=alert(1)>
" autofocus onfocus=alert(1) x="
' autofocus onfocus=alert(1) x='
` onmouseover=alert(1) x=`
<details open ontoggle=alert(1)>
<video><source onerror=alert(1)>
<iframe src=javascript:alert(1)>
<iframe srcdoc="<script>alert(1)</script>">
<object data="data:text/html,<script>alert(1)</script>">
<embed src=javascript:alert(1)>
<form action=javascript:alert(1)><button>x
<base href=//evil.example/>
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<link rel=stylesheet href=//evil.example/x.css>
<style>*{background:url(//evil.example)}</style>
<a href=javascript:alert(1)>x</a>
<a href="java&#x0A;script:alert(1)">x</a>
[x](javascript:alert(1))
[x](JaVaScRiPt:alert(1))
[x](java&#115;cript:alert(1))
[x](javascript&colon;alert(1))
[x](&#x6A;avascript:alert(1))
[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)
[x](vbscript:msgbox(1))
[x](https://e.org "onmouseover=alert(1)")
[x](https://e.org"onmouseover="alert(1))
[x][1] [1]: javascript:alert(1)
<javascript:alert(1)>
<https://e.org/"onmouseover="alert(1)>
![x](x"onerror="alert(1))
![x](javascript:alert(1))
https://e.org/"onmouseover="alert(1)
`</code><script>alert(1)</script>`
{{ 7|add:7 }}{% now 'Y' %}<script>{{ x }}</script>
${alert(1)}#{alert(1)}<%= alert(1) %><script>
<x hx-on:load=alert(1) hx-get=//evil.example hx-trigger=load>
<div data-hx-get="//evil.example" data-hx-trigger="load">
<x x-init=alert(1) x-data="alert(1)" @click=alert(1)>
＜script＞alert(1)＜/script＞<script>alert(1)</script>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<table background=javascript:alert(1)><td><script>alert(1)
&lt;script&gt;alert(1)&lt;/script&gt;<script>alert(1)</script>
&#60;img src=x onerror=alert(1)&#62;
""".strip().splitlines()
AS_TEXT = "Fine. " + "\n\n".join(PAYLOADS)
ACTIVE = {"iframe", "object", "embed", "base", "math", "applet", "frame", "foreignobject", "animate"}
DATA = {"application/json", "application/ld+json"}  # no browser runs these
LIVELY = ("javascript:", "vbscript:", "data:text")


class Alive(HTMLParser):
    """Collects whatever could run. scripts: what our own pages bring along; nothing else may."""

    def __init__(self, html: str, *, admin: bool = False) -> None:
        super().__init__()
        self.admin, self.found = admin, []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        said = {name: value or "" for name, value in attributes}
        if tag in ACTIVE or (tag == "meta" and said.get("http-equiv", "").lower() == "refresh"):
            self.found.append((tag, said))
        data = said.get("type") in DATA
        if tag == "script" and not self.admin and not data and not said.get("src", "").startswith("/static/"):
            self.found.append((tag, said))
        self.found += [(tag, name, value) for name, value in said.items() if self._runs(name, value)]

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        if (
            self.lasttag == "script"
            and "alert(1)" in data
            and not any(kind in (self.get_starttag_text() or "") for kind in DATA)
        ):
            self.found.append(("script", data[:80]))

    def _runs(self, name: str, value: str) -> bool:
        squeezed = "".join(unquote(value).split()).lower()
        if name in (
            "href",
            "src",
            "action",
            "formaction",
            "xlink:href",
            "data",
            "poster",
            "background",
        ) and squeezed.startswith(LIVELY):
            return True
        mark = "alert(1)" in value or "evil.example" in value
        live = name.startswith(("on", "hx-", "data-hx-", "x-", "@", ":")) or name == "srcdoc"
        return (mark and live) or (name.startswith("on") and not self.admin)


def alive(html: str, **more) -> list:
    return Alive(html, **more).found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_text_is_rendered_so_that_nothing_in_it_runs(payload):
    html = render(f"Fine. {payload}") + render(payload)
    assert alive(html) == [] and "<script" not in html


SEEN_BY_THE_PARSER = [
    p for p in PAYLOADS if alive(f"<p>{p}</p>") or alive(f'<p title="{p}"></p>') or alive(f"<p title='{p}'></p>")
]


def test_the_parser_sees_what_would_run():
    """The control: put into a page as they are, most of these run (the others are for Markdown and templates)."""
    assert len(PAYLOADS) >= 60 and len(SEEN_BY_THE_PARSER) >= 40


@pytest.fixture
def infested(settings):
    """A site on which every text that anybody may give is an attack; one of them in each short text."""
    settings.RATE_LIMITS, now = False, timezone.now() - timedelta(hours=1)
    each = iter(SEEN_BY_THE_PARSER * 9)
    board = make_board("infested", name=next(each)[:60], about='"><img src=x onerror=alert(1)>')
    people = [make_member(next(each)[:60], username=f"nasty{number}") for number in range(6)]
    boss = make_staff(next(each)[:60], staff_title="'\"><script>alert(1)</script>", username="boss")
    for person in people:
        edit_profile(
            member=person, display_name=person.display_name, bio=next(each), language="en", time_zone="UTC", at=timezone.now()
        )
    wishes = []
    for number in range(12):
        author = people[number % 6]
        wish = make_suggestion(
            f"Wish {next(each)}"[:160], author=author, board=board, body=AS_TEXT, tags=[next(each)[:40]], at=now
        )
        make_vote(wish, people[(number + 1) % 6], at=now)
        for other in people[:4]:
            make_comment(wish.post, AS_TEXT if number == 0 else next(each), author=other, at=now)
        shot = make_picture(author, at=now)
        words = "".join(sign for sign in next(each) if sign not in "[]\n") or "x"
        make_comment(wish.post, f"@nasty{(number + 2) % 6} ![{words}]({shot.get_absolute_url()})", author=author, at=now)
        write_note(suggestion=wish, by=boss, body=AS_TEXT, at=now)
        change_status(suggestion=wish, to="planned", by=boss, answer=AS_TEXT, at=now)
        plan = {"title": next(each), "summary": next(each), "theme": next(each)[:40], "expected": next(each)[:40]}
        plan_item(product=board.product, by=boss, at=now, suggestions=[wish], **plan)
        wishes.append(wish)
    release = draft_release(
        product=board.product,
        version=next(each)[:40],
        title=next(each)[:120],
        by=boss,
        at=now,
        notes=AS_TEXT,
        suggestions=wishes[:3],
    )
    ship_release(release=release, by=boss, at=now)
    drain()
    return {"people": people, "boss": boss, "wishes": wishes, "release": release, "board": board}


@pytest.mark.parametrize("signed_in", [False, True])
def test_no_page_of_an_infested_site_runs_anything(client, infested, signed_in):
    if signed_in:
        client.force_login(infested["people"][1])
    paths = ["/", "/suggestions/", "/suggestions/?q=%22%3E%3Csvg/onload=alert(1)%3E&tag=%27%3E%3Cscript%3Ealert(1)", "/search/?q=<script>alert(1)</script>",
             "/posts/", "/posts/?kind=%22%3E%3Cscript%3E&author=%3Cscript%3Ealert(1)%3C/script%3E&tag=%3Cscript%3E", "/boards/infested/",
             "/community/", "/roadmap/?product=%22onload=alert(1)", "/releases/", infested["release"].get_absolute_url(), "/me/settings/", "/me/notices/", "/honours/",
             "/me/points/", "/posts/new/?title=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "/posts/similar/?title=Wish alert script", "/settings/look/?next=javascript:alert(1)",
             "/accounts/login/?next=javascript:alert(1)", "/nowhere/<script>alert(1)</script>/"]  # fmt: skip
    paths += [person.get_absolute_url() for person in infested["people"][:3]]
    paths += [f"/tags/{tag.slug}/" for tag in Tag.objects.all()[:5]]
    said = infested["wishes"][0].post.comments.first()
    react(member=infested["people"][0], sign="thanks", at=timezone.now(), comment=said)
    paths += [
        f"/comments/{said.pk}/",
        f"/comments/{said.pk}/answers/",
        f"/comments/{said.pk}/reactions/",
        f"/comments/{said.pk}/react/?sign=x",
    ]
    for wish in infested["wishes"][:3]:
        paths += [
            wish.post.get_absolute_url(),
            *(f"/posts/{wish.pk}/{act}/" for act in ("edit", "same", "vote", "follow", "comments/new")),
        ]
    found = {path: alive(client.get(path, follow=True).content.decode()) for path in paths}
    assert {path: what for path, what in found.items() if what} == {}


FEEDS = [
    "posts.atom",
    "suggestions.atom",
    "boards/infested.atom",
    "roadmap.atom",
    "releases.atom",
    "search.atom?q=%3Cscript%3Ealert",
]


def test_no_feed_of_an_infested_site_brings_anything_that_runs(client, infested):
    """A reader unpacks the text once and shows it as a page: titles are plain text, bodies are sanitised."""
    told = 0
    for path in [*FEEDS, f"posts/{infested['wishes'][0].pk}/comments.atom"]:
        answer = client.get(f"/feeds/{path}")
        feed = ElementTree.fromstring(answer.content)
        assert answer["X-Content-Type-Options"] == "nosniff" and "html" not in answer["Content-Type"]
        for part in feed.iter():
            assert part.get("type") in (None, "html", "application/atom+xml")
            assert not str(part.get("href", "")).startswith(LIVELY)
            if part.get("type") == "html":
                told += 1
                assert alive(part.text or "") == [], path
    assert told > 20


def test_what_a_post_tells_machines_stays_data(client, infested):
    for wish in infested["wishes"][:3]:
        page = client.get(wish.post.get_absolute_url()).content.decode()
        scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert len(scripts) == 2 and not any(sign in script for script in scripts for sign in "<>&")
        assert json.loads(scripts[0])["headline"] == wish.post.title
        described = re.search(r'<meta property="og:title" content="([^"]*)">', page)[1]
        assert unescape(described) == wish.post.title and "<" not in described


def test_no_page_of_the_desk_runs_anything(client, infested):
    at_the_desk(client, infested["boss"])
    item = RoadmapItem.objects.latest("pk")
    paths = [f"/admin/feedback/suggestion/{wish.pk}/change/" for wish in infested["wishes"][:3]]
    paths += ["/admin/", "/admin/feedback/suggestion/", "/admin/feedback/roadmapitem/", f"/admin/feedback/roadmapitem/{item.pk}/change/",
              "/admin/feedback/release/", f"/admin/feedback/release/{infested['release'].pk}/change/", "/admin/community/member/",
              "/admin/community/post/", "/admin/community/comment/", f"/admin/community/member/{infested['people'][0].pk}/change/",
              f"/admin/feedback/suggestion/{infested['wishes'][4].pk}/merge/?link={infested['wishes'][5].pk}"]  # fmt: skip
    found = {path: alive(client.get(path, follow=True).content.decode(), admin=True) for path in paths}
    assert {path: what for path, what in found.items() if what} == {}


def test_no_mail_runs_anything_and_no_header_is_smuggled_in(infested):
    send_batch(kind=KIND, at=timezone.now() + timedelta(minutes=10), size=500)
    week = "{}-W{:02d}".format(*(timezone.now() - timedelta(hours=1)).isocalendar()[:2])
    digests = [letter for _reader, letter in draft_digests(members=infested["people"], week_name=week)]
    letters = [*mail.outbox, *digests]
    assert len(mail.outbox) >= 6 and len(digests) == 6
    for letter in letters:
        assert alive(html_of(letter)) == []
        assert not any(
            "\n" in str(value) or "\r" in str(value) for value in (letter.subject, *letter.to, *letter.extra_headers.values())
        )


@pytest.mark.parametrize(
    "name",
    ["Mara\r\nBcc: all@evil.example", "Mara\nSubject: Won", "Mara\x00", "Ma\u2028ra\u2029", "\u202eMara", "a@evil.example, b"],
)
def test_a_name_is_one_line_in_every_header(name):
    reader, now = make_member("Mara"), timezone.now() - timedelta(hours=1)
    other = make_member("Other")
    post = make_suggestion("A wish", author=reader, at=now).post
    type(reader).objects.filter(pk__in=[reader.pk, other.pk]).update(display_name=name.replace("\x00", ""))
    make_comment(post, author=type(reader).objects.get(pk=other.pk), at=now)
    drain()
    send_batch(kind=KIND, at=timezone.now() + timedelta(minutes=10))
    [letter] = mail.outbox
    head = letter.message().as_bytes().partition(b"\n\n")[0].decode().lower()
    assert letter.recipients() == [reader.email] and "\nbcc:" not in head and head.count("\nsubject:") == 1


def test_the_api_answers_json_that_no_browser_takes_for_a_page(client, infested):
    for path in (
        "posts",
        f"posts/{infested['wishes'][0].pk}",
        f"posts/{infested['wishes'][0].pk}/comments",
        "roadmap",
        "releases",
        "boards",
        "members/nasty1",
    ):
        answer = client.get(f"/api/v1/{path}", HTTP_ACCEPT="text/html,*/*")
        assert answer["Content-Type"] == "application/json" and answer["X-Content-Type-Options"] == "nosniff"
    told = client.get("/api/v1/posts?limit=100").json()["results"]
    assert all(alive(post["body_html"]) == [] for post in told) and len(told) == 12


@pytest.mark.parametrize("path", ["/", "/suggestions/", "/roadmap/", "/nowhere/", "/accounts/login/"])
def test_a_page_forbids_scripts_of_others_and_being_framed(client, path, db):
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "base-uri 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"
