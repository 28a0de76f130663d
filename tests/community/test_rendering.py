"""Whatever people write, its HTML cannot run, is always the same, and comes in time."""

import time
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community import rendering
from community.refusals import Invalid

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "[x](vbscript:msgbox)",
    '<a href="javascript:alert(1)">x</a>',
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<style>*{display:none}</style>",
    '"><script>alert(1)</script>',
    "<math><mtext></p><script>alert(1)</script>",
    "[x](<javascript:alert(1)>)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "`<script>`<script>x</script>",
    "<div style='position:fixed'>x</div>",
    "<form action=/me/settings/><button>x</button></form>",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<a onclick=alert(1) href='https://e.org'>x</a>",
]


class Tags(HTMLParser):
    """The elements a browser would make of some HTML, with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_survives(text):
    for tag, attributes in Tags(rendering.render(rendering.check_source(text))).found:
        assert tag in rendering.TAGS
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        address = attributes.get("href") or attributes.get("src") or "https://"
        assert address.startswith(("http://", "https://", "mailto:"))


@given(st.text(max_size=400))
def test_rendering_is_steady_and_already_clean(text):
    html = rendering.render(text)
    assert html == rendering.render(text)
    assert nh3.clean(html, tags=rendering.TAGS, attributes=rendering.ATTRIBUTES, link_rel="nofollow ugc noopener") == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**bold** and _soft_", "<strong>bold</strong> and <em>soft</em>"),
        ("- a\n- b", "<li>a</li>"),
        ("# Loud", "<h3>Loud</h3>"),
        ("|a|b|\n|-|-|\n|1|2|", "<td>1</td>"),
        ("~~no~~", "<s>no</s>"),
        ("one\ntwo", "one<br>\ntwo"),
        ("see https://e.org/x?a=1&b=2.", 'href="https://e.org/x?a=1&amp;b=2"'),
        ("`https://e.org`", "<code>https://e.org</code>"),
    ],
)
def test_markdown_reads_as_people_mean_it(source, html):
    assert html in rendering.render(source)


def test_links_lend_no_weight_and_no_opener():
    assert 'rel="nofollow ugc noopener"' in rendering.render("[x](https://e.org)")


@pytest.mark.parametrize(
    "text", ["[" * 19_000, "*" * 19_000, "> " * 9_000, "`" * 19_000, "a_" * 9_000, "![" * 9_000, "<" * 19_000]
)
def test_adversarial_texts_are_refused_or_rendered_within_reason(text):
    started = time.process_time()
    try:
        rendering.render(rendering.check_source(text))
    except Invalid:
        return
    # A guard against runaway growth, far above what any of these takes.
    assert time.process_time() - started < 5


def test_a_preview_is_the_first_words_without_signs():
    assert rendering.plain("**Bold** text\n\n- list", 40) == "Bold text list"
    assert rendering.plain("word " * 100, 20) == "word word word word…"


SHOT = rendering.Picture(7, (480, 960), 960, 600)


def with_shot(source: str) -> str:
    return rendering.render(source, pictures={7: SHOT}, people={"mara": "mara"})


@pytest.mark.parametrize(
    "address", ["/pictures/7/", "/pictures/7/480.webp", "http://127.0.0.1:8000/pictures/7/"], ids=["short", "file", "whole"]
)
def test_our_own_pictures_are_shown_by_any_of_their_addresses(address, settings):
    settings.SITE_URL = "http://127.0.0.1:8000"
    html = with_shot(f"![A page]({address})")
    assert '<a href="/pictures/7/960.webp"' in html and 'alt="A page"' in html and 'src="/pictures/7/960.webp"' in html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("![x](https://e.org/a.png)", '<a href="https://e.org/a.png" rel="nofollow ugc noopener">x</a>'),
        ("![](https://e.org/a.png)", ">https://e.org/a.png</a>"),
        ("![x](/pictures/8/)", '<a href="/pictures/8/" rel="nofollow ugc noopener">x</a>'),
        ("[![x](https://e.org/a.png)](https://q.org)", '<a href="https://q.org" rel="nofollow ugc noopener">x</a>'),
        ("![x](//evil.example/pictures/7/480.webp)", '<a href="//evil.example/pictures/7/480.webp"'),
        ("`![x](/pictures/7/)`", "<code>![x](/pictures/7/)</code>"),
        ("[@mara](https://e.org)", ">@mara</a>"),
        ("`@mara`", "<code>@mara</code>"),
    ],
)
def test_what_is_not_this_texts_own_stays_a_link_or_words(source, html):
    assert html in with_shot(source) and "<img" not in with_shot(source) and "/members/" not in with_shot(source)


def test_a_picture_within_a_link_leads_where_the_link_leads():
    assert with_shot("[![x](/pictures/7/)](https://e.org)").count("<a ") == 1


@pytest.mark.parametrize(
    "text", [*HOSTILE, 'x" onerror="alert(1)', "](javascript:alert(1))", "<svg onload=alert(1)>", "&#34; onload=alert(1)"]
)
def test_words_for_a_picture_run_no_more_than_other_words(text):
    for tag, attributes in Tags(with_shot(f"![{text}](/pictures/7/) @mara {text}")).found:
        assert tag in rendering.TAGS and not [name for name in attributes if name.startswith("on") or name == "style"]
        if tag == "img":
            assert attributes["src"].startswith("/pictures/7/")


@given(st.text(max_size=120), st.text(max_size=80))
def test_whatever_is_typed_only_our_own_pictures_are_loaded(words, address):
    for tag, attributes in Tags(with_shot(f"![{words}]({address}) ![{words}](/pictures/7/)")).found:
        assert tag != "img" or (attributes["src"].startswith("/pictures/7/") and "//" not in attributes["srcset"])


def test_the_pictures_of_a_text_are_found_where_it_shows_them():
    text = (
        "![a](/pictures/7/) ![](/pictures/8/960.webp) `![x](/pictures/9/)` [x](/pictures/10/) ![b](https://e.org/pictures/11/)"
    )
    assert rendering.pictures_in(text) == {7: "a", 8: ""}


@pytest.mark.parametrize("text", ["@" * 19_000, "@a" * 9_000, "![](/pictures/7/)" * 390, "@a你" * 3000, "> " * 3000 + "@mara"])
def test_many_names_and_pictures_are_drawn_within_reason(text):
    started = time.process_time()
    with_shot(text)
    rendering.pictures_in(text)
    assert time.process_time() - started < 5
